package dev.sluice.cluster.pool;

import dev.sluice.cluster.hash.Rendezvous;
import dev.sluice.cluster.hash.SipHash;

import java.util.List;
import java.util.Set;

/**
 * What of a pool its operator chose.
 *
 * @param hashKey hashes packets to rows
 * @param seed orders the proxies of a row
 * @param rows of its forwarding tables, a power of two: {@link #ROWS} on every network; fewer only
 *     where no packets are met, as in simulations
 * @param balance how new flows are spread over the proxies
 * @param formerHashFields while the hash fields are changed: the ones before, by which older flows
 *     are found; else empty
 * @param nextHashFields while such a change is prepared: the ones to come, by which other directors
 *     may forward already; else empty
 */
public record PoolSpec(
        Wire wire,
        SipHash.Key hashKey,
        SipHash.Key seed,
        Set<HashField> hashFields,
        List<Bind> binds,
        int rows,
        Balance balance,
        Set<HashField> formerHashFields,
        Set<HashField> nextHashFields) {

    /** What directors and proxy hosts look packets up in. */
    public static final int ROWS = Rendezvous.ROWS;

    public PoolSpec {
        hashFields = Set.copyOf(hashFields);
        binds = List.copyOf(binds);
        formerHashFields = Set.copyOf(formerHashFields);
        nextHashFields = Set.copyOf(nextHashFields);
        if (Integer.bitCount(rows) != 1 || rows > ROWS) {
            throw new IllegalArgumentException(
                    rows + " rows: allowed are the powers of two from 1 to " + ROWS);
        }
    }

    public PoolSpec(
            Wire wire,
            SipHash.Key hashKey,
            SipHash.Key seed,
            Set<HashField> hashFields,
            List<Bind> binds) {
        this(wire, hashKey, seed, hashFields, binds, ROWS, Balance.HASHED, Set.of(), Set.of());
    }

    public PoolSpec withRows(int fewer) {
        return new PoolSpec(
                wire,
                hashKey,
                seed,
                hashFields,
                binds,
                fewer,
                balance,
                formerHashFields,
                nextHashFields);
    }

    public PoolSpec withBalance(Balance other) {
        return new PoolSpec(
                wire,
                hashKey,
                seed,
                hashFields,
                binds,
                rows,
                other,
                formerHashFields,
                nextHashFields);
    }

    private PoolSpec withFields(Set<HashField> fields, Set<HashField> former, Set<HashField> next) {
        return new PoolSpec(wire, hashKey, seed, fields, binds, rows, balance, former, next);
    }

    /** Other fields to come: flows that others found by them are looked for, too. */
    public PoolSpec preparing(Set<HashField> fields) {
        return withFields(hashFields, Set.of(), fields);
    }

    /** Other fields; those before are asked too, until {@link #migrated}. */
    public PoolSpec migratingTo(Set<HashField> fields) {
        return withFields(fields, hashFields, Set.of());
    }

    /** With one set of fields: a flow that is found by others only is not found any more. */
    public PoolSpec migrated() {
        return withFields(hashFields, Set.of(), Set.of());
    }

    /** By which chains go on where those by {@link #hashFields} end; empty while there are none. */
    public Set<HashField> otherHashFields() {
        return formerHashFields.isEmpty() ? nextHashFields : formerHashFields;
    }

    public boolean isMigrating() {
        return !otherHashFields().isEmpty();
    }

    /** How the rows of a view are shared out among its proxies. */
    public enum Balance {
        /** By rendezvous alone: a proxy has its share but for chance, a fifth more of 256 equal. */
        HASHED,
        /** Every proxy is first on exactly its share of the rows. Not with {@link Wire#GLB}. */
        EVEN
    }

    /** The wire format of encapsulated packets. */
    public enum Wire {
        /** GLB's layout with generation and number of open hops in the private data. */
        SLUICE,
        /** GLB's bytes exactly: no stamps, so no fence and no rescue. */
        GLB
    }

    /** In the order in which the enabled ones are hashed. */
    public enum HashField {
        SOURCE_ADDRESS,
        DESTINATION_ADDRESS,
        SOURCE_PORT,
        DESTINATION_PORT
    }
}
