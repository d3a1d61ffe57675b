package dev.sluice.control;

import dev.sluice.cluster.config.Nearest;
import dev.sluice.cluster.pool.Epoch;
import dev.sluice.cluster.pool.PoolState;
import dev.sluice.cluster.pool.Proxy;
import dev.sluice.cluster.record.AuditEvent;
import dev.sluice.cluster.transition.Change;
import dev.sluice.cluster.transition.Decision;
import dev.sluice.cluster.transition.Safety;
import dev.sluice.cluster.zookeeper.PoolStore;
import dev.sluice.cluster.zookeeper.StoreException;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Drain, fill, abort. Every command reads the pool anew, decides by {@link Safety}, and writes by
 * compare-and-set; so any control process may take it. Blocks; any thread.
 */
final class ChangeCommands {
    /** Somebody else's write in between makes us decide again, this often at most. */
    private static final int ATTEMPTS = 10;

    private static final Set<Proxy.State> TAKES_FLOWS =
            EnumSet.of(Proxy.State.ACTIVE, Proxy.State.FILLING);

    private final Basis.Reader reader;
    private final PoolStore pools;
    private final InstantSource clock;

    ChangeCommands(Basis.Reader reader, PoolStore pools, InstantSource clock) {
        this.reader = reader;
        this.pools = pools;
        this.clock = clock;
    }

    /**
     * A change that has begun.
     *
     * @param state as written
     * @param epoch that the change is about; 0 = none
     */
    record Begun(PoolState state, long epoch, String effect) {
        long deadlineUnixMs() {
            return state.epochs()
                    .filter(e -> e.id() == epoch)
                    .mapToLong(Epoch::deadlineUnixMs)
                    .findFirst()
                    .orElse(0);
        }
    }

    /**
     * @param pool empty = every pool in which the proxy takes new flows
     * @param deadlineMs from now; 0 = never
     */
    Answer<List<Begun>> drain(String proxy, String pool, long deadlineMs, String actor)
            throws UnavailableException, StoreException {
        long deadline = deadlineMs == 0 ? 0 : clock.millis() + deadlineMs;
        return change(new Change.Drain(List.of(proxy), deadline), proxy, pool, true, actor);
    }

    /**
     * @param pool empty = every pool in which the proxy is registered and takes no new flows
     */
    Answer<List<Begun>> fill(String proxy, String pool, String actor)
            throws UnavailableException, StoreException {
        return change(new Change.Fill(List.of(proxy)), proxy, pool, false, actor);
    }

    /**
     * @param pool empty = the one that is preparing a change
     */
    Answer<List<Begun>> abort(String pool, String actor)
            throws UnavailableException, StoreException {
        ClusterView view = reader.current();
        if (pool.isEmpty()) {
            List<String> preparing = preparing(view);
            return preparing.size() == 1
                    ? abort(preparing.getFirst(), actor)
                    : Answer.refused(
                            preparing.isEmpty()
                                    ? "no pool is preparing a change"
                                    : "several pools are preparing a change",
                            preparing.isEmpty()
                                    ? "a committed change is taken back by its opposite: drain or"
                                            + " fill"
                                    : "name one: " + String.join(", ", preparing));
        }
        if (!view.pools().containsKey(pool)) {
            return unknownPool(pool, view);
        }
        return begin(List.of(pool), new Change.Abort(), pool, actor);
    }

    private static List<String> preparing(ClusterView view) {
        return view.pools().values().stream()
                .map(ClusterView.Versioned::state)
                .filter(state -> state.pending().isPresent())
                .map(PoolState::name)
                .toList();
    }

    private Answer<List<Begun>> change(
            Change change, String proxy, String pool, boolean takesFlows, String actor)
            throws UnavailableException, StoreException {
        ClusterView view = reader.current();
        if (!pool.isEmpty() && !view.pools().containsKey(pool)) {
            return unknownPool(pool, view);
        }
        List<String> registered = new ArrayList<>();
        List<String> concerned = new ArrayList<>();
        for (ClusterView.Versioned one : view.pools().values()) {
            PoolState state = one.state();
            if (!pool.isEmpty() && !pool.equals(state.name())) {
                continue;
            }
            state.proxy(proxy)
                    .ifPresent(p -> {
                        registered.add(state.name());
                        if (TAKES_FLOWS.contains(p.state()) == takesFlows) {
                            concerned.add(state.name());
                        }
                    });
        }
        if (registered.isEmpty()) {
            return unknownProxy(proxy, pool, view);
        }
        // With none concerned the first one says why.
        return begin(
                concerned.isEmpty() ? registered.subList(0, 1) : concerned, change, proxy, actor);
    }

