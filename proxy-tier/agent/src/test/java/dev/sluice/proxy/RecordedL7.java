package dev.sluice.proxy;

import dev.sluice.cluster.agent.ProxyHostEffect.Mode;
import dev.sluice.cluster.config.Problem;
import dev.sluice.cluster.l7.L7Config;
import dev.sluice.cluster.table.FlowKey;
import dev.sluice.engine.capture.Captures;
import dev.sluice.engine.upstream.UpstreamStatus;

import java.util.List;
import java.util.function.Predicate;

/** An engine that only remembers, and refuses when told to. */
final class RecordedL7 implements L7 {
    volatile L7Config served = L7Config.EMPTY;
    volatile Mode mode = Mode.SERVING;
    volatile List<FlowKey> accepted = List.of();
    volatile List<Problem> refusal = List.of();
    volatile List<Problem> warnings = List.of();
    volatile List<UpstreamStatus> upstreams = List.of();
    volatile List<Captures.Kept> malformed = List.of();

    @Override
    public List<Problem> apply(String origin, L7Config config) {
        if (refusal.isEmpty()) {
            served = config;
        }
        return refusal;
    }

    @Override
    public List<Problem> attempt(String origin, L7Config config) {
        return refusal;
    }

    @Override
    public List<Problem> warnings(String origin, L7Config config) {
        return warnings;
    }

    @Override
    public void serve(Mode wanted) {
        mode = wanted;
    }

    @Override
    public void reset(Predicate<FlowKey> flows) {
        accepted = accepted.stream().filter(flows.negate()).toList();
    }

    @Override
    public List<UpstreamStatus> upstreams() {
        return upstreams;
    }

    @Override
    public List<Captures.Kept> malformed() {
        return malformed;
    }

    @Override
    public List<String> problems() {
        return List.of();
    }

    @Override
    public Load load() {
        return new Load(7, 3);
    }

    @Override
    public void close() {}
}
