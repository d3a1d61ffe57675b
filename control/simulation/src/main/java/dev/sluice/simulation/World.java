package dev.sluice.simulation;

import dev.sluice.cluster.hash.SipHash;
import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.pool.Bind;
import dev.sluice.cluster.pool.Epoch;
import dev.sluice.cluster.pool.PoolSpec;
import dev.sluice.cluster.pool.PoolSpec.HashField;
import dev.sluice.cluster.pool.PoolState;
import dev.sluice.cluster.pool.Proxy;
import dev.sluice.cluster.table.ChainTable;
import dev.sluice.cluster.table.ForwardingTable;
import dev.sluice.cluster.table.RowSet;
import dev.sluice.cluster.transition.Change;
import dev.sluice.cluster.transition.ChangeQueue;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Everything of one run, wired. */
final class World {
    private static final int WEIGHT = 100;
    private static final String QUEUED = "(queued)";

    /** Machines that the pool does not know at the start. */
    private static final int SPARE = 1;

    private static final long ELECTION_NANOS = Nanos.seconds(2);

    private final long seed;
    private final Checks checks;
    private final Scheduler scheduler = new Scheduler();
    private final Trace trace;
    private final Recorder recorder;
    private final Ensemble ensemble = new Ensemble();
    private final Boundary boundary;
    private final DoctoredFacts doctor;
    private final Invariants invariants;
    private final Announced announced = new Announced(this);
    private final GlbPromise glbPromise = new GlbPromise(this);
    private final Router router;
    private final Network network;
    private final Clients clients;
    private final Operator operator = new Operator(this);
    private final Incidents incidents;
    private final List<DirectorHost> directors = new ArrayList<>();
    private final List<ProxyHost> proxies = new ArrayList<>();
    private final List<Controller> controllers = new ArrayList<>();
    private final Map<Address, ProxyHost> byAddress = new LinkedHashMap<>();
    private final ChainTable tables = new ChainTable();
    private final Map<Long, Known> known = new TreeMap<>();
    private final Map<String, Integer> accepted = new TreeMap<>();
    private final Set<Connection> leftovers = new HashSet<>();
    private final Dice dice;
    private @Nullable Controller leader;
    private long steps;

    /** A generation's state and table. */
    private record Known(PoolState state, ForwardingTable table) {}

    World(
            long seed,
            Scenario scenario,
            Set<Guard> off,
            Checks checks,
            boolean traced,
            int historyLimit) {
        this.seed = seed;
        this.checks = checks;
        this.trace = new Trace(traced, scheduler);
        this.recorder = new Recorder(historyLimit);
        this.boundary = new Boundary(this, off);
        this.doctor = new DoctoredFacts(this, boundary);
        this.invariants = new Invariants(this);
        this.router = new Router(this);
        this.network = new Network(this, scenario.weather());
        this.incidents = new Incidents(this);
        this.dice = dice("world");
        PoolSpec spec = spec(scenario);
        this.clients = new Clients(this, spec, scenario.traffic());
        for (int i = 1; i <= scenario.directors(); i++) {
            directors.add(new DirectorHost(this, "director-" + i, Address.parse("198.18.10." + i)));
        }
        for (int i = 1; i <= scenario.proxies() + SPARE; i++) {
            ProxyHost proxy = new ProxyHost(this, "proxy-" + i, Address.parse("198.18.20." + i));
            proxies.add(proxy);
            byAddress.put(proxy.address(), proxy);
        }
        for (int i = 1; i <= scenario.controllers(); i++) {
            controllers.add(new Controller(this, "control-" + i));
        }
        ensemble.put(Paths.POOL, founded(spec, scenario), Ensemble.PERSISTENT);
        ensemble.put(Paths.QUEUE, ChangeQueue.EMPTY, Ensemble.PERSISTENT);
        ensemble.watchPool(state -> {
            table(state);
            announced.written(state);
        });
    }

    private PoolSpec spec(Scenario scenario) {
        Dice keys = dice("keys");
        return new PoolSpec(
                        scenario.wire(),
                        new SipHash.Key(keys.number(), keys.number()),
                        new SipHash.Key(keys.number(), keys.number()),
                        Set.of(HashField.values()),
                        List.of(Bind.tcp(Clients.VIP, Clients.PORT)))
                .withRows(scenario.rows());
    }

    private PoolState founded(PoolSpec spec, Scenario scenario) {
        List<Epoch.Member> view =
                proxies.stream()
                        .limit(scenario.members())
                        .map(p -> new Epoch.Member(p.id(), WEIGHT))
                        .toList();
        List<Proxy> registered =
                proxies.stream()
                        .limit(scenario.proxies())
                        .map(p ->
                                new Proxy(
                                        p.id(),
                                        p.address(),
                                        view.stream().anyMatch(m -> m.proxy().equals(p.id()))
                                                ? Proxy.State.ACTIVE
                                                : Proxy.State.JOINING,
                                        WEIGHT))
                        .toList();
        Epoch first = new Epoch(1, view, 1, 1, 0, 0, false);
        PoolState state =
                new PoolState(
                        Paths.POOL_NAME, 1, spec, registered, List.of(first), Optional.empty(), 2);
        table(state);
        return state;
    }

    void start(List<Incident> what) {
        proxies.forEach(ProxyHost::start);
        directors.forEach(d -> d.start(0));
        controllers.forEach(Controller::start);
        elect();
        after(Nanos.seconds(2), clients::start);
        incidents.schedule(what);
    }

    void repair() {
        incidents.repairAll();
    }

    Checks checks() {
        return checks;
    }

