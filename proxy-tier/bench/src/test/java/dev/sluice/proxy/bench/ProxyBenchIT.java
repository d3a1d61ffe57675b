package dev.sluice.proxy.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

final class ProxyBenchIT {
    @Test
    void everyProxyThatIsThereServesEveryCase() throws Exception {
        List<String> progress = new ArrayList<>();
        ProxyBench.Report report =
                new ProxyBench(
                                new ProxyBench.Options(1, 0, 1_000, 8, 100, 2_000, List.of()),
                                progress::add)
                        .run();
        List<Peer> there =
                Arrays.stream(Peer.values()).filter(peer -> peer.missing().isEmpty()).toList();
        assertThat(there).contains(Peer.SLUICE_EPOLL);
        for (BenchCase what : BenchCase.all(1_000)) {
            assertThat(report.requests())
                    .filteredOn(result -> result.what().equals(what))
                    .extracting(BenchResult::peer)
                    .containsExactlyInAnyOrderElementsOf(there);
        }
        assertThat(report.requests()).allSatisfy(r -> assertThat(r.micros().median()).isPositive());
        assertThat(report.latencies())
                .hasSize(there.size() * BenchCase.all(1_000).size())
                .allSatisfy(r -> assertThat(r.micros().p50()).isPositive())
                .allSatisfy(
                        r -> assertThat(r.micros().p50()).isLessThanOrEqualTo(r.micros().p99()));
        assertThat(report.idle()).extracting(IdleResult::peer).isEqualTo(there);
        assertThat(report.idle()).allSatisfy(r -> assertThat(r.bytes()).isGreaterThan(1 << 20));
        assertThat(progress).contains("h1-small: round 0");
    }
}
