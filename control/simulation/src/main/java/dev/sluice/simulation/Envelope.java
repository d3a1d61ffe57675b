package dev.sluice.simulation;

import dev.sluice.cluster.packet.RedirectRule.Verdict;
import dev.sluice.cluster.pool.Address;

import java.util.List;
import java.util.Set;

/**
 * An encapsulated packet on its way to a proxy host.
 *
 * @param target the host that it is sent to
 * @param away proxies that the director put behind the others: for the invariants
 */
record Envelope(Segment segment, Address target, Route route, Set<String> away) {

    /**
     * The private data of the encapsulation, as {@code RedirectRule.Packet} names it.
     *
     * @param hops the list in the packet: the chain without its first hop
     */
    record Route(long stamp, int rescues, int next, List<Address> hops) {
        Route {
            hops = List.copyOf(hops);
        }
    }

    /** What a director sends: the first hop of a chain is the target. */
    static Envelope of(
            Segment segment, List<Address> chain, long stamp, int rescues, Set<String> away) {
        return new Envelope(
                segment,
                chain.getFirst(),
                new Route(stamp, rescues, 0, chain.subList(1, chain.size())),
                away);
    }

    /** Hops that come after the target. */
    List<Address> rest() {
        return route.hops()
                .subList(Math.min(route.next(), route.hops().size()), route.hops().size());
    }

    boolean isLast() {
        return rest().isEmpty();
    }

    Envelope next(Verdict.Next next) {
        return new Envelope(
                segment,
                next.hop(),
                new Route(route.stamp(), route.rescues(), route.next() + 1, route.hops()),
                away);
    }

    Envelope rescued(Verdict.Rescue rescue) {
        return of(segment, rescue.hops(), rescue.generation(), rescue.rescues(), Set.of());
    }
}
