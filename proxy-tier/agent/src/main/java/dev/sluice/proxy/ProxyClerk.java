package dev.sluice.proxy;

import dev.sluice.cluster.node.AnswerDesk;
import dev.sluice.engine.balance.EndpointStatus;
import dev.sluice.engine.upstream.UpstreamStatus;
import dev.sluice.proto.cluster.v1.EndpointState;
import dev.sluice.proto.cluster.v1.ProxyAnswer;
import dev.sluice.proto.cluster.v1.ProxyQuestion;
import dev.sluice.proto.cluster.v1.UpstreamState;

import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** Answers for a proxy; changes nothing. */
record ProxyClerk(String id, L7 l7) implements AnswerDesk.Clerk<ProxyQuestion, ProxyAnswer> {
    /** Of all upstreams together: an answer must fit into a node of ZooKeeper. */
    static final int MOST_ENDPOINTS = 2_000;

    /** Somewhat less than a node of ZooKeeper may have. */
    private static final int MOST_BYTES = 900_000;

    @Override
    public ProxyAnswer answer(ProxyQuestion question) {
        ProxyAnswer answer = answerAtLength(question);
        int bytes = answer.getSerializedSize();
        return bytes <= MOST_BYTES
                ? answer
                : signed().setProblem("the answer is too long: " + bytes + " bytes").build();
    }

    private ProxyAnswer answerAtLength(ProxyQuestion question) {
        return switch (question.getKindCase()) {
            case UPSTREAMS -> upstreams(question.getUpstreams().getName());
            case MALFORMED ->
                    signed().addAllMalformed(
                                    l7.malformed().stream().map(MalformedAnswer::of).toList())
                            .build();
            case TRAFFIC -> signed().setTraffic(l7.traffic()).build();
            case KIND_NOT_SET -> unreadable("it is of a kind that this version does not know");
        };
    }

    @Override
    public ProxyAnswer unreadable(String problem) {
        return signed().setProblem("cannot read the question: " + problem).build();
    }

    private ProxyAnswer.Builder signed() {
        return ProxyAnswer.newBuilder().setProxy(id);
    }

    private ProxyAnswer upstreams(String name) {
        ProxyAnswer.Builder answer = signed();
        int room = MOST_ENDPOINTS;
        for (UpstreamStatus upstream : l7.upstreams()) {
            if (name.isEmpty() || name.equals(upstream.name())) {
                int listed = Math.min(room, upstream.endpoints().size());
                answer.addUpstreams(state(upstream, listed));
                room -= listed;
            }
        }
        return answer.build();
    }

    private static UpstreamState state(UpstreamStatus upstream, int listed) {
        List<EndpointStatus> endpoints = upstream.endpoints();
        return UpstreamState.newBuilder()
                .setName(upstream.name())
                .setPanic(upstream.panic())
                .setRequests(upstream.requests())
                .setEjections(upstream.ejections())
                .setWaiting(upstream.waiting().now())
                .setTrouble(upstream.trouble())
                .addAllEndpoints(
                        endpoints.subList(0, listed).stream().map(ProxyClerk::state).toList())
                .setLeftOut(endpoints.size() - listed)
                .build();
    }

    private static EndpointState state(EndpointStatus endpoint) {
        return EndpointState.newBuilder()
                .setAddress(endpoint.address().toString())
                .setZone(endpoint.zone())
                .setWeight(endpoint.weight())
                .setUse(endpoint.use().name().toLowerCase(Locale.ROOT))
                .setInFlight(endpoint.inFlight())
                .setLatencyUs(TimeUnit.NANOSECONDS.toMicros(endpoint.latencyNanos()))
                .addAllWhy(endpoint.why())
                .build();
    }
}
