package dev.sluice.datapath;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.sluice.cluster.packet.FlowVerdict;
import dev.sluice.cluster.pool.Bind.Protocol;
import dev.sluice.cluster.table.FlowKey;
import dev.sluice.datapath.bpf.BpfMap;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** {@code struct flow} to {@code struct watch} of watch.h. */
final class WatchMap {
    static final int MAX_FLOWS = 1024;
    private static final long CLIENT = 0;
    private static final long VIP = 16;
    private static final long CLIENT_PORT = 32;
    private static final long VIP_PORT = 34;
    private static final long PROTOCOL = 36;
    private static final long VERSION = 37;
    private static final int KEY_LENGTH = 40;
    private static final int TALLY_LENGTH = 16;

    private final BpfMap map;
    private final ConfigMap config;

    WatchMap(BpfMap map, ConfigMap config) {
        this.map = map;
        this.config = config;
    }

    /** Starts from zero; a flow watched already keeps its counts. */
    void watch(FlowKey flow) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment key = key(flow, arena);
            if (map.get(key, arena).isEmpty()) {
                requireRoom(flow);
                map.put(key, arena.allocate(map.valueSize(), 8));
            }
        }
        config.writeWatching(size());
    }

    private void requireRoom(FlowKey flow) {
        if (size() >= MAX_FLOWS) {
            throw new IllegalStateException(
                    "cannot watch " + flow + ": " + MAX_FLOWS + " flows are watched already");
        }
    }

    void unwatch(FlowKey flow) {
        try (Arena arena = Arena.ofConfined()) {
            map.remove(key(flow, arena));
        }
        config.writeWatching(size());
    }

    int size() {
        try (Arena arena = Arena.ofConfined()) {
            return map.keys(arena).size();
        }
    }

    List<WatchedFlow> read() {
        try (Arena arena = Arena.ofConfined()) {
            return map.keys(arena).stream()
                    .flatMap(k -> map.get(k, arena).map(v -> watched(k, v)).stream())
                    .toList();
        }
    }

    private static WatchedFlow watched(MemorySegment key, MemorySegment value) {
        Map<FlowVerdict, WatchedFlow.Tally> tallies = new EnumMap<>(FlowVerdict.class);
        FlowVerdict[] byNumber = FlowVerdict.values();
        for (int i = 0; i < byNumber.length; i++) {
            long at = (long) i * TALLY_LENGTH;
            tallies.put(
                    byNumber[i],
                    new WatchedFlow.Tally(
                            value.get(JAVA_LONG, at), value.get(JAVA_LONG, at + Long.BYTES)));
        }
        return new WatchedFlow(flow(key), tallies);
    }

    private static MemorySegment key(FlowKey flow, Arena arena) {
        MemorySegment key = arena.allocate(KEY_LENGTH, 8);
        Addresses.put(key, CLIENT, flow.source());
        Addresses.put(key, VIP, flow.destination());
        key.set(Addresses.PORT, CLIENT_PORT, (short) flow.sourcePort());
        key.set(Addresses.PORT, VIP_PORT, (short) flow.destinationPort());
        key.set(JAVA_BYTE, PROTOCOL, (byte) flow.protocol().number());
        key.set(JAVA_BYTE, VERSION, Addresses.version(flow.destination()));
        return key;
    }

    private static FlowKey flow(MemorySegment key) {
        int version = key.get(JAVA_BYTE, VERSION);
        Protocol protocol =
                key.get(JAVA_BYTE, PROTOCOL) == Protocol.TCP.number() ? Protocol.TCP : Protocol.UDP;
        return new FlowKey(
                protocol,
                Addresses.get(key, CLIENT, version),
                Addresses.port(key, CLIENT_PORT),
                Addresses.get(key, VIP, version),
                Addresses.port(key, VIP_PORT));
    }
}
