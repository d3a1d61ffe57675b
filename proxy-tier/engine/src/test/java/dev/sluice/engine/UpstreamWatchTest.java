package dev.sluice.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cluster.config.HostPort;
import dev.sluice.cluster.l7.EndpointSpec;
import dev.sluice.cluster.l7.L7Config;
import dev.sluice.cluster.l7.Upstream;
import dev.sluice.cluster.l7.Zones;
import dev.sluice.engine.balance.Endpoint;
import dev.sluice.engine.balance.EndpointStatus;
import dev.sluice.engine.balance.Endpoints;
import dev.sluice.engine.upstream.Group;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

final class UpstreamWatchTest {
    private static final long LATER = Duration.ofHours(1).toNanos();
    private static final HostPort FIRST = HostPort.parse("198.18.3.1:80");
    private static final HostPort SECOND = HostPort.parse("198.18.3.2:80");

    @Test
    void anUpstreamThatCannotBeSweptDoesNotHoldUpTheOthers() {
        Group broken = ejectedFrom();
        Group well = ejectedFrom();
        Upstream rules = broken.upstream();
        // More than any configuration may have: the sum overflows once the first one is back.
        List<EndpointSpec> heavy =
                List.of(new EndpointSpec(FIRST, 21_000_000), new EndpointSpec(SECOND, 21_000_000));
        broken.endpoints()
                .adopt(
                        new Endpoints.Policy(
                                rules.balancing(),
                                rules.ejection(),
                                rules.zones(),
                                Optional.empty()),
                        heavy,
                        0);
        assertThat(first(well)).isEqualTo(EndpointStatus.Use.EJECTED);
        UpstreamWatch.sweep(List.of(broken, well), LATER);
        assertThat(first(well)).isEqualTo(EndpointStatus.Use.USED);
    }

    private static EndpointStatus.Use first(Group group) {
        return group.endpoints().status(LATER).getFirst().use();
    }

    private static Group ejectedFrom() {
        Group group = new Group(upstream(), null, null, Zones.NONE);
        group.activate(0);
        Endpoint first = Objects.requireNonNull(group.endpoints().pinned(FIRST));
        for (int i = 0; i < 5; i++) {
            group.endpoints().onFailure(first, "test", 0);
        }
        return group;
    }

    private static Upstream upstream() {
        return L7Config.parse(
                        "test.yaml",
                        """
                        listeners: [{name: web, addresses: ["198.18.0.1:80"]}]
                        upstreams: [{name: app, endpoints: ["198.18.3.1:80", "198.18.3.2:80"]}]
                        """)
                .orElseThrow()
                .upstreams()
                .getFirst();
    }
}
