package dev.sluice.engine.codec;

import dev.sluice.engine.http.Fields;
import dev.sluice.engine.http.Names;
import dev.sluice.engine.http.RequestHead;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;

/** Writes requests to an endpoint, each body framed as its head says; flushes nothing. */
final class RequestWriter {
    private final Channel channel;
    private boolean chunked;

    RequestWriter(Channel channel) {
        this.channel = channel;
    }

    void head(RequestHead head) {
        chunked = head.bodyLength() == RequestHead.UNKNOWN_LENGTH;
        Fields fields = head.fields();
        if (head.asksForTunnel()) {
            fields.set(Names.CONNECTION, "Upgrade");
            fields.set(Names.UPGRADE, head.upgrade());
        } else if (fields.has(Names.TE)) {
            fields.set(Names.CONNECTION, "TE");
        }
        if (chunked && !fields.has(Names.TRANSFER_ENCODING)) {
            fields.add(Names.TRANSFER_ENCODING, "chunked");
        }
        write(HeadWriter.request(channel.alloc(), head));
    }

    /** Takes ownership; there must be a byte to read. */
    void data(ByteBuf data) {
        if (!chunked) {
            write(data);
            return;
        }
        write(ChunkWriter.ahead(channel.alloc(), data.readableBytes()));
        write(data);
        write(ChunkWriter.behind());
    }

    void end(Fields trailers) {
        if (chunked) {
            write(ChunkWriter.end(channel.alloc(), trailers));
        }
    }

    private void write(ByteBuf bytes) {
        channel.write(bytes, channel.voidPromise());
    }
}
