package dev.sluice.director.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.director.bench.BenchCase.Family;
import dev.sluice.testing.Needs;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A run fails unless the sink behind the wire counts every frame, so one that ends says so. */
class DirectorBenchIT {
    private static final int ROUNDS = 2;
    private static final int PACKETS = 2_000;
    private static final BenchCase FEW_FLOWS = BenchCase.BASE.withFlows(100);

    private final List<BenchResult> told = new ArrayList<>();

    @BeforeAll
    static void requireRoot() {
        Needs.met(
                "root".equals(System.getProperty("user.name")),
                "network namespaces and BPF need root");
    }

    @Test
    void everyFrameOfEveryProgramArrives() throws IOException {
        List<BenchCase> cases =
                List.of(
                        FEW_FLOWS,
                        FEW_FLOWS.withPools(4).withBinds(64),
                        FEW_FLOWS.withHops(4).withPayload(BenchCase.LARGE),
                        FEW_FLOWS.withFamily(Family.IPV6));

        List<BenchResult> results = new DirectorBench(ROUNDS, PACKETS).run(cases, told::add);

        assertThat(results).isEqualTo(told).extracting(BenchResult::measured).isEqualTo(cases);
        assertThat(results)
                .allSatisfy(result -> {
                    assertThat(result.bare().low()).isPositive();
                    assertThat(result.limit().low()).isPositive();
                    assertThat(result.lookup().low()).isPositive();
                    assertThat(result.director().low()).isPositive();
                });
    }

    @Test
    void framesThatTheDirectorDropsAreNoMeasurement() {
        List<BenchCase> nobodyToSendTo = List.of(FEW_FLOWS.withProxies(0));

        assertThatThrownBy(() -> new DirectorBench(ROUNDS, PACKETS).run(nobodyToSendTo, told::add))
                .hasMessageContaining("of 2000 frames 0 arrived");
        assertThat(told).isEmpty();
    }
}
