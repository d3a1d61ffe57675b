package dev.sluice.engine.exchange;

/**
 * How long a request spent where. Units: nanoseconds; {@link #NEVER} for what it did not get to.
 *
 * @param queue from its head to the first connect: buffering, and places to wait for
 * @param connect until there was a connection; of the attempt that had one
 * @param firstByte from there to the head of the response
 * @param total from its head to its end
 */
public record Timings(long queue, long connect, long firstByte, long total) {
    public static final long NEVER = -1;

    /** From the request's head to the response's. */
    public long answered() {
        return firstByte == NEVER ? NEVER : queue + connect + firstByte;
    }
}
