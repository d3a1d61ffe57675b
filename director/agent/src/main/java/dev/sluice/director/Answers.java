package dev.sluice.director;

import dev.sluice.cluster.packet.DirectorCounter;
import dev.sluice.cluster.table.ChainReasons.Reason;
import dev.sluice.datapath.Counts;
import dev.sluice.datapath.Traffic;
import dev.sluice.proto.cluster.v1.DirectorCounters;
import dev.sluice.proto.cluster.v1.DirectorTrace;
import dev.sluice.proto.cluster.v1.PacketCount;
import dev.sluice.proto.cluster.v1.TraceHop;
import dev.sluice.proto.cluster.v1.TrafficCount;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What a director says about itself, as messages. Pure. */
final class Answers {
    /** A node of ZooKeeper is small; the rest is on /metrics. */
    static final int MAX_LISTED = 1000;

    private static final String NO_POOL = "";

    private Answers() {}

    static DirectorTrace of(Trace trace) {
        Trace.Program program = trace.program();
        DirectorTrace.Builder message =
                DirectorTrace.newBuilder()
                        .setVerdict(name(program.verdict()))
                        .setPool(program.pool().orElse(NO_POOL))
                        .setBind(program.bind().map(Object::toString).orElse(""))
                        .addAllDisagreements(trace.disagreements());
        if (program.forwards()) {
            message.setGeneration(program.generation())
                    .setHash("%016x".formatted(program.hash()))
                    .setRow(program.row())
                    .addAllChain(trace.hops().stream().map(Answers::hop).toList());
        }
        return message.build();
    }

    private static TraceHop hop(Reason hop) {
        return TraceHop.newBuilder()
                .setProxy(hop.proxy().id())
                .setAddress(hop.proxy().address().toString())
                .setOpen(hop.open())
                .setWhy(hop.why())
                .build();
    }

    static DirectorCounters of(Counts<DirectorCounter> counts) {
        DirectorCounters.Builder message =
                DirectorCounters.newBuilder()
                        .addAllBinds(traffic(counts.binds()))
                        .addAllHops(traffic(counts.hops()));
        message.addAllPackets(packets(NO_POOL, counts.unclaimed()));
        new TreeMap<>(counts.pools())
                .forEach((pool, packets) -> message.addAllPackets(packets(pool, packets)));
        return message.build();
    }

    private static List<PacketCount> packets(String pool, Map<DirectorCounter, Long> packets) {
        return packets.entrySet().stream()
                .filter(e -> e.getValue() > 0)
                .map(e ->
                        PacketCount.newBuilder()
                                .setPool(pool)
                                .setVerdict(name(e.getKey()))
                                .setPackets(e.getValue())
                                .build())
                .toList();
    }

    private static <K> Collection<TrafficCount> traffic(Map<K, Traffic> traffic) {
        return traffic.entrySet().stream()
                .map(e ->
                        TrafficCount.newBuilder()
                                .setName(e.getKey().toString())
                                .setPackets(e.getValue().packets())
                                .setBytes(e.getValue().bytes())
                                .build())
                .sorted(Comparator.comparing(TrafficCount::getName))
                .limit(MAX_LISTED)
                .toList();
    }

    private static String name(DirectorCounter verdict) {
        return verdict.name().toLowerCase(Locale.ROOT);
    }
}