    Scheduler scheduler() {
        return scheduler;
    }

    long nowNanos() {
        return scheduler.nowNanos();
    }

    void after(long delayNanos, Runnable action) {
        scheduler.after(delayNanos, action);
    }

    void at(long atNanos, Runnable action) {
        scheduler.at(atNanos, action);
    }

    Dice dice(String name) {
        return Dice.of(seed, name);
    }

    Trace trace() {
        return trace;
    }

    Recorder recorder() {
        return recorder;
    }

    Ensemble ensemble() {
        return ensemble;
    }

    Boundary boundary() {
        return boundary;
    }

    DoctoredFacts doctor() {
        return doctor;
    }

    Invariants invariants() {
        return invariants;
    }

    Announced announced() {
        return announced;
    }

    GlbPromise glbPromise() {
        return glbPromise;
    }

    Router router() {
        return router;
    }

    Network network() {
        return network;
    }

    Operator operator() {
        return operator;
    }

    Clients clients() {
        return clients;
    }

    List<DirectorHost> directors() {
        return directors;
    }

    List<ProxyHost> proxies() {
        return proxies;
    }

    List<Controller> controllers() {
        return controllers;
    }

    ProxyHost proxyAt(Address address) {
        ProxyHost host = byAddress.get(address);
        if (host == null) {
            throw new IllegalStateException("no proxy host has the address " + address);
        }
        return host;
    }

    String nameOf(Address address) {
        return proxyAt(address).id();
    }

    Set<Address> addresses(Set<String> ids) {
        return proxies.stream()
                .filter(p -> ids.contains(p.id()))
                .map(ProxyHost::address)
                .collect(Collectors.toUnmodifiableSet());
    }

    void countStep() {
        steps++;
    }

    long steps() {
        return steps;
    }

    /** A packet of a connection was taken by what an earlier one left. */
    void countLeftover(Connection connection) {
        leftovers.add(connection);
    }

    boolean metLeftover(Connection connection) {
        return leftovers.contains(connection);
    }

    int leftovers() {
        return leftovers.size();
    }

    void accepted(Change change) {
        accepted.merge(change.getClass().getSimpleName(), 1, Integer::sum);
    }

    void queued() {
        accepted.merge(QUEUED, 1, Integer::sum);
    }

    /** How many changes began. */
    long accepted() {
        return accepted.entrySet().stream()
                .filter(e -> !e.getKey().equals(QUEUED))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    Map<String, Integer> acceptedChanges() {
        return accepted;
    }

    /** The pool as the ensemble has it. */
    PoolState pool() {
        Ensemble.Node node = ensemble.read(Paths.POOL);
        if (node == null || !(node.value() instanceof PoolState state)) {
            throw new IllegalStateException("the pool is gone");
        }
        return state;
    }

    /** Changes that wait their turn. */
    boolean isQueueing() {
        Ensemble.Node node = ensemble.read(Paths.QUEUE);
        return node != null && node.value() instanceof ChangeQueue queue && !queue.isEmpty();
    }

    /** For the controllers' questions. */
    ChainTable tables() {
        return tables;
    }

    /** A pool's table; every host computes the same, so it is computed once. */
    ForwardingTable table(PoolState state) {
        return known.computeIfAbsent(state.generation(), g -> new Known(state, tables.build(state)))
                .table();
    }

    /** As it would be if what is prepared were given up. */
    ForwardingTable tableOfLive(PoolState state) {
        return tables.build(state.withEpochs(state.live(), Optional.empty()));
    }

    @Nullable PoolState stateAt(long generation) {
        Known found = known.get(generation);
        return found == null ? null : found.state();
    }

    /** The first hops of a row in every epoch of a generation. */
    Set<Address> firstHops(long generation, int row) {
        PoolState state = stateAt(generation);
        if (state == null) {
            return Set.of();
        }
        return state.epochs()
                .map(epoch -> alone(state, epoch).hopsOf(row).getFirst().address())
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Those of some rows on which a proxy is the first hop of an epoch. */
    RowSet rowsWhereFirst(PoolState state, String proxy, RowSet rows) {
        List<ForwardingTable> epochs = state.epochs().map(e -> alone(state, e)).toList();
        return RowSet.of(
                rows.rows()
                        .filter(row ->
                                epochs.stream()
                                        .anyMatch(
                                                t -> t.hopsOf(row).getFirst().id().equals(proxy))));
    }

    /** Those of some rows on which a proxy is no hop of the epoch that is being prepared. */
    RowSet rowsNotPending(PoolState state, String proxy, RowSet rows) {
        Optional<ForwardingTable> pending = state.pending().map(e -> alone(state, e));
        return RowSet.of(
                rows.rows()
                        .filter(row ->
                                pending.isEmpty()
                                        || pending.get().hopsOf(row).stream()
                                                .noneMatch(p -> p.id().equals(proxy))));
    }

    private ForwardingTable alone(PoolState state, Epoch epoch) {
        return tables.build(
                new PoolState(
                        state.name(),
                        state.generation(),
                        state.spec(),
                        state.proxies(),
                        List.of(epoch),
                        Optional.empty(),
                        state.nextEpochId()));
    }

    /** Some running controller leads; all learn of it a little later. */
    void elect() {
        List<Controller> running = controllers.stream().filter(Controller::isRunning).toList();
        if (running.isEmpty()) {
            return;
        }
        leader = dice.pick(running);
        controllers.forEach(c -> after(dice.between(0, ELECTION_NANOS), () -> learnLeader(c)));
    }

    void learnLeader(Controller controller) {
        controller.lead(controller == leader);
    }
}
