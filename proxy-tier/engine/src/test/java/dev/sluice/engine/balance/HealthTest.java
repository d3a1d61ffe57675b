package dev.sluice.engine.balance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cluster.l7.Balancing;
import dev.sluice.cluster.l7.EndpointSpec;
import dev.sluice.cluster.l7.HealthCheck;
import dev.sluice.cluster.l7.route.RequestKey;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What checks make of an endpoint; two bring it back, three put it out. */
final class HealthTest {
    private final Crowd crowd = new Crowd(Balancing.Method.ROUND_ROBIN, 1);

    @BeforeEach
    void checkAllOfThree() {
        crowd.check =
                new HealthCheck(
                        new HealthCheck.Tcp(),
                        Optional.empty(),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(2),
                        2,
                        3);
        crowd.adopt(3);
    }

    private void checked(int number, int times, @Nullable String problem) {
        for (int i = 0; i < times; i++) {
            crowd.endpoints.onCheck(Crowd.address(number), problem, crowd.now);
        }
    }

    @Test
    void theFirstOnesAreUsedBeforeTheyAreChecked() {
        assertThat(crowd.picks(9, 3)).containsExactly(3, 3, 3);
    }

    @Test
    void whoFailsThreeInARowIsOutAndTwoBringItBack() {
        checked(1, 2, "refused");
        assertThat(crowd.why(1)).containsExactly("2 of 3 checks in a row failed: refused");
        checked(1, 1, null);
        checked(1, 2, "refused");
        assertThat(crowd.picks(9, 3)).containsExactly(3, 3, 3);
        checked(1, 1, "status 503");
        assertThat(crowd.picks(10, 3)).containsExactly(5, 0, 5);
        assertThat(crowd.use(1)).isEqualTo(EndpointStatus.Use.UNWELL);
        checked(1, 1, null);
        assertThat(crowd.why(1))
                .containsExactly("checks fail: status 503 (1 of 2 passed that bring it back)");
        checked(1, 1, "status 503");
        checked(1, 1, null);
        assertThat(crowd.picks(10, 3)).containsExactly(5, 0, 5);
        checked(1, 1, null);
        assertThat(crowd.picks(9, 3)).containsExactly(3, 3, 3);
        assertThat(crowd.heard).containsExactly("well 1", "unwell 1: status 503", "well 1");
    }

    @Test
    void whoIsNewIsUsedOnceItPassesOne() {
        crowd.adopt(4);
        assertThat(crowd.picks(9, 4)).containsExactly(3, 3, 3, 0);
        assertThat(crowd.why(3)).containsExactly("new: waits for its first check");
        checked(3, 5, "refused");
        assertThat(crowd.why(3)).containsExactly("new: no check was passed yet: refused");
        checked(3, 1, null);
        assertThat(crowd.picks(8, 4)).containsExactly(2, 2, 2, 2);
    }

    @Test
    void whoReplacesThemAllIsUsedAtOnce() {
        crowd.balancing =
                new Balancing(
                        Balancing.Method.ROUND_ROBIN,
                        Duration.ofMinutes(1),
                        0,
                        new RequestKey.Client());
        crowd.adopt(List.of(new EndpointSpec(Crowd.address(3), 1)));
        assertThat(crowd.pick()).isEqualTo(3);
        crowd.adopt(
                List.of(
                        new EndpointSpec(Crowd.address(3), 0),
                        new EndpointSpec(Crowd.address(4), 1)));
        assertThat(crowd.pick()).isEqualTo(4);
        assertThat(crowd.endpoints.isPanic()).isFalse();
        assertThat(crowd.heard).isEmpty();
    }

    @Test
    void anotherConfigurationForgetsNothingUnlessItHasNoChecks() {
        checked(1, 3, "refused");
        crowd.adopt(2, 2, 2);
        assertThat(crowd.use(1)).isEqualTo(EndpointStatus.Use.UNWELL);
        crowd.check = null;
        crowd.adopt(3);
        assertThat(crowd.picks(9, 3)).containsExactly(3, 3, 3);
    }

    @Test
    void whenMostAreUnwellAllAreUsed() {
        checked(0, 3, "refused");
        checked(1, 3, "refused");
        assertThat(crowd.heard).last().isEqualTo("panic 1/3");
        assertThat(crowd.picks(9, 3)).containsExactly(3, 3, 3);
        assertThat(crowd.why(0))
                .containsExactly(
                        "panic: used all the same, as fewer than 50 % of the endpoints are fit",
                        "checks fail: refused (0 of 2 passed that bring it back)");
    }
}
