package dev.sluice.engine.codec;

import dev.sluice.engine.http.Slowness;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.FileRegion;

import org.jspecify.annotations.Nullable;

/** Whether a connection still moves, and fast enough. Confined to its event loop. */
final class Progress {
    private final Channel channel;
    private final Pace readPace;
    private final Pace writePace;
    private long lastReadNanos;
    private long lastWriteNanos;
    private long readBytes;
    private long writtenBytes;
    private long seenWritten;
    private long seenPending;
    private @Nullable FileRegion sending;

    /** At any pace. */
    Progress(Channel channel) {
        this(channel, Pace.any(), Pace.any());
    }

    Progress(Channel channel, Pace readPace, Pace writePace) {
        this.channel = channel;
        this.readPace = readPace;
        this.writePace = writePace;
        reset();
    }

    void reset() {
        lastWriteNanos = now();
        writePace.interrupt();
        onTurn();
    }

    /** It is the other side's turn to send, from now on. */
    void onTurn() {
        lastReadNanos = now();
        readPace.interrupt();
    }

    void onRead(int bytes) {
        lastReadNanos = now();
        readBytes += bytes;
    }

    void onWrite(ByteBuf bytes) {
        writtenBytes += bytes.readableBytes();
    }

    /** One at a time. */
    void onWrite(FileRegion region) {
        writtenBytes += region.count();
        sending = region;
    }

    /** Looks whether either direction, as far as it is to move, stands still. */
    void lookForStops(Look look, long limitNanos, boolean reads) {
        long now = now();
        long pending = pendingBytes();
        if (pending == 0 || pending != seenPending || writtenBytes != seenWritten) {
            lastWriteNanos = now;
        }
        seenPending = pending;
        seenWritten = writtenBytes;
        look.note(limitNanos - (now - lastWriteNanos), Slowness.RESPONSE_STOPPED);
        if (reads) {
            look.note(limitNanos - (now - lastReadNanos), Slowness.REQUEST_STOPPED);
        }
    }

    /** Looks whether neither direction moves. */
    void lookAtTunnel(Look look, long limitNanos) {
        long pending = pendingBytes();
        if (pending != seenPending || writtenBytes != seenWritten) {
            lastWriteNanos = now();
        }
        seenPending = pending;
        seenWritten = writtenBytes;
        long last = Math.max(lastReadNanos, lastWriteNanos);
        look.note(limitNanos - (now() - last), Slowness.TUNNEL_STOPPED);
    }

    /** Looks whether they are too slow. */
    void lookAtPace(Look look, boolean reads) {
        long pending = pendingBytes();
        look.note(readPace.left(now(), readBytes, reads), Slowness.REQUEST_RATE);
        look.note(
                writePace.left(now(), writtenBytes - pending, pending > 0), Slowness.RESPONSE_RATE);
    }

    private long pendingBytes() {
        ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
        return buffer == null ? 0 : buffer.totalPendingWriteBytes() + unsentBytes();
    }

    /** Of a region, which weighs nothing among what waits to be written. */
    private long unsentBytes() {
        FileRegion region = sending;
        if (region == null) {
            return 0;
        }
        long left = region.count() - region.transferred();
        if (left == 0) {
            sending = null;
        }
        return left;
    }

    private long now() {
        return channel.eventLoop().ticker().nanoTime();
    }
}
