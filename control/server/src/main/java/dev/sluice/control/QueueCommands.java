package dev.sluice.control;

import dev.sluice.cluster.record.AuditEvent;
import dev.sluice.cluster.transition.Change;
import dev.sluice.cluster.transition.ChangeQueue;
import dev.sluice.cluster.transition.ChangeQueue.QueuedChange;
import dev.sluice.cluster.transition.Decision;
import dev.sluice.cluster.transition.Queueing;
import dev.sluice.cluster.zookeeper.NodeProblem;
import dev.sluice.cluster.zookeeper.QueueStore;
import dev.sluice.cluster.zookeeper.Seen;
import dev.sluice.cluster.zookeeper.StoreException;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Changes that wait their turn: puts them in and takes them out. Blocks; any thread. */
final class QueueCommands {
    private static final int ATTEMPTS = 10;

    private final Observer observer;
    private final QueueStore queues;
    private final InstantSource clock;

    QueueCommands(Observer observer, QueueStore queues, InstantSource clock) {
        this.observer = observer;
        this.queues = queues;
        this.clock = clock;
    }

    /** A queue and the version of its node. */
    record Versioned(ChangeQueue queue, int version) {}

    /** An entry and the pool whose queue it was in. */
    record Cancelled(String pool, QueuedChange change) {}

    /** Throws if the node is corrupt. */
    Versioned read(String pool) throws UnavailableException, StoreException {
        return switch (queues.read(pool)) {
            case Seen.Value<ChangeQueue>(String name, ChangeQueue queue, int version) ->
                    new Versioned(queue, version);
            case Seen.Gone<ChangeQueue> none ->
                    new Versioned(ChangeQueue.EMPTY, QueueStore.NO_NODE);
            case Seen.Corrupt<ChangeQueue>(String name, NodeProblem problem) ->
                    throw new UnavailableException(
                            "the queue of pool " + pool + " is corrupt: " + problem);
        };
    }

    /** Empty: somebody else wrote meanwhile. */
    Optional<Outcome> append(Basis basis, Change change, Decision.Refused now, String actor)
            throws UnavailableException, StoreException {
        String pool = basis.state().name();
        Versioned before = read(pool);
        return switch (Queueing.append(
                basis.state(), basis.facts(), before.queue(), change, actor, clock.millis())) {
            case Queueing.Admission.NotQueued(Decision.Refused refused) ->
                    Optional.of(new Outcome.Refused(refused));
            case Queueing.Admission.Queued(ChangeQueue next) -> {
                int position = next.changes().size();
                QueuedChange entry = next.changes().getLast();
                String effect = "queued as " + entry.id() + ", at place " + position;
                yield write(
                                pool,
                                next,
                                before.version(),
                                event("queue", pool, entry, effect, actor))
                        ? Optional.of(new Outcome.Queued(entry, position, now.reason()))
                        : Optional.empty();
            }
        };
    }

    /**
     * @param pool empty = the one whose queue has the id
     */
    Answer<Cancelled> cancel(long id, String pool, String actor)
            throws UnavailableException, StoreException {
        ClusterView view = observer.view();
        if (!pool.isEmpty() && !view.pools().containsKey(pool)) {
            return Scope.unknownPool(pool, view);
        }
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            List<String> having = having(id, pool, view);
            if (having.size() != 1) {
                return having.isEmpty()
                        ? Answer.unknown(
                                "no queued change has the id " + id,
                                "it may have begun: see 'sluice queue' and 'sluice events'")
                        : Answer.refused(
                                "several pools have a queued change " + id,
                                "name one with --pool: " + String.join(", ", having));
            }
            String one = having.getFirst();
            Versioned before = read(one);
            Optional<QueuedChange> entry = before.queue().find(id);
            if (entry.isPresent()
                    && write(
                            one,
                            before.queue().without(id),
                            before.version(),
                            event("queue-cancel", one, entry.get(), "cancelled " + id, actor))) {
                return new Answer.Done<>(new Cancelled(one, entry.get()));
            }
        }
        throw new UnavailableException("the queue was written meanwhile; try again");
    }

    private List<String> having(long id, String pool, ClusterView view)
            throws UnavailableException, StoreException {
        List<String> having = new ArrayList<>();
        for (String name : view.pools().keySet()) {
            if ((pool.isEmpty() || pool.equals(name)) && read(name).queue().find(id).isPresent()) {
                having.add(name);
            }
        }
        return having;
    }

    private boolean write(String pool, ChangeQueue next, int version, AuditEvent event)
            throws StoreException {
        boolean written = queues.compareAndSet(pool, next, version, event);
        if (written) {
            Audit.logged(event);
        }
        return written;
    }

    private AuditEvent event(
            String action, String pool, QueuedChange entry, String effect, String actor) {
        String what = effect + ": " + ChangeSyntax.text(entry.change());
        return new AuditEvent(
                clock.millis(), actor, action, Events.subject(pool, entry.change()), what, 0);
    }
}
