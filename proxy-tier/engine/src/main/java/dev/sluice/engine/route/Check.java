package dev.sluice.engine.route;

import dev.sluice.cluster.config.AddressBlock;
import dev.sluice.cluster.l7.route.Condition;
import dev.sluice.cluster.l7.route.ValueMatch;
import dev.sluice.cluster.pool.Address;
import dev.sluice.engine.cors.CorsPolicy;
import dev.sluice.engine.http.Forwarding;
import dev.sluice.engine.http.Peer;
import dev.sluice.engine.http.RequestHead;

import java.util.List;
import java.util.Set;

/** A {@link Condition} made ready to be asked. */
interface Check {

    boolean holds(RequestHead head, Peer peer);

    /**
     * Makes one.
     *
     * @param forwarding knows what trusted peers say of clients
     * @param preflights of pages are for the route that the request itself will be for
     */
    static Check of(Condition condition, Forwarding forwarding, boolean preflights) {
        return switch (condition) {
            case Condition.Methods(Set<String> names) when preflights ->
                    (head, _) -> names.contains(head.method()) || asksFor(head, names);
            case Condition.Methods(Set<String> names) -> (head, _) -> names.contains(head.method());
            case Condition.Secure(boolean secure) ->
                    (head, peer) -> forwarding.isSecure(head, peer) == secure;
            case Condition.Clients(List<AddressBlock> blocks) ->
                    (head, peer) -> isIn(blocks, forwarding.client(head, peer));
            case Condition.Carries(Condition.Source source, String name, ValueMatch value) -> {
                Carried carried = Carried.of(source, name);
                yield value instanceof ValueMatch.Absent
                        ? (head, _) -> !carried.any(head, _ -> true)
                        : (head, _) -> carried.any(head, value::fits);
            }
        };
    }

    private static boolean asksFor(RequestHead head, Set<String> methods) {
        String asked = CorsPolicy.askedMethod(head);
        return asked != null && methods.contains(asked);
    }

    private static boolean isIn(List<AddressBlock> blocks, Address client) {
        for (AddressBlock block : blocks) {
            if (block.contains(client)) {
                return true;
            }
        }
        return false;
    }
}
