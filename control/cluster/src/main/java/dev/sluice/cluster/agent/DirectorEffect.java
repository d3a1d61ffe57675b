package dev.sluice.cluster.agent;

import dev.sluice.cluster.pool.PoolState;

import java.util.Map;
import java.util.Set;

/** What a director does. */
public sealed interface DirectorEffect {
    /** Compute the table, demote, swap it live; answered by Installed or InstallFailed. */
    record Install(PoolState state, Set<String> demoted) implements DirectorEffect {}

    /** Keep the state for a restart without ZooKeeper. */
    record SaveSnapshot(PoolState state) implements DirectorEffect {}

    /** Put the generations on record; answered by Acknowledged. */
    record Acknowledge(Map<String, Long> generations) implements DirectorEffect {}

    /** Have the routers send packets here; answered by AnnounceFailed if they could not be told. */
    record Announce() implements DirectorEffect {}

    /** Renew the member record from the state. */
    record PublishMember() implements DirectorEffect {}
}
