package dev.sluice.proxy.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.List;

final class RouteBenchTest {
    @Test
    void everyRequestFindsARouteInEverySize() {
        List<RouteResult> results = new RouteBench(new RouteBench.Options(1, 0, 4096)).run();
        assertThat(results).extracting(RouteResult::routes).containsExactly(10, 1_000, 10_000);
        assertThat(results).allSatisfy(result -> assertThat(result.buildBytes()).isPositive());
    }

    @Test
    void resultsAreForPeopleAndForPrograms() {
        Samples samples = new Samples(100, 90, 110);
        List<RouteResult> results =
                List.of(new RouteResult(10, samples, new Samples(1, 1, 1), 0, 1.5, 0.25, 1234));
        assertThat(RouteText.table(results))
                .isEqualTo(
                        """
                        ROUTES  NANOS/MATCH  RATIO   SPREAD        BYTES   READ MS   BUILD MS
                        10      100.00       1.00    1.00..1.00    0.00    1.50      0.25
                        """);
        assertThat(RouteText.json(results))
                .isEqualTo(
                        """
                        [{"routes":10,"nanos":{"median":100.00,"low":90.00,"high":110.00},\
                        "ratio":{"median":1.00,"low":1.00,"high":1.00},"bytesEach":0.00,\
                        "readMillis":1.50,"buildMillis":0.25,"buildBytes":1234}]\
                        """);
    }
}
