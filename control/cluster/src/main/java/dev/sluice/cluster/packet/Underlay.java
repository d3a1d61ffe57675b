package dev.sluice.cluster.packet;

import dev.sluice.cluster.pool.Address;

import java.util.Optional;

/**
 * A host's addresses on the network between directors and proxy hosts: one of a family or both.
 *
 * @param mtu bytes of the largest IP packet that the underlay carries; 0: no limit
 */
public record Underlay(Optional<Address> ipv4, Optional<Address> ipv6, int mtu) {

    public Underlay {
        if (ipv4.isEmpty() && ipv6.isEmpty()) {
            throw new IllegalArgumentException("a host has an address on the underlay");
        }
        if (ipv4.filter(a -> !a.isIpv4()).isPresent() || ipv6.filter(Address::isIpv4).isPresent()) {
            throw new IllegalArgumentException(ipv4 + " and " + ipv6 + ": mixed up");
        }
        if (mtu < 0) {
            throw new IllegalArgumentException("an MTU of " + mtu);
        }
    }

    /** One address, and no limit. */
    public static Underlay of(Address address) {
        return address.isIpv4()
                ? new Underlay(Optional.of(address), Optional.empty(), 0)
                : new Underlay(Optional.empty(), Optional.of(address), 0);
    }

    public Underlay withMtu(int bytes) {
        return new Underlay(ipv4, ipv6, bytes);
    }

    /** With an address of the other family beside. */
    public Underlay and(Address other) {
        return other.isIpv4()
                ? new Underlay(Optional.of(other), ipv6, mtu)
                : new Underlay(ipv4, Optional.of(other), mtu);
    }

    public boolean has(Address address) {
        return ipv4.filter(address::equals).isPresent() || ipv6.filter(address::equals).isPresent();
    }

    /**
     * The address that packets to a host of that family have as source.
     *
     * @throws IllegalArgumentException if there is none
     */
    public Address towards(Address host) {
        return (host.isIpv4() ? ipv4 : ipv6)
                .orElseThrow(() ->
                        new IllegalArgumentException(
                                "this host has no address of the family of "
                                        + host
                                        + " on the underlay"));
    }
}
