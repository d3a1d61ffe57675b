package dev.sluice.datapath;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.sluice.cluster.pool.Address;
import dev.sluice.datapath.bpf.BpfMap;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashSet;
import java.util.Set;

/** {@code peers} of arrival.h: who may send encapsulated packets. */
final class PeerMap {
    private static final long VERSION = Addresses.LENGTH;
    private static final int LENGTH = Addresses.LENGTH + 4;

    private final BpfMap map;

    PeerMap(BpfMap map) {
        this.map = map;
    }

    Set<Address> read() {
        try (Arena arena = Arena.ofConfined()) {
            Set<Address> peers = new HashSet<>();
            for (MemorySegment key : map.keys(arena)) {
                peers.add(Addresses.get(key, 0, key.get(JAVA_INT, VERSION)));
            }
            return peers;
        }
    }

    /** New ones first, so that nobody who stays is ever missing. */
    void write(Set<Address> peers) {
        Set<Address> before = read();
        try (Arena arena = Arena.ofConfined()) {
            for (Address peer : peers) {
                if (!before.contains(peer)) {
                    map.put(key(peer, arena), arena.allocateFrom(JAVA_INT, 1));
                }
            }
            for (Address peer : before) {
                if (!peers.contains(peer)) {
                    map.remove(key(peer, arena));
                }
            }
        }
    }

    private static MemorySegment key(Address peer, Arena arena) {
        MemorySegment key = arena.allocate(LENGTH, 4);
        Addresses.put(key, 0, peer);
        key.set(JAVA_INT, VERSION, Addresses.version(peer));
        return key;
    }
}
