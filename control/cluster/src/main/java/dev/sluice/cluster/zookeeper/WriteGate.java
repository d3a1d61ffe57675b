package dev.sluice.cluster.zookeeper;

/**
 * Stands before every write of a store. For tests that count the writes of an operation, and that
 * stop a process before one of them.
 */
@FunctionalInterface
public interface WriteGate {
    WriteGate OPEN = what -> {};

    /**
     * Called by the writing thread before the write is sent; may block it, or fail it by throwing.
     *
     * @param what e.g. {@code write /sluice/lab/pools/web}
     */
    void beforeWrite(String what) throws Exception;
}
