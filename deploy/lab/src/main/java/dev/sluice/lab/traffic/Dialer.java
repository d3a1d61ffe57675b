package dev.sluice.lab.traffic;

import java.io.IOException;

/** Opens connections to the service under test. Thread-safe. */
@FunctionalInterface
public interface Dialer {
    /** A new connection, from the next client address. */
    HttpConnection connect() throws IOException;
}
