package dev.sluice.simulation;

import dev.sluice.cluster.pool.PoolState;
import dev.sluice.cluster.pool.Proxy;
import dev.sluice.cluster.record.DirectorMember;
import dev.sluice.cluster.record.DirectorMember.HopVote;
import dev.sluice.cluster.record.DirectorRecord;
import dev.sluice.cluster.record.OwnedRows;
import dev.sluice.cluster.record.ProxyMember;
import dev.sluice.cluster.transition.Change;
import dev.sluice.cluster.transition.ChangeQueue;
import dev.sluice.cluster.transition.Decision;
import dev.sluice.cluster.transition.Facts;
import dev.sluice.cluster.transition.Facts.DirectorFacts;
import dev.sluice.cluster.transition.Facts.OwnedReport;
import dev.sluice.cluster.transition.Facts.ProxyFacts;
import dev.sluice.cluster.transition.Queueing;
import dev.sluice.cluster.transition.Safety;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A controller: its own view of the ensemble, and writes by compare-and-set. It advances changes
 * while it believes to lead; it may be wrong.
 */
final class Controller implements StoreClient.Listener {
    private static final long TICK = Nanos.SECOND;
    private static final long PAUSE = Nanos.millis(5);
    private static final long EPOCH_MS = 1_700_000_000_000L;

    private final World world;
    private final String id;
    private final long skewMs;
    private final Turns turns;
    private final SortedMap<String, Object> view = new TreeMap<>();
    private @Nullable StoreClient store;
    private int version = -1;
    private int queueVersion = -1;
    private boolean current;
    private boolean leads;
    private boolean awaits;
    private boolean due;
    private List<String> reasons = List.of();

    Controller(World world, String id) {
        this.world = world;
        this.id = id;
        this.turns = new Turns(world);
        this.skewMs = world.dice(id).between(-1500, 1500);
    }

    String id() {
        return id;
    }

    boolean isRunning() {
        return store != null;
    }

    @Nullable StoreClient store() {
        return store;
    }

    /** What the open change waited for when it was looked at last. */
    List<String> reasons() {
        return reasons;
    }

    void start() {
        if (store == null) {
            StoreClient client = new StoreClient(world, id, path -> true, this);
            store = client;
            client.connect();
            world.after(TICK, () -> tick(client));
        }
    }

    void crash() {
        if (store != null) {
            world.trace().say(() -> id + " dies");
            store.close();
            store = null;
        }
        view.clear();
        turns.forget();
        version = -1;
        queueVersion = -1;
        current = false;
        awaits = false;
    }

    void lead(boolean believes) {
        if (leads != believes) {
            leads = believes;
            world.trace().say(() -> id + (believes ? " believes to lead" : " does not lead"));
        }
    }

    private void tick(StoreClient client) {
        if (store == client) {
            awaits = false;
            reconcile();
            world.after(TICK, () -> tick(client));
        }
    }

    @Override
    public void onValue(String path, @Nullable Object value, int nodeVersion) {
        if (value == null) {
            view.remove(path);
        } else {
            view.put(path, value);
        }
        if (path.equals(Paths.POOL)) {
            version = nodeVersion;
        } else if (path.equals(Paths.QUEUE)) {
            queueVersion = nodeVersion;
        }
        if (!due) {
            due = true;
            world.after(PAUSE, this::onDue);
        }
    }

    private void onDue() {
        due = false;
        reconcile();
    }

    @Override
    public void onDisconnected() {
        current = false;
    }

    @Override
    public void onReread() {
        current = true;
        reconcile();
    }

    /** Wall clock, a little wrong on every machine. */
    private long nowUnixMs() {
        return EPOCH_MS + world.nowNanos() / Nanos.MILLI + skewMs;
    }

    private @Nullable PoolState pool() {
        return view.get(Paths.POOL) instanceof PoolState state ? state : null;
    }

    private void reconcile() {
        PoolState state = pool();
        if (state == null) {
            return;
        }
        Facts facts = facts(state);
        Optional<Change> failover = turns.observe(state, facts);
        if (!leads || !current || awaits || world.checks() == Checks.NONE) {
            return;
        }
        switch (turns.next(state, facts, queue(), failover, nowUnixMs())) {
            case Turns.Next.Wait wait -> reasons = wait.reasons();
            case Turns.Next.Forget forget -> write(forget.queue(), forget.why());
            case Turns.Next.Write due -> write(state, due);
        }
    }

    private ChangeQueue queue() {
        return view.get(Paths.QUEUE) instanceof ChangeQueue queue ? queue : ChangeQueue.EMPTY;
    }

    /** An operator asks, and insists. */
    void force(Change change) {
        PoolState state = pool();
        if (state == null || !current || world.checks() == Checks.NONE) {
            return;
        }
        Facts facts = world.doctor().atStart(state, facts(state));
        switch (Safety.force(world.tables(), state, facts, change, nowUnixMs())) {
            case Decision.Accepted accepted -> {
                world.announced().sent(state, accepted.next(), accepted.risk());
                write(state, begun(change, accepted, "by force: "));
            }
            case Decision.Refused refused -> onRefused(state, change, refused);
        }
    }

    private static Turns.Next.Write begun(Change change, Decision.Accepted accepted, String how) {
        return new Turns.Next.Write(
                accepted.next(), Optional.empty(), how + accepted.effect(), List.of(change));
    }

