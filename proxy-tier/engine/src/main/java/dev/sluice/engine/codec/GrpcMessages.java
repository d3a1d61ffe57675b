package dev.sluice.engine.codec;

import io.netty.buffer.ByteBuf;

/**
 * Where the messages of a call of gRPC begin and end: each has a flag, four octets of length, and
 * so many octets. Between two of them a client may take its time, within one it may not. Confined
 * to an event loop.
 */
final class GrpcMessages {
    private static final int PREFIX_BYTES = 5;
    private static final int COMPRESSED = 1;

    private int prefixRead;
    private long length;
    private long left;
    private boolean broken;

    /** True if nothing is owed: every message that was begun is complete. */
    boolean isBetween() {
        return !broken && prefixRead == 0 && left == 0;
    }

    /**
     * Looks at the bytes that come next, and leaves them as they are.
     *
     * @return true if a message ended among them
     */
    boolean look(ByteBuf data) {
        boolean ended = false;
        for (int at = data.readerIndex(); at < data.writerIndex() && !broken; ) {
            if (left > 0) {
                long passed = Math.min(left, data.writerIndex() - at);
                left -= passed;
                at += (int) passed;
            } else {
                prefix(data.getUnsignedByte(at));
                at++;
            }
            ended |= isBetween();
        }
        return ended;
    }

    private void prefix(int octet) {
        // What has other flags is no gRPC, whatever it says of itself.
        broken = prefixRead == 0 && octet > COMPRESSED;
        length = prefixRead == 0 ? 0 : length << 8 | octet;
        prefixRead++;
        if (prefixRead == PREFIX_BYTES) {
            prefixRead = 0;
            left = length;
        }
    }
}