    /** All pools or, as far as can be foreseen, none. */
    private Answer<List<Begun>> begin(
            List<String> names, Change change, String subject, String actor)
            throws UnavailableException, StoreException {
        for (String name : names) {
            if (check(reader.read(name), change) instanceof Decision.Refused refused) {
                return Answer.refused(refused.reason(), refused.wayOut());
            }
        }
        List<Begun> begun = new ArrayList<>();
        for (String name : names) {
            switch (beginOne(name, change, subject, actor)) {
                case Answer.Done<Begun>(Begun done) -> begun.add(done);
                case Answer.Refused<Begun> refused -> {
                    return Answer.refused(refused.reason() + others(begun), refused.wayOut());
                }
            }
        }
        return new Answer.Done<>(begun);
    }

    private static String others(List<Begun> begun) {
        return begun.isEmpty()
                ? ""
                : "; it has begun in pool "
                        + String.join(", ", begun.stream().map(b -> b.state().name()).toList());
    }

    private Answer<Begun> beginOne(String pool, Change change, String subject, String actor)
            throws UnavailableException, StoreException {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Basis basis = reader.read(pool);
            switch (check(basis, change)) {
                case Decision.Refused refused -> {
                    return Answer.refused(refused.reason(), refused.wayOut());
                }
                case Decision.Accepted accepted -> {
                    PoolState next = accepted.next();
                    AuditEvent event =
                            event(
                                    change,
                                    pool,
                                    subject,
                                    actor,
                                    accepted.effect(),
                                    next.generation());
                    if (pools.compareAndSet(next, basis.version(), event)) {
                        Audit.logged(event);
                        String effect = accepted.effect();
                        long epoch =
                                next.nextEpochId() == basis.state().nextEpochId()
                                        ? 0
                                        : basis.state().nextEpochId();
                        return new Answer.Done<>(new Begun(next, epoch, effect));
                    }
                }
            }
        }
        throw new UnavailableException(
                "pool " + pool + " was written " + ATTEMPTS + " times meanwhile; try again");
    }

    private Decision check(Basis basis, Change change) {
        return Safety.check(basis.state(), basis.facts(), change, clock.millis());
    }

    private AuditEvent event(
            Change change,
            String pool,
            String subject,
            String actor,
            String effect,
            long generation) {
        String action =
                switch (change) {
                    case Change.Drain drain -> "drain";
                    case Change.Fill fill -> "fill";
                    case Change.Abort abort -> "abort";
                    case Change.Weigh weigh -> "weigh";
                    case Change.Replace replace -> "replace";
                    case Change.Failover failover -> "failover";
                    case Change.Add add -> "add";
                    case Change.Remove remove -> "remove";
                    case Change.Settle settle -> "settle";
                    case Change.ConfirmOff confirmOff -> "confirm-off";
                };
        String what = subject.equals(pool) ? pool : pool + "/" + subject;
        return new AuditEvent(clock.millis(), actor, action, what, effect, generation);
    }

    private static <T> Answer<T> unknownPool(String pool, ClusterView view) {
        return Answer.unknown(
                "there is no pool '" + pool + "'", known(pool, "pools", view.pools().keySet()));
    }

    private static <T> Answer<T> unknownProxy(String proxy, String pool, ClusterView view) {
        List<String> ids =
                view.pools().values().stream()
                        .map(ClusterView.Versioned::state)
                        .filter(state -> pool.isEmpty() || pool.equals(state.name()))
                        .flatMap(state -> state.proxies().stream())
                        .map(Proxy::id)
                        .distinct()
                        .sorted()
                        .toList();
        String where = pool.isEmpty() ? "no pool has" : "pool " + pool + " does not have";
        return Answer.unknown(where + " a proxy '" + proxy + "'", known(proxy, "proxies", ids));
    }

    /** A guess at what was meant, and what there is. */
    static String known(String name, String noun, Collection<String> names) {
        String hint = Nearest.hint(name, names);
        String list =
                names.isEmpty() ? "there are no " + noun : noun + ": " + String.join(", ", names);
        return hint.isEmpty() ? list : hint + " (" + list + ")";
    }
}
