package dev.sluice.proxy.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

final class ReloadBenchIT {
    @Test
    void noRequestIsLostAndAllIsMeasured() throws Exception {
        List<String> progress = new ArrayList<>();
        ReloadResult result =
                new ReloadBench(new ReloadBench.Options(50, 10, 0), progress::add).run();
        assertThat(result.routes()).isEqualTo(50);
        assertThat(result.reloads()).isEqualTo(10);
        assertThat(result.lost()).isZero();
        assertThat(result.millis().low()).isPositive();
        assertThat(result.bytes().low()).isGreaterThan(10_000);
        assertThat(result.busy().requests()).isPositive();
        assertThat(result.quiet().requests()).isPositive();
        assertThat(progress).containsExactly("reload 10", "without reloads");
    }

    @Test
    void aResultIsForPeopleAndForPrograms() {
        ReloadResult result =
                new ReloadResult(
                        1_000,
                        100,
                        new Samples(20, 18, 30),
                        new Samples(5e6, 4e6, 6e6),
                        500_000,
                        new ReloadResult.Traffic(900, 0.5, 2, 0, 0),
                        new ReloadResult.Traffic(800, 0.6, 3, 2, 15),
                        0);
        assertThat(ReloadText.table(result))
                .isEqualTo(
                        """
                        routes              1000
                        reloads             100
                        requests lost       0
                        time of a reload    20.00 (18.00..30.00) ms
                        allocated for one   5.00 (4.00..6.00) MB
                        retained after all  0.50 MB
                        with reloads        800 requests, P50 0.60 ms, P99 3.00 ms, 2 collections of 15 ms
                        without             900 requests, P50 0.50 ms, P99 2.00 ms, 0 collections of 0 ms
                        """);
        assertThat(ReloadText.json(result))
                .isEqualTo(
                        """
                        {"routes":1000,"reloads":100,"lost":0,\
                        "millis":{"median":20.00,"low":18.00,"high":30.00},\
                        "bytes":{"median":5000000.00,"low":4000000.00,"high":6000000.00},\
                        "retainedBytes":500000,\
                        "busy":{"requests":800,"p50Millis":0.60,"p99Millis":3.00,\
                        "collections":2,"collectingMillis":15},\
                        "quiet":{"requests":900,"p50Millis":0.50,"p99Millis":2.00,\
                        "collections":0,"collectingMillis":0}}\
                        """);
    }
}
