package dev.sluice.engine.compress;

import dev.sluice.cluster.l7.route.Compression.Coding;
import dev.sluice.engine.http.ClientFilter;
import dev.sluice.engine.http.ClientStream;
import dev.sluice.engine.http.Failure;
import dev.sluice.engine.http.Fields;
import dev.sluice.engine.http.Name;
import dev.sluice.engine.http.Names;
import dev.sluice.engine.http.RequestHead;
import dev.sluice.engine.http.ResponseHead;
import dev.sluice.engine.http.Vary;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.function.Consumer;

/**
 * Compresses a response as it passes. What comes out goes on at once, so that the client's pace is
 * the server's as ever; a flush takes all along that was written.
 */
final class CompressedStream extends ClientFilter {
    private static final int NOT_MODIFIED = 304;

    /** What they say is not true of the compressed form. */
    private static final List<Name> OF_PLAIN_FORM =
            List.of(
                    Names.CONTENT_LENGTH,
                    Name.of("accept-ranges"),
                    Name.of("content-md5"),
                    Name.of("digest"),
                    Name.of("content-digest"),
                    Name.of("repr-digest"));

    private final CompressionPolicy policy;

    /** That the client takes. */
    private final @Nullable Coding coding;

    private final CompressionLedger ledger;

    private @Nullable Compressor compressor;
    private boolean unflushed;

    CompressedStream(
            ClientStream next,
            CompressionPolicy policy,
            @Nullable Coding coding,
            CompressionLedger ledger) {
        super(next);
        this.policy = policy;
        this.coding = coding;
        this.ledger = ledger;
    }

    @Override
    public void respond(ResponseHead head) {
        boolean may = policy.isFor(head);
        // Of the response that is still good nothing is said but that.
        if (may || head.status() == NOT_MODIFIED) {
            Vary.on(head.fields(), Names.ACCEPT_ENCODING);
        }
        if (may && coding != null) {
            compressor = Compressors.ofLoop().take(coding, policy.effort());
            if (compressor == null) {
                ledger.onUncompressed();
            }
        }
        next.respond(compressor == null || coding == null ? head : compressed(head, coding));
    }

    private static ResponseHead compressed(ResponseHead head, Coding coding) {
        Fields fields = head.fields();
        OF_PLAIN_FORM.forEach(fields::remove);
        fields.set(Names.CONTENT_ENCODING, coding.token());
        String tag = fields.get(Names.ETAG);
        if (tag != null && tag.startsWith("\"")) {
            // RFC 9110 §8.8.1: equal in what it says, not in its bytes.
            fields.set(Names.ETAG, "W/" + tag);
        }
        return new ResponseHead(head.status(), head.phrase(), fields, RequestHead.UNKNOWN_LENGTH);
    }

    @Override
    public void data(ByteBuf data) {
        Compressor by = compressor;
        if (by == null) {
            next.data(data);
            return;
        }
        ByteBuf out = out(data.readableBytes() / 2);
        try {
            by.write(data, out);
        } finally {
            data.release();
        }
        unflushed = true;
        pass(out);
    }

    @Override
    public @Nullable Regions regions() {
        return compressor == null ? next.regions() : null;
    }

    private static ByteBuf out(int bytes) {
        return ByteBufAllocator.DEFAULT.directBuffer(Compressor.ROOM_BYTES + bytes);
    }

    private void pass(ByteBuf out) {
        if (out.isReadable()) {
            next.data(out);
        } else {
            out.release();
        }
    }

    @Override
    public void flush() {
        Compressor by = compressor;
        if (by != null && unflushed) {
            unflushed = false;
            ByteBuf out = out(0);
            by.flush(out);
            pass(out);
        }
        next.flush();
    }

    @Override
    public void end(Fields trailers) {
        Compressor by = compressor;
        if (by != null) {
            ByteBuf out = out(0);
            by.finish(out);
            pass(out);
            release();
        }
        next.end(trailers);
    }

    @Override
    public void fail(Failure failure, Consumer<Fields> page) {
        release();
        next.fail(failure, page);
    }

    @Override
    public void release() {
        Compressor by = compressor;
        if (by != null && coding != null) {
            compressor = null;
            Compressors.ofLoop().give(coding, policy.effort(), by);
        }
        next.release();
    }
}
