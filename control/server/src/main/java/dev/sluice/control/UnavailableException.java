package dev.sluice.control;

import java.io.Serial;

/** This process cannot serve the command now: ZooKeeper is away, or was not read yet. */
final class UnavailableException extends Exception {
    @Serial private static final long serialVersionUID = 1;

    UnavailableException(String message) {
        super(message);
    }

    /** Why a view that is not current does not do. */
    static UnavailableException of(ClusterView view) {
        return new UnavailableException(
                view.connected()
                        ? "the cluster's state is being read; try again"
                        : "no connection to ZooKeeper; what serves goes on serving");
    }
}
