package dev.sluice.engine.discovery;

import java.util.List;

/** The answers to one question of DNS, in the order of the message. */
record DnsAnswer(List<Entry> entries) {
    DnsAnswer {
        entries = List.copyOf(entries);
    }

    /** A record of a kind that matters here. Units: seconds. */
    sealed interface Entry {
        long ttl();
    }

    /** A or AAAA. */
    record Host(byte[] address, long ttl) implements Entry {}

    record Alias(String target, long ttl) implements Entry {}

    /** SRV (RFC 2782). */
    record Service(int priority, int weight, int port, String target, long ttl) implements Entry {}
}
