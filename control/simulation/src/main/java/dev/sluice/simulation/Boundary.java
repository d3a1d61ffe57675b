package dev.sluice.simulation;

import dev.sluice.cluster.agent.DirectorObservation;
import dev.sluice.cluster.agent.ProxyHostEffect;
import dev.sluice.cluster.agent.ProxyHostObservation;
import dev.sluice.cluster.agent.ProxyHostState;
import dev.sluice.cluster.agent.ProxyHostStep;
import dev.sluice.cluster.agent.Step;
import dev.sluice.cluster.packet.RedirectRule;
import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.pool.PoolState;
import dev.sluice.cluster.table.ForwardingTable;
import dev.sluice.cluster.table.LocalDemotion;
import dev.sluice.cluster.table.RowSet;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * All that stands between the world and the production functions. With every guard on it hands
 * things through; where a guard is off, it doctors what goes in or what comes out.
 */
final class Boundary {
    private static final int TRUNCATED_HOPS = 3;
    private static final int FORGOTTEN_SNAPSHOTS = 3;

    private final World world;
    private final Set<Guard> off;

    Boundary(World world, Set<Guard> off) {
        this.world = world;
        this.off = Set.copyOf(off);
    }

    boolean isOff(Guard guard) {
        return off.contains(guard);
    }

    /** What a director sends a row's packets to. */
    Chained directorChain(DirectorHost host, ForwardingTable table, int row) {
        Chained chain = shortened(Chained.of(table, row), table, row);
        if (isOff(Guard.DEMOTED_BEHIND_ALL)) {
            return BadDemotions.swapped(chain, world.addresses(host.demoted()));
        }
        if (isOff(Guard.DEMOTED_NOT_DROPPED)) {
            return BadDemotions.dropped(chain, world.addresses(host.demoted()));
        }
        if (isOff(Guard.CLOSED_NEVER_FIRST)) {
            return BadDemotions.sorted(chain, world.addresses(host.demoted()));
        }
        return chain;
    }

    /** A director's own order of hops. */
    ForwardingTable demote(ForwardingTable table, Set<String> away) {
        boolean doctored =
                isOff(Guard.DEMOTED_BEHIND_ALL)
                        || isOff(Guard.DEMOTED_NOT_DROPPED)
                        || isOff(Guard.CLOSED_NEVER_FIRST);
        return doctored
                ? table
                : LocalDemotion.apply(table, hop -> !away.contains(table.proxies().get(hop).id()));
    }

    private Chained shortened(Chained chain, ForwardingTable table, int row) {
        if (isOff(Guard.SECOND_HOP_OWNS)) {
            return withoutSeconds(chain, table, row);
        }
        if (isOff(Guard.NEVER_TRUNCATED) && chain.hops().size() > TRUNCATED_HOPS) {
            return new Chained(
                    chain.hops().subList(0, TRUNCATED_HOPS),
                    Math.min(chain.open(), TRUNCATED_HOPS));
        }
        return chain;
    }

    /** Closed hops that are first in no epoch are missing. */
    private Chained withoutSeconds(Chained chain, ForwardingTable table, int row) {
        Set<Address> firsts = world.firstHops(table.generation(), row);
        List<Address> kept = new ArrayList<>();
        for (int at = 0; at < chain.hops().size(); at++) {
            Address hop = chain.hops().get(at);
            if (at < chain.open() || firsts.contains(hop)) {
                kept.add(hop);
            }
        }
        return new Chained(kept, chain.open());
    }

    /** What a proxy host finds for a row. */
    Chained hostChain(ProxyHost host, ForwardingTable table, int row) {
        Chained chain = shortened(Chained.of(table, row), table, row);
        if (!isOff(Guard.FENCE)) {
            return chain;
        }
        List<Address> hops = new ArrayList<>(chain.hops());
        hops.remove(host.address());
        hops.addFirst(host.address());
        return new Chained(hops, hops.size());
    }

    /** Whether a host that is in no chain has no redirect any more. */
    boolean leftThePlace(ProxyHost host, ForwardingTable table) {
        return isOff(Guard.STAYS_IN_PLACE)
                && IntStream.range(0, table.rows())
                        .noneMatch(row -> Chained.of(table, row).hops().contains(host.address()));
    }

