package dev.sluice.engine.tls;

import dev.sluice.cluster.l7.Tls;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The certificates of a listener as they were read at one moment. Immutable. */
final class Contexts {
    private final Tls tls;
    private final List<Served> all;

    /** Wildcards as {@code *.example.org}. */
    private final Map<String, List<Served>> byName;

    private Contexts(Tls tls, List<Served> all, Map<String, List<Served>> byName) {
        this.tls = tls;
        this.all = List.copyOf(all);
        this.byName = Map.copyOf(byName);
    }

    /** In the order of the configuration. */
    List<Served> all() {
        return all;
    }

    /** What a client gets; null if it is to be refused. */
    @Nullable Served choose(ClientHello hello) {
        List<Served> fitting = hello.name().map(this::forName).orElse(List.of());
        if (fitting.isEmpty()) {
            if (tls.unknownName() == Tls.UnknownName.REFUSE) {
                return null;
            }
            fitting = sameNames(all.getFirst());
        }
        for (Served served : fitting) {
            if (hello.takes(served.leaf().getPublicKey().getAlgorithm())) {
                return served;
            }
        }
        return fitting.getFirst();
    }

    /** The one host that the client's connection is for; null if that is not so narrow. */
    @Nullable String onlyHost(ClientHello hello) {
        return tls.otherNames() == Tls.OtherNames.REFUSE
                ? hello.name().map(name -> name.toLowerCase(Locale.ROOT)).orElse(null)
                : null;
    }

    /** Without a name any of the certificates will do that stand for the first one's names. */
    private List<Served> sameNames(Served first) {
        return byName.values().stream()
                .filter(some -> some.getFirst().equals(first))
                .findFirst()
                .orElse(List.of(first));
    }

    /** Who is asked for a certificate when a host is asked for. */
    Optional<Tls.Clients> clientsAskedFor(String host) {
        List<Served> fitting = forName(host);
        return fitting.isEmpty() ? all.getFirst().policy().clients() : clients(fitting);
    }

    private static Optional<Tls.Clients> clients(List<Served> some) {
        return some.getFirst().policy().clients();
    }

    private List<Served> forName(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        List<Served> exact = byName.get(lower);
        if (exact != null) {
            return exact;
        }
        // A wildcard stands for exactly one label (RFC 6125 §6.4.3).
        int dot = lower.indexOf('.');
        return dot < 0 ? List.of() : byName.getOrDefault("*" + lower.substring(dot), List.of());
    }

    /** Collects certificates in the order of the configuration. */
    static final class Builder {
        private final List<Served> all = new ArrayList<>();
        private final Map<String, List<Served>> byName = new HashMap<>();

        /** The name, if it would be served under two policies, which is refused. */
        Optional<String> add(Served served, List<String> names) {
            all.add(served);
            Optional<String> torn = Optional.empty();
            for (String name : names) {
                List<Served> same = byName.computeIfAbsent(name, _ -> new ArrayList<>());
                same.add(served);
                if (!clients(same).equals(served.policy().clients())) {
                    torn = Optional.of(name);
                }
            }
            return torn;
        }

        int size() {
            return all.size();
        }

        Contexts build(Tls tls) {
            return new Contexts(tls, all, byName);
        }
    }
}
