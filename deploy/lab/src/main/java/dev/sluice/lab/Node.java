package dev.sluice.lab;

/**
 * One host of the lab: a network namespace with one link to the router.
 *
 * @param number from 1; 1 for the roles that exist once
 */
public record Node(Role role, int number) {

    public String name() {
        return role.isNumbered() ? role.word() + "-" + number : role.word();
    }

    /** Its underlay address; every node has a /24 of its own towards the router. */
    public String address() {
        return block() + ".10";
    }

    /** The router's address on that /24. */
    public String gateway() {
        return block() + ".1";
    }

    /** Of hosts on the way of clients' IPv6 packets, which have a /64 each towards the router. */
    public String address6() {
        return block6() + "::10";
    }

    /** The router's address on that /64. */
    public String gateway6() {
        return block6() + "::1";
    }

    /** What the router calls the link to this node. */
    public String routerDevice() {
        return name();
    }

    /** The third octet of its /24: no other node's. */
    public int subnet() {
        return role.firstSubnet() + number;
    }

    private String block() {
        return "198.18." + subnet();
    }

    private String block6() {
        return "2001:db8:1:" + subnet();
    }

    @Override
    public String toString() {
        return name();
    }
}
