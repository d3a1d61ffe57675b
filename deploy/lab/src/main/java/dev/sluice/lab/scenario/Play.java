package dev.sluice.lab.scenario;

import dev.sluice.lab.Await;
import dev.sluice.lab.Cluster;
import dev.sluice.lab.LabException;
import dev.sluice.lab.Node;
import dev.sluice.lab.Operator;
import dev.sluice.lab.Operator.ClusterView;
import dev.sluice.lab.Progress;
import dev.sluice.lab.Role;
import dev.sluice.lab.history.Event;
import dev.sluice.lab.history.History;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;

/**
 * What a script can do: begin and heal faults, ask for changes, wait; all of it is taken down. Its
 * randomness follows from the seed. Used by one thread.
 */
public final class Play {
    private static final Duration LOOK = Duration.ofMillis(150);
    private static final Duration CHANGE_LIMIT = Duration.ofSeconds(60);
    private static final Duration CHANGE_RETRY = Duration.ofMillis(250);

    private final Cluster cluster;
    private final Operator operator;
    private final Progress progress;
    private final History history;
    private final Random random;
    private final Optional<Duration> length;
    private final Faults faults;
    private final Deque<Running> running = new ArrayDeque<>();

    Play(Scenario.Stage stage, History history, Trial.Order order) {
        this.cluster = stage.cluster();
        this.operator = stage.operator();
        this.progress = stage.progress();
        this.history = history;
        this.random = new Random(order.seed());
        this.length = order.length();
        this.faults = new Faults(cluster);
    }

    /** A fault that lasts. */
    private static final class Running {
        final Fault fault;
        final long atMs;
        final String leader;
        OptionalLong detectedMs = OptionalLong.empty();

        Running(Fault fault, long atMs, String leader) {
            this.fault = fault;
            this.atMs = atMs;
            this.leader = leader;
        }
    }

    public Cluster cluster() {
        return cluster;
    }

    public Operator operator() {
        return operator;
    }

    public Faults faults() {
        return faults;
    }

    public Random random() {
        return random;
    }

    public History history() {
        return history;
    }

    public List<Node> nodes(Role role) {
        return cluster.topology().nodes(role);
    }

    /** How long a script without an end of its own goes on. */
    public Duration length(Duration usual) {
        return length.orElse(usual);
    }

    /** One of them, by the seed. */
    public <T> T any(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    /** Lets time pass under faults, and heals them in the reverse order. */
    public void during(Duration time, Fault... some) throws IOException, LabException {
        for (Fault fault : some) {
            begin(fault);
        }
        hold(time);
        healAll();
    }

    /** Lets time pass, and does something else meanwhile, under faults. */
    public void during(Script meanwhile, Fault... some) throws IOException, LabException {
        for (Fault fault : some) {
            begin(fault);
        }
        meanwhile.play(this);
        healAll();
    }

    private void begin(Fault fault) throws IOException, LabException {
        progress.step(fault.what());
        Running it =
                new Running(
                        fault,
                        history.nowMs(),
                        operator.look().map(ClusterView::leader).orElse(""));
        running.push(it);
        fault.strike().run();
    }

    /** Every fault that lasts; called once more when a script fails in the middle. */
    void healAll() throws IOException, LabException {
        while (!running.isEmpty()) {
            Running it = running.pop();
            progress.step("heal: " + it.fault.what());
            it.fault.heal().run();
            history.add(
                    new Event.Fault(
                            it.atMs,
                            history.nowMs(),
                            it.fault.what(),
                            it.fault.node().map(Node::name).orElse(""),
                            it.fault.budget().toMillis(),
                            List.copyOf(it.fault.excused()),
                            it.fault.strays(),
                            it.detectedMs));
        }
    }

    /** Lets time pass, and notes when the status shows what is wrong. */
    public void hold(Duration time) throws IOException {
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() - end < 0) {
            if (running.stream().anyMatch(it -> it.detectedMs.isEmpty())) {
                operator.look().ifPresent(this::notice);
            }
            long left = end - System.nanoTime();
            Await.pause(Duration.ofNanos(Math.clamp(left, 0, LOOK.toNanos())));
        }
    }

    private void notice(ClusterView view) {
        for (Running it : running) {
            if (it.detectedMs.isEmpty() && shows(view, it)) {
                it.detectedMs = OptionalLong.of(history.nowMs());
            }
        }
    }

    private static boolean shows(ClusterView view, Running it) {
        Optional<Node> node = it.fault.node();
        return node.isPresent()
                && switch (node.get().role()) {
                    case PROXY ->
                            view.proxy(node.get().name()).filter(p -> !p.healthy()).isPresent();
                    case DIRECTOR ->
                            view.directors().stream()
                                    .anyMatch(
                                            d -> d.id().equals(node.get().name()) && !d.present());
                    case CONTROL ->
                            it.leader.equals(node.get().name())
                                    && !view.leader().isEmpty()
                                    && !view.leader().equals(it.leader);
                    case ROUTER, CLIENT, ZOOKEEPER, UPSTREAM -> false;
                };
    }

    /** What an operator asks for; fails with the reason if it is refused. */
    public interface Request {
        void ask() throws IOException;
    }

    /** Asks again until it is accepted, and takes down how that went. */
    public void change(String what, Request request) throws IOException {
        long atMs = history.nowMs();
        List<String> refusals = new ArrayList<>();
        boolean accepted =
                Await.until(CHANGE_LIMIT, CHANGE_RETRY, () -> isAccepted(request, refusals));
        String refusal = accepted ? "" : refusals.getLast();
        progress.step(what + (accepted ? ": accepted" : ": refused, " + refusal));
        history.add(new Event.Change(atMs, history.nowMs(), what, refusal));
    }

    private static boolean isAccepted(Request request, List<String> refusals) {
        try {
            request.ask();
            return true;
        } catch (IOException e) {
            refusals.add(String.valueOf(e.getMessage()));
            return false;
        }
    }

    public void drain(Node proxy) throws IOException {
        change("drain " + proxy, () -> operator.drain(proxy.name()));
    }

    public void fill(Node proxy) throws IOException {
        change("fill " + proxy, () -> operator.fill(proxy.name()));
    }

    /** Returns when no change is open, or the limit has passed. */
    public boolean settle(Duration limit) throws IOException {
        return Await.until(
                limit, LOOK, () -> operator.look().filter(ClusterView::settled).isPresent());
    }

    /** Who leads; empty if nobody says. */
    public Optional<Node> leader() throws IOException {
        String leader = operator.look().map(ClusterView::leader).orElse("");
        return cluster.topology().find(leader);
    }

    public void say(String text) {
        progress.step(text);
    }
}
