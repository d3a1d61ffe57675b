package dev.sluice.director;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cluster.agent.DirectorState;
import dev.sluice.cluster.agent.HopHealth;
import dev.sluice.cluster.packet.DirectorCounter;
import dev.sluice.datapath.Counts;
import dev.sluice.testing.Dashboards;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.Map;

final class DirectorMetricsTest {
    @Test
    void dashboardsAndAlarmsGoByWhatIsExported() throws IOException {
        Counts<DirectorCounter> none =
                new Counts<DirectorCounter>(Map.of(), Map.of(), Map.of(), Map.of());
        DirectorState state = DirectorState.initial(new HopHealth.Thresholds(3, 2), 0);
        assertThat(Dashboards.missing("director", DirectorMetrics.of(state, none).toString()))
                .isEmpty();
    }
}
