package dev.sluice.control;

import dev.sluice.cluster.hash.SipHash;
import dev.sluice.cluster.pool.Bind;
import dev.sluice.cluster.pool.PoolState;
import dev.sluice.cluster.record.AuditEvent;
import dev.sluice.cluster.zookeeper.EventLog;
import dev.sluice.cluster.zookeeper.PoolStore;
import dev.sluice.cluster.zookeeper.Seen;
import dev.sluice.cluster.zookeeper.StoreException;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** Brings the pools of a control process's file into being. */
final class Founder {
    private static final Logger log = LoggerFactory.getLogger(Founder.class);

    private final String actor;
    private final PoolStore pools;
    private final EventLog events;
    private final InstantSource clock;

    Founder(String actor, PoolStore pools, EventLog events, InstantSource clock) {
        this.actor = actor;
        this.pools = pools;
        this.events = events;
        this.clock = clock;
    }

    /**
     * @return false if ZooKeeper did not answer: try again
     */
    boolean found(PoolConfig pool) {
        try {
            while (!isDone(pool)) {
                log.atDebug().addKeyValue("pool", pool.name()).log("pool.founding_overtaken");
            }
            return true;
        } catch (StoreException e) {
            log.atWarn().addKeyValue("pool", pool.name()).setCause(e).log("pool.not_founded");
            return false;
        }
    }

    /** False: another pool was founded meanwhile, which may have the same binds. */
    private boolean isDone(PoolConfig pool) throws StoreException {
        int founded = pools.founded();
        List<String> names = pools.names();
        if (names.contains(pool.name())) {
            return true;
        }
        Optional<BindConflict> conflict = conflict(pool, names);
        if (conflict.isPresent()) {
            refuse(pool, conflict.get());
            return true;
        }
        return create(pool, founded);
    }

    private boolean create(PoolConfig pool, int founded) throws StoreException {
        PoolState state = Founding.found(pool, Founder::randomKey, clock.millis());
        AuditEvent event =
                event(pool, pool.proxies().size() + " proxies active", state.generation());
        boolean created = pools.create(state, founded, event);
        if (created) {
            Audit.logged(event);
        }
        return created;
    }

    /**
     * With a pool that another file has founded: directors could install only one of the two.
     *
     * @param others without the pool itself
     */
    private Optional<BindConflict> conflict(PoolConfig pool, List<String> others)
            throws StoreException {
        for (String name : others) {
            if (pools.read(name) instanceof Seen.Value<PoolState> other) {
                List<Bind> theirs = other.value().spec().binds();
                Optional<BindConflict> found = BindConflict.find(pool.binds(), name, theirs);
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        return Optional.empty();
    }

    /** Until the next start: a file is read once. */
    private void refuse(PoolConfig pool, BindConflict conflict) throws StoreException {
        AuditEvent event =
                event(pool, "refused: the file " + conflict + "; " + BindConflict.HINT, 0);
        events.append(event);
        Audit.logged(event);
    }

    private AuditEvent event(PoolConfig pool, String effect, long generation) {
        return new AuditEvent(clock.millis(), actor, "found", pool.name(), effect, generation);
    }

    private static SipHash.Key randomKey() {
        byte[] bytes = new byte[SipHash.Key.LENGTH];
        new SecureRandom().nextBytes(bytes);
        return SipHash.Key.of(bytes);
    }
}