    /**
     * An operator asks.
     *
     * @param queue to wait its turn where it cannot begin now
     */
    void command(Change change, boolean queue) {
        PoolState state = pool();
        if (state == null || !current) {
            return;
        }
        if (world.checks() == Checks.NONE) {
            Unchecked.after(world, state, change, nowUnixMs())
                    .ifPresent(next ->
                            write(
                                    state,
                                    new Turns.Next.Write(
                                            next,
                                            Optional.empty(),
                                            change.toString(),
                                            List.of(change))));
            return;
        }
        Facts facts = world.doctor().atStart(state, facts(state));
        switch (Safety.check(world.tables(), state, facts, change, nowUnixMs())) {
            case Decision.Accepted accepted -> write(state, begun(change, accepted, ""));
            case Decision.Refused refused -> {
                if (queue && refused.kind() == Decision.Kind.NOT_NOW) {
                    append(state, facts, change);
                } else {
                    onRefused(state, change, refused);
                }
            }
        }
    }

    private void append(PoolState state, Facts facts, Change change) {
        switch (Queueing.append(state, facts, queue(), change, "operator", nowUnixMs())) {
            case Queueing.Admission.Queued queued -> {
                world.queued();
                write(queued.queue(), change + " waits its turn");
            }
            case Queueing.Admission.NotQueued not -> onRefused(state, change, not.refused());
        }
    }

    private void onRefused(PoolState state, Change change, Decision.Refused refused) {
        world.trace().say(() -> id + ": " + change + " is refused: " + refused.reason());
        boolean takesBack = world.boundary().isOff(Guard.ABORT_BEFORE_COMMIT);
        boolean removes = world.boundary().isOff(Guard.REMOVED_OUT_OF_CHAINS);
        if (takesBack && change instanceof Change.Abort && state.live().size() > 1) {
            write(state, Takebacks.withoutNewest(state), "the committed epoch is given up");
        } else if (removes && change instanceof Change.Remove(String proxy)) {
            onlyOld(state, proxy).ifPresent(next -> write(state, next, proxy + " removed"));
        }
    }

    private static Optional<PoolState> onlyOld(PoolState state, String proxy) {
        boolean wanted = state.newest().has(proxy) || state.pending().isPresent();
        return wanted ? Optional.empty() : Optional.of(Takebacks.without(state, proxy));
    }

    long deadlineUnixMs(long inNanos) {
        return nowUnixMs() + inNanos / Nanos.MILLI;
    }

    private void write(PoolState before, PoolState next, String why) {
        write(before, new Turns.Next.Write(next, Optional.empty(), why, List.of()));
    }

    private void write(PoolState before, Turns.Next.Write due) {
        List<Ensemble.Compared> writes = new ArrayList<>();
        writes.add(new Ensemble.Compared(Paths.POOL, due.state(), version));
        due.queue()
                .ifPresent(
                        left -> writes.add(new Ensemble.Compared(Paths.QUEUE, left, queueVersion)));
        write(writes, () -> onWritten(before, due));
    }

    private void write(ChangeQueue queue, String why) {
        write(
                List.of(new Ensemble.Compared(Paths.QUEUE, queue, queueVersion)),
                () -> world.trace().say(() -> id + " wrote the queue: " + why));
    }

    private void write(List<Ensemble.Compared> writes, Runnable onWritten) {
        StoreClient client = store;
        if (client == null) {
            return;
        }
        awaits = true;
        client.compareAndSet(
                writes,
                written -> {
                    awaits = false;
                    if (written) {
                        onWritten.run();
                    }
                });
    }

    private void onWritten(PoolState before, Turns.Next.Write due) {
        PoolState next = due.state();
        world.trace().say(() -> id + " wrote g" + next.generation() + ": " + due.why());
        due.begun().forEach(world::accepted);
        world.invariants().written(before, next);
    }

    private Facts facts(PoolState state) {
        Map<String, DirectorFacts> directors = new TreeMap<>();
        Map<String, ProxyFacts> proxies = new TreeMap<>();
        Map<String, OwnedReport> reports = new TreeMap<>();
        view.forEach((path, value) -> {
            String node = Paths.idIn(path);
            switch (value) {
                case DirectorRecord director -> directors.put(node, fact(state, director));
                case ProxyMember member -> {
                    if (state.proxy(node).isPresent()) {
                        proxies.put(node, fact(state, member));
                    }
                }
                case OwnedRows rows -> reports.put(node, fact(rows));
                default -> {}
            }
        });
        reports.keySet().retainAll(state.proxies().stream().map(Proxy::id).toList());
        return new Facts(directors, proxies, reports);
    }

    private DirectorFacts fact(PoolState state, DirectorRecord director) {
        return new DirectorFacts(
                director.acknowledged().getOrDefault(state.name(), 0L),
                director.withdrawn(),
                view.containsKey(Paths.directorMember(director.id())),
                unreachable(director.id()));
    }

    private Set<String> unreachable(String director) {
        return view.get(Paths.directorMember(director)) instanceof DirectorMember member
                ? member.votes().stream()
                        .filter(vote -> !vote.healthy())
                        .map(HopVote::proxy)
                        .collect(Collectors.toUnmodifiableSet())
                : Set.of();
    }

    private static ProxyFacts fact(PoolState state, ProxyMember member) {
        return new ProxyFacts(
                member.incarnation(),
                member.installed().getOrDefault(state.name(), 0L),
                member.connections());
    }

    private static OwnedReport fact(OwnedRows rows) {
        return new OwnedReport(
                rows.incarnation(),
                rows.installedGeneration(),
                rows.fenced(),
                rows.rows(),
                rows.flows());
    }
}
