package dev.sluice.cluster.zookeeper;

import java.io.Serial;

/**
 * ZooKeeper did not answer, or no longer knows this session, so that it is unknown whether a write
 * took place. Every write of this package may be repeated: those that could harm compare versions.
 */
public final class StoreException extends Exception {
    @Serial private static final long serialVersionUID = 1;

    StoreException(String message) {
        super(message);
    }

    StoreException(String message, Throwable cause) {
        super(message, cause);
    }
}
