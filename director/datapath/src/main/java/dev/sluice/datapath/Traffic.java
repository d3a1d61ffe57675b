package dev.sluice.datapath;

/**
 * What a director forwarded.
 *
 * @param bytes of clients' IP packets, without outer headers
 */
public record Traffic(long packets, long bytes) {
    Traffic plus(Traffic other) {
        return new Traffic(packets + other.packets, bytes + other.bytes);
    }
}
