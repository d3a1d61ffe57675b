package dev.sluice.engine;

import dev.sluice.cluster.config.Problem;
import dev.sluice.cluster.l7.Discovery;
import dev.sluice.cluster.l7.L7Config;
import dev.sluice.cluster.l7.Upstream;
import dev.sluice.engine.discovery.Discoveries;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Endpoints that a configuration wants to be looked up. */
final class Lookups {
    private Lookups() {}

    static Set<Discovery> places(L7Config config) {
        return config.upstreams().stream()
                .flatMap(upstream -> upstream.discovery().stream())
                .collect(Collectors.toUnmodifiableSet());
    }

    /**
     * Those that are not found, which is no reason to refuse it: they may come. Blocks.
     *
     * @param origin what warnings name as their file
     * @param running what is found already is not looked up again
     * @param most that is waited
     */
    static List<Problem> warnings(
            String origin, L7Config config, Discoveries running, Duration most) {
        Set<Discovery> unknown =
                places(config).stream()
                        .filter(place -> !running.of(place).trouble().isEmpty())
                        .collect(Collectors.toUnmodifiableSet());
        try (Discoveries trial = running.another()) {
            trial.follow(unknown);
            trial.awaitFirst(most);
            List<Problem> warnings = new ArrayList<>();
            for (int i = 0; i < config.upstreams().size(); i++) {
                warning(origin, i, config.upstreams().get(i), unknown, trial)
                        .ifPresent(warnings::add);
            }
            return warnings;
        }
    }

    private static Optional<Problem> warning(
            String origin,
            int index,
            Upstream upstream,
            Set<Discovery> unknown,
            Discoveries trial) {
        return upstream.discovery()
                .filter(unknown::contains)
                .filter(place -> !trial.of(place).trouble().isEmpty())
                .map(place ->
                        Problem.general(
                                origin,
                                "upstreams[" + index + "]." + key(place),
                                place + ": " + trial.of(place).trouble(),
                                "served all the same, without endpoints until some are found"));
    }

    private static String key(Discovery place) {
        return switch (place) {
            case Discovery.Dns _ -> "dns.name";
            case Discovery.Services _ -> "zookeeper.path";
        };
    }
}
