package dev.sluice.engine.tls;

/** What the first bytes of a connection are that must begin with TLS. */
public sealed interface HelloReading {

    /** More of them are needed. */
    record Partial() implements HelloReading {}

    /** No TLS, or none that is allowed. */
    record Refused(Alert alert, String why) implements HelloReading {}

    record Complete(ClientHello hello) implements HelloReading {}
}
