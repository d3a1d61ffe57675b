package dev.sluice.engine.codec;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;

/**
 * The end of a client's connection that may still be sending. Closing with unread bytes makes the
 * kernel send a reset, which may overtake the response: so only our direction ends, and what still
 * comes is thrown away for a while.
 */
final class Ending {
    private static final int MAX_DISCARDED_BYTES = 256 << 10;

    private final Channel channel;
    private final Inflow inflow;
    private final ServerClock clock;
    private long discarded;

    Ending(Channel channel, Inflow inflow, ServerClock clock) {
        this.channel = channel;
        this.inflow = inflow;
        this.clock = clock;
    }

    void lingering() {
        inflow.release();
        inflow.resume();
        clock.in(Lingering.NANOS);
        Lingering.shutdownOutput(channel);
    }

    void discard(ByteBuf in) {
        discarded += in.readableBytes();
        in.skipBytes(in.readableBytes());
        if (discarded > MAX_DISCARDED_BYTES) {
            channel.close();
        }
    }
}
