package dev.sluice.proxy;

import dev.sluice.engine.Engine;
import dev.sluice.engine.Figures;
import dev.sluice.engine.balance.EndpointStatus;
import dev.sluice.engine.capture.Capture;
import dev.sluice.engine.log.Latencies;
import dev.sluice.engine.log.Traffic;
import dev.sluice.engine.upstream.UpstreamStatus;
import dev.sluice.proto.cluster.v1.TrafficReading;
import dev.sluice.proto.cluster.v1.UpstreamTraffic;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;

/** What a proxy counted, as operators hear of it: they subtract one reading from the next. */
final class TrafficAnswer {
    private static final double MICROS_PER_SECOND = 1e6;

    private TrafficAnswer() {}

    /** Of a server that tells no more. */
    static TrafficReading of(L7.Load load) {
        return begin(load).build();
    }

    static TrafficReading of(L7.Load load, Engine engine) {
        Figures figures = engine.figures();
        TrafficReading.Builder reading =
                begin(load)
                        .setRetries(figures.retries().values().stream().mapToLong(n -> n).sum())
                        .setMalformedRequests(figures.captures().count(Capture.Side.REQUEST))
                        .setMalformedResponses(figures.captures().count(Capture.Side.RESPONSE));
        Map<String, UpstreamTraffic.Builder> upstreams = new TreeMap<>();
        engine.upstreams().forEach(status -> upstreams.put(status.name(), state(status)));
        figures.traffic()
                .forEach((name, counted) ->
                        add(
                                upstreams.computeIfAbsent(
                                        name, _ -> UpstreamTraffic.newBuilder().setName(name)),
                                counted));
        upstreams.values().forEach(reading::addUpstreams);
        return reading.build();
    }

    private static TrafficReading.Builder begin(L7.Load load) {
        return TrafficReading.newBuilder()
                .setAtNanos(System.nanoTime())
                .setConnections(load.connections())
                .setRequestsInFlight(load.requestsInFlight());
    }

    private static UpstreamTraffic.Builder state(UpstreamStatus upstream) {
        return UpstreamTraffic.newBuilder()
                .setName(upstream.name())
                .setRequests(upstream.requests())
                .setEndpoints(upstream.endpoints().size())
                .setEjected(count(upstream, EndpointStatus.Use.EJECTED))
                .setUnwell(count(upstream, EndpointStatus.Use.UNWELL))
                .setPanic(upstream.panic());
    }

    private static int count(UpstreamStatus upstream, EndpointStatus.Use use) {
        return (int) upstream.endpoints().stream().filter(one -> one.use() == use).count();
    }

    private static void add(UpstreamTraffic.Builder upstream, Traffic.Reading counted) {
        Latencies.Reading latencies = counted.latencies();
        upstream.setErrors(counted.byStatus().getOrDefault("5xx", 0L))
                .setTotal(counted.byStatus().values().stream().mapToLong(n -> n).sum())
                .addAllBoundsUs(
                        DoubleStream.of(latencies.bounds())
                                .mapToObj(bound -> Math.round(bound * MICROS_PER_SECOND))
                                .toList())
                .addAllCounts(LongStream.of(latencies.counts()).boxed().toList());
    }
}
