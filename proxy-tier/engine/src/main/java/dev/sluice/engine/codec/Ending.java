package dev.sluice.engine.codec;

import dev.sluice.engine.http.Slowness;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;

import org.jspecify.annotations.Nullable;

/**
 * The end of a client's connection. What is written may take as long as its reader moves. If the
 * client may still be sending (in TLS it answers our end, RFC 8446 §6.1), closing makes the kernel
 * send a reset, which may overtake the response: so only our direction ends, and what still comes
 * is thrown away for a while.
 */
final class Ending {
    private static final int MAX_DISCARDED_BYTES = 256 << 10;

    private final Channel channel;
    private final Inflow inflow;
    private final ServerClock clock;
    private long discarded;
    private boolean allWritten;

    Ending(Channel channel, Inflow inflow, ServerClock clock) {
        this.channel = channel;
        this.inflow = inflow;
        this.clock = clock;
    }

    /**
     * Call once.
     *
     * @param unread whether the client may be sending
     */
    void begin(boolean unread) {
        clock.awaitClose();
        if (unread || Lingering.isAnswered(channel)) {
            inflow.release();
            inflow.resume();
            Lingering.shutdownOutput(channel, this::linger);
        } else {
            channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(_ -> channel.close());
        }
    }

    private void linger() {
        allWritten = true;
        clock.in(Lingering.NANOS);
    }

    /** What the client is too slow with, if it is; otherwise it is looked at again. */
    @Nullable Slowness look() {
        if (allWritten) {
            channel.close();
            return null;
        }
        Slowness slow = clock.lookAtExchange(false, false);
        if (slow != null) {
            channel.close();
        }
        return slow;
    }

    void discard(ByteBuf in) {
        discarded += in.readableBytes();
        in.skipBytes(in.readableBytes());
        if (discarded > MAX_DISCARDED_BYTES) {
            channel.close();
        }
    }
}
