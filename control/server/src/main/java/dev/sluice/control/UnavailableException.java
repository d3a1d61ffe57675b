package dev.sluice.control;

import java.io.Serial;

/** This process cannot serve the command now: ZooKeeper is away, or was not read yet. */
final class UnavailableException extends Exception {
    @Serial private static final long serialVersionUID = 1;

    UnavailableException(String message) {
        super(message);
    }
}
