package dev.sluice.engine.codec;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;

/** Whether a connection still moves. Confined to its event loop. */
final class Progress {
    private final Channel channel;
    private long lastReadNanos;
    private long lastWriteNanos;
    private long writtenBytes;
    private long seenWritten;
    private long seenPending;

    Progress(Channel channel) {
        this.channel = channel;
        reset();
    }

    void reset() {
        lastReadNanos = now();
        lastWriteNanos = lastReadNanos;
    }

    void onRead() {
        lastReadNanos = now();
    }

    void onWrite(ByteBuf bytes) {
        writtenBytes += bytes.readableBytes();
    }

    /**
     * The time left until the connection counts as stalled; 0 or less if it does.
     *
     * @param reads whether the other side is the one to send
     */
    long left(long limitNanos, boolean reads) {
        long now = now();
        long pending = pendingBytes();
        if (pending == 0 || pending != seenPending || writtenBytes != seenWritten) {
            lastWriteNanos = now;
        }
        seenPending = pending;
        seenWritten = writtenBytes;
        long writeLeft = limitNanos - (now - lastWriteNanos);
        long readLeft = reads ? limitNanos - (now - lastReadNanos) : limitNanos;
        return Math.min(writeLeft, readLeft);
    }

    private long pendingBytes() {
        ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
        return buffer == null ? 0 : buffer.totalPendingWriteBytes();
    }

    private long now() {
        return channel.eventLoop().ticker().nanoTime();
    }
}
