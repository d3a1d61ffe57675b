package dev.sluice.control;

import dev.sluice.cluster.record.AuditEvent;
import dev.sluice.cluster.transition.Change;
import dev.sluice.cluster.transition.Decision;
import dev.sluice.cluster.zookeeper.PoolStore;
import dev.sluice.cluster.zookeeper.StoreException;

import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Begins changes, queues them, or refuses them. Every command reads what it decides on anew and
 * writes by compare-and-set; so any control process may take it. Blocks; any thread.
 */
final class ChangeCommands {
    /** Somebody else's write in between makes us decide again, this often at most. */
    private static final int ATTEMPTS = 10;

    private final Basis.Reader reader;
    private final PoolStore pools;
    private final QueueCommands queues;
    private final InstantSource clock;
    private final ChangeCounts counts;

    ChangeCommands(
            Basis.Reader reader,
            PoolStore pools,
            QueueCommands queues,
            InstantSource clock,
            ChangeCounts counts) {
        this.reader = reader;
        this.pools = pools;
        this.queues = queues;
        this.clock = clock;
        this.counts = counts;
    }

    /**
     * What an operator asks.
     *
     * @param pool empty = every pool in which it does something
     * @param queue let it wait its turn where it cannot begin now
     * @param force begin it although that may cut connections
     */
    record Order(Change change, String pool, boolean queue, boolean force, String actor) {}

    /** By pool: it begins in all of them or, as far as can be foreseen, in none. */
    Answer<SortedMap<String, Outcome>> make(Order order)
            throws UnavailableException, StoreException {
        return switch (Scope.of(reader.current(), order.change(), order.pool())) {
            case Answer.Refused<SortedMap<String, Change>> refused -> refused.as();
            case Answer.Done<SortedMap<String, Change>>(SortedMap<String, Change> changes) ->
                    new Answer.Done<>(counted(make(order, changes)));
        };
    }

    private SortedMap<String, Outcome> counted(SortedMap<String, Outcome> outcomes) {
        counts.add(outcomes.values());
        return outcomes;
    }

    private SortedMap<String, Outcome> make(Order order, SortedMap<String, Change> changes)
            throws UnavailableException, StoreException {
        SortedMap<String, Outcome> outcomes = foresee(order, changes);
        if (!outcomes.isEmpty()) {
            return outcomes;
        }
        for (Map.Entry<String, Change> entry : changes.entrySet()) {
            outcomes.put(entry.getKey(), makeIn(entry.getKey(), entry.getValue(), order));
        }
        return outcomes;
    }

    /** Of a command for several pools: empty, unless one of them would refuse. */
    private SortedMap<String, Outcome> foresee(Order order, SortedMap<String, Change> changes)
            throws UnavailableException, StoreException {
        TreeMap<String, Outcome> refusals = new TreeMap<>();
        if (changes.size() == 1) {
            return refusals;
        }
        for (Map.Entry<String, Change> entry : changes.entrySet()) {
            Basis basis = reader.read(entry.getKey());
            decide(basis, entry.getValue(), order)
                    .ifPresent(
                            refused -> refusals.put(entry.getKey(), new Outcome.Refused(refused)));
        }
        if (!refusals.isEmpty()) {
            String first = refusals.firstKey();
            changes.keySet()
                    .forEach(pool -> refusals.putIfAbsent(pool, new Outcome.Withheld(first)));
        }
        return refusals;
    }

    /** The refusal that the order would end with. */
    private Optional<Decision.Refused> decide(Basis basis, Change change, Order order) {
        return basis.decide(change, order.force(), clock.millis()) instanceof Decision.Refused r
                        && !(order.queue() && r.kind() == Decision.Kind.NOT_NOW)
                ? Optional.of(r)
                : Optional.empty();
    }

    private Outcome makeIn(String pool, Change change, Order order)
            throws UnavailableException, StoreException {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Basis basis = reader.read(pool);
            Optional<Outcome> outcome =
                    switch (basis.decide(change, order.force(), clock.millis())) {
                        case Decision.Accepted accepted -> begin(basis, change, accepted, order);
                        case Decision.Refused refused ->
                                order.queue() && refused.kind() == Decision.Kind.NOT_NOW
                                        ? queues.append(basis, change, refused, order.actor())
                                        : Optional.of(new Outcome.Refused(refused));
                    };
            if (outcome.isPresent()) {
                return outcome.get();
            }
        }
        throw new UnavailableException(
                "pool " + pool + " was written " + ATTEMPTS + " times meanwhile; try again");
    }

    /** Empty: somebody else wrote meanwhile. */
    private Optional<Outcome> begin(
            Basis basis, Change change, Decision.Accepted accepted, Order order)
            throws StoreException {
        long now = clock.millis();
        boolean forced = order.force() && basis.needsForce(change, now);
        AuditEvent event = Events.of(now, order.actor(), basis, change, accepted, forced);
        if (!pools.compareAndSet(accepted.next(), basis.version(), event)) {
            return Optional.empty();
        }
        Audit.logged(event);
        long nextId = basis.state().nextEpochId();
        long epoch = accepted.next().nextEpochId() == nextId ? 0 : nextId;
        return Optional.of(
                new Outcome.Begun(
                        accepted.next(),
                        epoch,
                        ChangeSyntax.deadlineUnixMs(change),
                        accepted.effect(),
                        accepted.risk()));
    }
}
