package dev.sluice.control;

import dev.sluice.cluster.node.AnswerDesk;
import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.pool.Epoch;
import dev.sluice.cluster.pool.PoolState;
import dev.sluice.cluster.record.ConfigRevision;
import dev.sluice.cluster.record.ConfigTrial;
import dev.sluice.cluster.record.OwnedRows;
import dev.sluice.cluster.record.ProxyMember;
import dev.sluice.cluster.record.TrialResult;
import dev.sluice.cluster.table.RowSet;
import dev.sluice.cluster.zookeeper.ClusterStore;
import dev.sluice.cluster.zookeeper.Published;
import dev.sluice.cluster.zookeeper.Seen;
import dev.sluice.cluster.zookeeper.StoreException;
import dev.sluice.proto.cluster.v1.MalformedMessage;
import dev.sluice.proto.cluster.v1.ProxyAnswer;
import dev.sluice.proto.cluster.v1.ProxyQuestion;
import dev.sluice.proto.cluster.v1.TrafficReading;
import dev.sluice.proto.cluster.v1.UpstreamState;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Installs every generation it sees and reports the flows that the test gives it, until a deadline
 * passes.
 */
final class FakeProxy implements AutoCloseable {
    private static final RowSet EVERY_ROW = RowSet.of(IntStream.range(0, 65_536));

    private final String id;
    private final Address address;
    private final ClusterStore store;
    private final Published<ProxyMember> member;
    private final Map<String, Published<OwnedRows>> reports = new HashMap<>();
    private final Map<String, Long> installed = new TreeMap<>();
    private final AnswerDesk<ConfigTrial, TrialResult> trials;
    private final AnswerDesk<ProxyQuestion, ProxyAnswer> questions;
    private volatile List<UpstreamState> upstreams = List.of();
    private long flows;
    private long active;
    private long served;
    private boolean lagsBehind;
    private String complaint = "";
    private boolean frozen;
    private volatile List<String> refusal = List.of();
    private volatile List<String> warnings = List.of();

    FakeProxy(ClusterStore.Target target, String id, String address) {
        this.id = id;
        this.address = Address.parse(address);
        this.store = ClusterStore.of(target);
        this.member = store.members().publishProxyMember(id);
        this.trials = new AnswerDesk<>(id, store.trials(), new Clerk());
        this.questions = new AnswerDesk<>(id, store.proxyQuestions(), new Asked());
        trials.open();
        questions.open();
        store.pools().watch(this::onPool);
        store.config().watchActive(this::onRevision);
        store.start();
        publish();
    }

    private synchronized void onPool(Seen<PoolState> pool) {
        if (pool instanceof Seen.Value<PoolState>(String name, PoolState state, int version)) {
            installed.put(name, state.generation());
            reports.computeIfAbsent(name, n -> store.ownedRows().publish(n, id));
            if (state.live().stream().anyMatch(Epoch::expired)) {
                flows = 0;
            }
            publish();
        }
    }

    private synchronized void onRevision(Seen<ConfigRevision> revision) {
        if (revision instanceof Seen.Value<ConfigRevision> active) {
            this.active = active.value().number();
            publish();
        }
    }

    private synchronized void publish() {
        if (frozen) {
            return;
        }
        served = lagsBehind ? served : active;
        member.set(
                new ProxyMember(
                        id, address, "i1", "test", served, installed, flows, 0, problems()));
        reports.forEach((pool, report) ->
                report.set(
                        new OwnedRows(
                                id,
                                "i1",
                                installed.getOrDefault(pool, 0L),
                                true,
                                flows > 0 ? EVERY_ROW : RowSet.NONE,
                                flows,
                                1)));
    }

    private List<String> problems() {
        return lagsBehind && !complaint.isEmpty()
                ? List.of("configuration " + active + ": " + complaint)
                : List.of();
    }

    /**
     * Serves no other revision from now on, or the active one again.
     *
     * @param why what it says against the active one; may be empty
     */
    synchronized void lagBehind(boolean lags, String why) {
        lagsBehind = lags;
        complaint = why;
        publish();
    }

    /** Flows on rows where it is no longer open. */
    synchronized void hold(long heldFlows) {
        flows = heldFlows;
        publish();
    }

    /** Tells nothing new from now on, or again all it knows. */
    synchronized void freeze(boolean freeze) {
        frozen = freeze;
        publish();
    }

    /** What it says against configurations; none = it would serve them. */
    void refuse(String... problems) {
        refusal = List.of(problems);
    }

    /** Finds trials good, but has something to say from now on. */
    void warn(String... texts) {
        warnings = List.of(texts);
    }

    /** Leaves all later questions unanswered. */
    void fallSilent() {
        trials.close();
        questions.close();
    }

    /** What it says of its upstreams. */
    void know(UpstreamState... states) {
        upstreams = List.of(states);
    }

    private final class Asked implements AnswerDesk.Clerk<ProxyQuestion, ProxyAnswer> {
        @Override
        public ProxyAnswer answer(ProxyQuestion question) {
            String name = question.getUpstreams().getName();
            ProxyAnswer.Builder signed = ProxyAnswer.newBuilder().setProxy(id);
            if (question.hasMalformed()) {
                return signed.addMalformed(
                                MalformedMessage.newBuilder().setReason("garbage-for-" + id))
                        .build();
            }
            if (question.hasTraffic()) {
                return signed.setTraffic(
                                TrafficReading.newBuilder()
                                        .setAtNanos(System.nanoTime())
                                        .setConnections(4711))
                        .build();
            }
            return signed.addAllUpstreams(
                            upstreams.stream()
                                    .filter(one -> name.isEmpty() || name.equals(one.getName()))
                                    .toList())
                    .build();
        }

        @Override
        public ProxyAnswer unreadable(String problem) {
            return ProxyAnswer.newBuilder().setProxy(id).setProblem(problem).build();
        }
    }

    private final class Clerk implements AnswerDesk.Clerk<ConfigTrial, TrialResult> {
        @Override
        public TrialResult answer(ConfigTrial trial) {
            try {
                return store.config().text(trial.source()) instanceof Seen.Value<String>
                        ? new TrialResult(
                                refusal.stream().map(p -> trial.origin() + ": " + p).toList(),
                                warnings,
                                true)
                        : unreadable("no text");
            } catch (StoreException e) {
                return unreadable(e.toString());
            }
        }

        @Override
        public TrialResult unreadable(String problem) {
            return new TrialResult(List.of(problem));
        }
    }

    @Override
    public void close() {
        trials.close();
        questions.close();
        store.close();
    }
}
