package dev.sluice.lab.traffic;

import java.io.IOException;

/** Bytes that nobody asked for. */
final class WrongBodyException extends IOException {
    private static final long serialVersionUID = 1;

    WrongBodyException(String message) {
        super(message);
    }
}
