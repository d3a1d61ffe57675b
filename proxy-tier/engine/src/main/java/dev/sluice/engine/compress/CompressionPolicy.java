package dev.sluice.engine.compress;

import dev.sluice.cluster.l7.route.Compression;
import dev.sluice.engine.http.ClientStream;
import dev.sluice.engine.http.Fields;
import dev.sluice.engine.http.Grpc;
import dev.sluice.engine.http.Names;
import dev.sluice.engine.http.RequestHead;
import dev.sluice.engine.http.ResponseHead;
import dev.sluice.engine.http.Tokens;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** A {@link Compression} made ready. Immutable. */
public final class CompressionPolicy {
    private static final String NO_TRANSFORM = "no-transform";

    private static final Compression.Effort LEAST = Compression.Effort.LOW;

    private final Compression compression;
    private final Set<String> types;

    /** With their slashes, for all that begin so. */
    private final List<String> families;

    public CompressionPolicy(Compression compression) {
        this.compression = compression;
        types =
                compression.types().stream()
                        .filter(type -> !type.endsWith("/*"))
                        .collect(Collectors.toUnmodifiableSet());
        families =
                compression.types().stream()
                        .filter(type -> type.endsWith("/*"))
                        .map(type -> type.substring(0, type.length() - 1))
                        .toList();
    }

    /** Why this host cannot do it; empty if it can. */
    public static Optional<String> problem(Compression compression) {
        try {
            compression.codings().forEach(coding -> Compressors.make(coding, LEAST).close());
            return Optional.empty();
        } catch (LinkageError e) {
            return Optional.of("cannot be done on this host: " + e.getMessage());
        }
    }

    /** What compresses the response, if it is one of those and the client takes it so. */
    public ClientStream before(ClientStream client, RequestHead head, CompressionLedger ledger) {
        Fields fields = head.fields();
        // Calls compress their messages one by one, or not.
        boolean never =
                head.asksForTunnel()
                        || Grpc.isCall(fields)
                        || Tokens.of(fields, Names.CACHE_CONTROL).contains(NO_TRANSFORM);
        return never ? client : new CompressedStream(client, this, coding(head), ledger);
    }

    private Compression.@Nullable Coding coding(RequestHead head) {
        return head.method().equals("HEAD")
                ? null
                : AcceptEncoding.choose(head.fields(), compression.codings());
    }

    /** Whether the response would be compressed for some client. */
    boolean isFor(ResponseHead head) {
        Fields fields = head.fields();
        return hasWhole(head.status())
                && (head.bodyLength() == RequestHead.UNKNOWN_LENGTH
                        || head.bodyLength() >= compression.minBytes())
                && !fields.has(Names.CONTENT_ENCODING)
                && !fields.has(Names.CONTENT_RANGE)
                && !Tokens.of(fields, Names.CACHE_CONTROL).contains(NO_TRANSFORM)
                && isListed(fields.get(Names.CONTENT_TYPE));
    }

    /** Of the thing itself: not nothing, nor a part of it. */
    private static boolean hasWhole(int status) {
        return status >= 200 && status != 204 && status != 205 && status != 206 && status != 304;
    }

    private boolean isListed(@Nullable String written) {
        if (written == null) {
            return false;
        }
        int end = written.indexOf(';');
        String type = (end < 0 ? written : written.substring(0, end)).strip();
        String lower = type.toLowerCase(Locale.ROOT);
        if (types.contains(lower)) {
            return true;
        }
        for (String family : families) {
            if (lower.startsWith(family)) {
                return true;
            }
        }
        return false;
    }

    Compression.Effort effort() {
        return compression.effort();
    }
}
