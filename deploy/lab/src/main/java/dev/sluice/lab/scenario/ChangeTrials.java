package dev.sluice.lab.scenario;

import dev.sluice.lab.Node;
import dev.sluice.lab.Role;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What operators do, and nothing is hurt. */
final class ChangeTrials {
    private ChangeTrials() {}

    static List<Trial> all() {
        return List.of(
                Catalog.small(
                        "drain",
                        "Each proxy in turn is drained, and filled once its view is everybody's.",
                        play -> {
                            for (Node proxy : play.nodes(Role.PROXY)) {
                                play.drain(proxy);
                                play.hold(Catalog.SHORT);
                                play.fill(proxy);
                                play.hold(Duration.ofSeconds(2));
                            }
                        }),
                Catalog.small(
                        "deadline",
                        "A drain whose deadline passes: the drained proxy's connections end, no other's.",
                        play -> {
                            Node proxy = play.any(play.nodes(Role.PROXY));
                            Duration deadline = Duration.ofSeconds(3);
                            play.during(
                                    p -> {
                                        p.change(
                                                "drain %s within 3 s".formatted(proxy),
                                                () -> p.operator().drain(proxy.name(), deadline));
                                        p.settle(Duration.ofSeconds(20));
                                    },
                                    Fault.harmless(
                                                    "the deadline of " + proxy,
                                                    Optional.of(proxy),
                                                    () -> {},
                                                    () -> {})
                                            .excusing(proxy, Duration.ZERO)
                                            .leavingStrays());
                            play.fill(proxy);
                        }),
                Catalog.small(
                        "config-churn",
                        "A new L7 configuration every second.",
                        play -> {
                            ConfigChurn churn = new ConfigChurn(play);
                            for (int i = 0; i < 8; i++) {
                                churn.apply();
                                play.hold(Duration.ofSeconds(1));
                            }
                        }));
    }
}