    /** The generation that a proxy host believes to have, faced with a packet. */
    long installed(ForwardingTable table, Envelope envelope) {
        boolean asOld = isOff(Guard.RESCUE) || (isOff(Guard.LAST_WORD) && envelope.isLast());
        return asOld ? Math.min(table.generation(), envelope.route().stamp()) : table.generation();
    }

    /** The packet as a proxy host reads it. */
    RedirectRule.Packet packet(RedirectRule.Packet packet) {
        return isOff(Guard.PASSED_ON)
                ? new RedirectRule.Packet(
                        packet.kind(),
                        packet.tcpFlags(),
                        packet.acknowledgement(),
                        packet.wire(),
                        packet.stamp(),
                        packet.rescues(),
                        packet.next(),
                        packet.hops().subList(0, Math.min(packet.next(), packet.hops().size())))
                : packet;
    }

    boolean confirmed(boolean isConfirmed) {
        return isConfirmed || isOff(Guard.CONFIRMED);
    }

    RedirectRule.Socket socket(RedirectRule.Socket found, Segment segment) {
        if (isOff(Guard.SYN_LOOKED_UP) && segment.has(Segment.SYN)) {
            return new RedirectRule.Socket.None();
        }
        boolean claimed =
                switch (found) {
                    case RedirectRule.Socket.Request ignored -> isOff(Guard.REQUEST_KNOWS_ITS_OWN);
                    case RedirectRule.Socket.TimeWait ignored -> isOff(Guard.TIME_WAIT_IS_OVER);
                    default -> false;
                };
        return claimed ? new RedirectRule.Socket.Flow() : found;
    }

    DirectorObservation directorSees(DirectorHost host, DirectorObservation observation) {
        boolean older =
                observation instanceof DirectorObservation.PoolRead read
                        && host.table() != null
                        && read.state().generation() < host.table().generation();
        if (older && isOff(Guard.INSTALL_GREATER)) {
            host.install(world.table(((DirectorObservation.PoolRead) observation).state()));
        }
        return observation;
    }

    /** Whether an install is answered, and so acknowledged, before it happened. */
    boolean answersBeforeTheSwap() {
        return isOff(Guard.ACKNOWLEDGE_INSTALLED);
    }

    /** What a proxy host finds on its disk at start. */
    List<PoolState> remembered(List<PoolState> persisted) {
        int back = isOff(Guard.RESTART_REMEMBERS) ? FORGOTTEN_SNAPSHOTS : 0;
        return persisted.isEmpty()
                ? List.of()
                : List.of(persisted.get(Math.max(0, persisted.size() - 1 - back)));
    }

    /** Whether the redirect is gone with the process. */
    boolean forgetsTheFence() {
        return isOff(Guard.RESTART_REMEMBERS);
    }

    boolean scanSees(Socket socket) {
        return switch (socket.state()) {
            case REQUEST -> !isOff(Guard.SCAN_SEES_REQUESTS);
            case ESTABLISHED -> socket.isAccepted() || !isOff(Guard.SCAN_SEES_ACCEPT_QUEUE);
            case ORPHAN, LAST_ACK -> !isOff(Guard.SCAN_SEES_ORPHANS);
            case TIME_WAIT -> false;
        };
    }

    /** The rows of a forced change's risk. */
    RowSet announced(RowSet rows) {
        return isOff(Guard.RISK_ANNOUNCED) ? RowSet.NONE : rows;
    }

    boolean cookies(boolean sentLately) {
        return sentLately && !isOff(Guard.COOKIES_HOLD_ROWS);
    }

    Step<ProxyHostState, ProxyHostEffect> proxyStep(
            ProxyHostState before, ProxyHostObservation observation, long nowNanos) {
        boolean early =
                isOff(Guard.SCAN_WAITS) && observation instanceof ProxyHostObservation.Installed;
        long now = early ? nowNanos - ProxyHostStep.SCAN_DELAY_NANOS : nowNanos;
        return ProxyHostStep.apply(before, observation, now);
    }
}
