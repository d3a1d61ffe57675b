package dev.sluice.engine.exchange;

import dev.sluice.cluster.config.HostPort;
import dev.sluice.cluster.l7.Balancing;
import dev.sluice.engine.balance.Endpoints;
import dev.sluice.engine.http.Fields;
import dev.sluice.engine.http.Forwarding;
import dev.sluice.engine.http.Names;
import dev.sluice.engine.http.Peer;
import dev.sluice.engine.http.RequestHead;
import dev.sluice.engine.route.KeyReader;
import dev.sluice.engine.upstream.Group;

import org.jspecify.annotations.Nullable;

/**
 * What draws a request to one endpoint of its group rather than to any.
 *
 * @param place where it belongs on the group's ring; 0 if it has none
 * @param cookie by which its client stays with an endpoint; null for none
 * @param token what the client's cookie says of its endpoint
 * @param secure as far as we or a trusted peer know, the client's connection is; the cookie is for
 *     no other connections then
 */
record Affinity(long place, @Nullable String cookie, @Nullable String token, boolean secure) {
    private static final Affinity NONE = new Affinity(0, null, null, false);
    private static final String TERMS = "; Path=/; HttpOnly; SameSite=Lax";

    /** Ask before anything is changed in the head. */
    static Affinity of(RequestHead head, Peer peer, Group to, Forwarding forwarding) {
        String cookie = to.cookie();
        long place = placeOf(head, peer, to.upstream().balancing(), forwarding);
        if (cookie == null) {
            return place == 0 ? NONE : new Affinity(place, null, null, false);
        }
        String token = KeyReader.cookie(head, cookie);
        return new Affinity(place, cookie, token, forwarding.isSecure(head, peer));
    }

    private static long placeOf(
            RequestHead head, Peer peer, Balancing balancing, Forwarding forwarding) {
        return balancing.method() == Balancing.Method.RING_HASH
                ? Endpoints.place(new KeyReader(balancing.hashBy(), forwarding).read(head, peer))
                : 0;
    }

    /** The client stays where it was answered, unless it knows that already. */
    void pin(Fields response, Group group, HostPort endpoint) {
        if (cookie == null) {
            return;
        }
        String next = group.token(endpoint);
        if (!next.equals(token)) {
            String terms = secure ? TERMS + "; Secure" : TERMS;
            response.add(Names.SET_COOKIE, cookie + "=" + next + terms);
        }
    }
}
