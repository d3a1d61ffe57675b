package dev.sluice.lab.traffic;

import java.io.IOException;

/** An answer came, and it is not the one that was wanted. */
final class StatusException extends IOException {
    private static final long serialVersionUID = 1;

    StatusException(int status) {
        this(Integer.toString(status));
    }

    /**
     * @param status with what was said of it
     */
    StatusException(String status) {
        super("answered " + status);
    }
}
