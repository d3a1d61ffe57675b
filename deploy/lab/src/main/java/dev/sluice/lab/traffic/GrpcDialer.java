package dev.sluice.lab.traffic;

import java.io.IOException;

/** Opens channels of gRPC to the service under test. Thread-safe. */
@FunctionalInterface
public interface GrpcDialer {
    /** A new one, from the next client address; it connects with its first call. */
    GrpcConnection open() throws IOException;
}
