package dev.sluice.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cluster.node.MetricsText;
import dev.sluice.cluster.packet.DirectorCounter;
import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.pool.Bind;

import org.junit.jupiter.api.Test;

import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

class DatapathMetricsTest {
    private static final Address VIP = Address.parse("203.0.113.10");
    private static final Address HOP = Address.parse("198.18.51.10");

    @Test
    void labelsPacketsWithPoolAndVerdict() {
        String text =
                DatapathMetrics.addPackets(
                                new MetricsText(), "sluice_director", "Packets", counts(Map.of()))
                        .toString();

        assertThat(text)
                .contains("# TYPE sluice_director_packets_total counter\n")
                .contains("sluice_director_packets_total{pool=\"\",verdict=\"pass_no_bind\"} 5\n")
                .contains("sluice_director_packets_total{pool=\"web\",verdict=\"forwarded\"} 7\n");
    }

    @Test
    void labelsTrafficWithBindAndHop() {
        String text = traffic(counts(Map.of(Bind.tcp(VIP, 443), new Traffic(7, 900))));

        assertThat(text)
                .contains("sluice_director_bind_packets_total{bind=\"203.0.113.10:443/tcp\"} 7\n")
                .contains("sluice_director_bind_bytes_total{bind=\"203.0.113.10:443/tcp\"} 900\n")
                .contains(
                        "sluice_director_hop_packets_total{address=\"198.18.51.10\","
                                + "proxy=\"proxy-1\"} 3\n")
                .contains(
                        "sluice_director_hop_bytes_total{address=\"198.18.51.10\","
                                + "proxy=\"proxy-1\"} 40\n");
    }

    @Test
    void bindsBeyondTheBoundShareOneSeries() {
        Map<Bind, Traffic> binds =
                IntStream.rangeClosed(1, DatapathMetrics.MAX_BINDS + 5)
                        .mapToObj(port -> Bind.tcp(VIP, port))
                        .collect(Collectors.toMap(Function.identity(), b -> new Traffic(2, 100)));

        String text = traffic(counts(binds));

        assertThat(text.lines().filter(l -> l.startsWith("sluice_director_bind_packets_total{")))
                .hasSize(DatapathMetrics.MAX_BINDS + 1)
                .contains("sluice_director_bind_packets_total{bind=\"others\"} 10");
    }

    private static String traffic(Counts<DirectorCounter> counts) {
        return DatapathMetrics.addTraffic(new MetricsText(), counts, Map.of(HOP, "proxy-1"))
                .toString();
    }

    private static Counts<DirectorCounter> counts(Map<Bind, Traffic> binds) {
        return new Counts<>(
                Map.of(DirectorCounter.PASS_NO_BIND, 5L),
                Map.of("web", Map.of(DirectorCounter.FORWARDED, 7L)),
                binds,
                Map.of(HOP, new Traffic(3, 40)));
    }
}
