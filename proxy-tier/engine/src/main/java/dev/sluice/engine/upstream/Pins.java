package dev.sluice.engine.upstream;

import dev.sluice.cluster.config.HostPort;
import dev.sluice.cluster.l7.Stickiness;
import dev.sluice.engine.tls.Secrets;
import dev.sluice.engine.tls.Watched;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * What the cookies of clients that stay at their endpoint say. A token is made of the endpoint's
 * address and the secret, and is the same on every proxy: it shows no address, and nobody can make
 * one up. Thread-safe.
 */
final class Pins {
    private static final int TOKEN_BYTES = 16;

    private final String upstream;
    private final Stickiness terms;
    private final Watched<Secrets> secrets;

    /** Made anew when endpoints or secrets change; whoever needs it first makes it. */
    private volatile Table table = new Table(Set.of(), null, Map.of(), Map.of());

    /**
     * What tokens there are.
     *
     * @param byToken with any of the secrets
     * @param tokens with the first, which are given out
     */
    private record Table(
            Set<HostPort> addresses,
            @Nullable Secrets secrets,
            Map<String, HostPort> byToken,
            Map<HostPort, String> tokens) {}

    Pins(String upstream, Stickiness terms, Watched<Secrets> secrets) {
        this.upstream = upstream;
        this.terms = terms;
        this.secrets = secrets;
    }

    String cookie() {
        return terms.cookie();
    }

    Watched<Secrets> files() {
        return secrets;
    }

    /**
     * What a client of an endpoint shows from now on.
     *
     * @param addresses the same set as long as nothing changes
     */
    String token(HostPort address, Set<HostPort> addresses) {
        String known = of(addresses).tokens.get(address);
        // It may have left since it was asked.
        return known == null ? token(secrets.current(), 0, address) : known;
    }

    /**
     * The endpoint that a token is for; null if it is for none of these.
     *
     * @param addresses the same set as long as nothing changes
     */
    @Nullable HostPort find(String token, Set<HostPort> addresses) {
        return of(addresses).byToken.get(token);
    }

    @SuppressWarnings("ReferenceEquality") // Cheaper than to compare, and no less right.
    private Table of(Set<HostPort> addresses) {
        Table known = table;
        if (known.addresses != addresses || known.secrets != secrets.current()) {
            known = tableOf(addresses);
            table = known;
        }
        return known;
    }

    private Table tableOf(Set<HostPort> addresses) {
        Secrets now = secrets.current();
        Map<String, HostPort> byToken = new HashMap<>();
        Map<HostPort, String> tokens = new HashMap<>();
        for (HostPort address : addresses) {
            for (int i = 0; i < now.size(); i++) {
                String token = token(now, i, address);
                byToken.put(token, address);
                tokens.putIfAbsent(address, token);
            }
        }
        return new Table(addresses, now, byToken, tokens);
    }

    private String token(Secrets some, int index, HostPort address) {
        byte[] of = (upstream + " " + address).getBytes(StandardCharsets.UTF_8);
        byte[] token = Arrays.copyOf(some.derive(index, "sticky", of), TOKEN_BYTES);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(token);
    }
}
