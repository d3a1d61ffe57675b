package dev.sluice.cluster.l7;

import dev.sluice.cluster.config.AddressBlock;
import dev.sluice.cluster.config.Scalar;
import dev.sluice.cluster.config.Scalars;
import dev.sluice.cluster.config.Section;
import dev.sluice.cluster.pool.Address;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Who tells of a client's address in front of its bytes (HAProxy's PROXY protocol), and to whom it
 * is told.
 *
 * @param from peers whose connections begin with a header, of either version; it is believed. All
 *     others' first bytes are the client's
 * @param send what the server's connection begins with; empty for nothing
 */
public record ProxyProtocol(List<AddressBlock> from, Optional<Version> send) {
    public static final ProxyProtocol NONE = new ProxyProtocol(List.of(), Optional.empty());

    public ProxyProtocol {
        from = List.copyOf(from);
    }

    static ProxyProtocol read(Section section) {
        return new ProxyProtocol(
                section.optionalList("from", Scalars.addressBlock()),
                section.maybe("send", version()));
    }

    static Scalar<Version> version() {
        return Scalars.oneOf(Version.BY_NAME, Version.NAMES);
    }

    /** For HTTP, whose servers are told about the client in each request. */
    static ProxyProtocol readFrom(Section section) {
        return new ProxyProtocol(
                section.optionalList("from", Scalars.addressBlock()), Optional.empty());
    }

    public boolean isExpectedFrom(Address peer) {
        for (AddressBlock block : from) {
            if (block.contains(peer)) {
                return true;
            }
        }
        return false;
    }

    /** Of the header: text or binary. */
    public enum Version {
        V1,
        V2;

        private static final List<String> NAMES = List.of("v1", "v2");
        private static final Map<String, Version> BY_NAME = Map.of("v1", V1, "v2", V2);
    }
}
