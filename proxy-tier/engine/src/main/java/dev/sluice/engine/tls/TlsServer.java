package dev.sluice.engine.tls;

import dev.sluice.cluster.config.Problem;
import dev.sluice.cluster.l7.HttpVersion;
import dev.sluice.cluster.l7.Tls;
import dev.sluice.engine.http.Security;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

import javax.net.ssl.SSLSession;

/**
 * Terminates TLS for a listener. Its files may be replaced while it serves: see {@link #refresh}.
 * Connections keep the certificate and the terms that they began with.
 */
public final class TlsServer {
    public static final int MAX_CLIENT_HELLO_BYTES = 16 << 10;

    private final ContextLoader loader;

    /** Written by {@link #refresh}, read once at the start of each handshake. */
    private volatile Contexts contexts;

    /** What the files looked like when they were last read; guarded by this. */
    private FileStamps stamps;

    private TlsServer(ContextLoader loader, FileStamps stamps, Contexts contexts) {
        this.loader = loader;
        this.stamps = stamps;
        this.contexts = contexts;
    }

    /**
     * Reads the files; not for event loops.
     *
     * @param path of the configuration's section
     * @param versions offered to the client, the preferred one first; none where HTTP is not spoken
     * @return empty if a problem was reported
     */
    public static Optional<TlsServer> load(
            String origin,
            String path,
            Tls tls,
            List<HttpVersion> versions,
            Consumer<Problem> problems) {
        return load(new ContextLoader(origin, path, tls, versions, Provider.best()), problems);
    }

    static Optional<TlsServer> load(
            String origin, String path, Tls tls, SslProvider provider, Consumer<Problem> problems) {
        return load(new ContextLoader(origin, path, tls, List.of(), provider), problems);
    }

    private static Optional<TlsServer> load(ContextLoader loader, Consumer<Problem> problems) {
        FileStamps stamps = FileStamps.of(loader.tls().files());
        return loader.load(problems).map(contexts -> new TlsServer(loader, stamps, contexts));
    }

    /** What became of the files. */
    public sealed interface Refresh {}

    /** They are as they were. */
    public record Unchanged() implements Refresh {}

    /** New connections get what is in them now. */
    public record Replaced() implements Refresh {}

    /** They are not fit to serve; what was served before still is. */
    public record Refused(List<Problem> problems) implements Refresh {}

    /**
     * Reads the files again if one of them was changed, or replaced, or a link on the way to it
     * was. Blocks: not for event loops.
     */
    public synchronized Refresh refresh() {
        FileStamps now = FileStamps.of(loader.tls().files());
        if (now.equals(stamps)) {
            return new Unchanged();
        }
        stamps = now;
        List<Problem> problems = new ArrayList<>();
        Optional<Contexts> next = loader.load(problems::add);
        next.ifPresent(fit -> contexts = fit);
        return next.isPresent() ? new Replaced() : new Refused(List.copyOf(problems));
    }

    /** When certificates that are served end. */
    public record Expiry(String file, Instant notAfter) {}

    /** Of each certificate, in the order of the configuration. */
    public List<Expiry> expiries() {
        return contexts.all().stream()
                .map(served -> new Expiry(served.file(), served.leaf().getNotAfter().toInstant()))
                .toList();
    }

    /** What a client gets; null if it is to be refused. */
    public @Nullable Handshake begin(ClientHello hello) {
        Contexts now = contexts;
        Served served = now.choose(hello);
        return served == null ? null : new Handshake(served, now);
    }

    /** One client's. */
    public static final class Handshake {
        private final Served served;
        private final Contexts terms;

        private Handshake(Served served, Contexts terms) {
            this.served = served;
            this.terms = terms;
        }

        /** For the head of the connection's pipeline. */
        public SslHandler handler(ByteBufAllocator buffers) {
            return served.handler(buffers);
        }

        /** Once it is over; null if the client did not prove what it must. */
        public @Nullable Security verify(SSLSession session) {
            return served.verify(session, terms);
        }
    }
}
