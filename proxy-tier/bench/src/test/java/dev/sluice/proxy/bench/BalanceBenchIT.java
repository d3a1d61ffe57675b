package dev.sluice.proxy.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

final class BalanceBenchIT {
    private static final int REQUESTS = 60;

    @Test
    void everyBalancerThatIsThereDoesTheWholeScript() throws Exception {
        List<String> progress = new ArrayList<>();
        List<BalanceResult> results =
                new BalanceBench(new BalanceBench.Options(1, 0, REQUESTS), progress::add).run();
        List<Balancer> there =
                Arrays.stream(Balancer.values())
                        .filter(one -> one.peer().missing().isEmpty())
                        .toList();
        assertThat(there).contains(Balancer.SLUICE_LEAST_REQUEST);
        for (BalanceBench.Servers servers : BalanceBench.Servers.values()) {
            assertThat(results)
                    .filteredOn(result -> result.servers() == servers)
                    .extracting(BalanceResult::balancer)
                    .isEqualTo(there);
        }
        assertThat(results)
                .allSatisfy(result -> {
                    assertThat(result.answered()).isEqualTo(REQUESTS);
                    assertThat(result.spread().median()).isBetween(1.0, 6.0);
                    assertThat(result.delay().median()).isPositive();
                });
        assertThat(progress).contains("equal, round 0: sluice-peak-ewma");
    }

    @Test
    void aSeedIsAScript() {
        Script script = Script.of(10_000, 10, 7);
        assertThat(script)
                .isEqualTo(Script.of(10_000, 10, 7))
                .isNotEqualTo(Script.of(10_000, 10, 8));
        double workMillis = script.steps().stream().mapToInt(Script.Step::millis).sum();
        double tookMillis = script.steps().getLast().atNanos() / 1e6;
        assertThat(workMillis / tookMillis).isBetween(9.0, 11.0);
    }

    @Test
    void resultsAreForPeopleAndForPrograms() {
        List<BalanceResult> results =
                List.of(
                        new BalanceResult(
                                BalanceBench.Servers.ONE_SLOW,
                                Balancer.NGINX_LEAST_CONN,
                                new Samples(1.2, 1.1, 1.3),
                                new Samples(10, 9, 11),
                                new Samples(1000, 900, 1100),
                                Optional.of(new Samples(2, 1.5, 2.5)),
                                2000));
        assertThat(BalanceText.table(results))
                .isEqualTo(
                        """
                        SERVERS   BALANCER              MAX/MEAN  QUARTERS      DELAY-MS  P99-MS    RATIO
                        one-slow  nginx-least-conn      1.20      1.10..1.30    10.00     1000.00   2.00
                        """);
        assertThat(BalanceText.json(results))
                .isEqualTo(
                        """
                        [{"servers":"one-slow","balancer":"nginx-least-conn",\
                        "spread":{"median":1.20,"low":1.10,"high":1.30},\
                        "delayMillis":{"median":10.00,"low":9.00,"high":11.00},\
                        "p99Millis":{"median":1000.00,"low":900.00,"high":1100.00},\
                        "delayRatio":{"median":2.00,"low":1.50,"high":2.50},"answered":2000}]\
                        """);
    }
}
