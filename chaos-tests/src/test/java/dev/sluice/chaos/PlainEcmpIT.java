package dev.sluice.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.lab.Await;
import dev.sluice.lab.LabDirectory;
import dev.sluice.lab.Node;
import dev.sluice.lab.Requirements;
import dev.sluice.lab.history.Event.Pin;
import dev.sluice.lab.history.Event.PinKind;
import dev.sluice.lab.history.Event.Request;
import dev.sluice.lab.history.History;
import dev.sluice.lab.traffic.ClientHost;
import dev.sluice.lab.traffic.Port;
import dev.sluice.lab.traffic.Traffic;
import dev.sluice.testing.Needs;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.util.List;

/**
 * The figures of docs/failures.md for HAProxy behind plain ECMP: the same traffic and the same
 * faults, without a director tier.
 */
@Tag("cluster")
@Tag("full")
class PlainEcmpIT {
    private static final Duration CALM = Duration.ofSeconds(3);

    /** HTTP/1.1 only, as its hosts speak. */
    private static final Traffic.Spec TRAFFIC = Traffic.Spec.DEFAULT.without(PinKind.GRPC);

    /** For a client to notice a connection that is not answered any more. */
    private static final Duration PAST_THE_PATIENCE = Duration.ofSeconds(14);

    /** What is done to the cluster. */
    enum Act {
        DRAIN {
            @Override
            void run(PlainEcmp cluster, List<Node> proxies) throws Exception {
                cluster.spread(proxies.subList(1, 3));
            }
        },
        RELOAD {
            @Override
            void run(PlainEcmp cluster, List<Node> proxies) throws Exception {
                cluster.reload(proxies.getFirst());
            }
        },
        LOSS {
            @Override
            void run(PlainEcmp cluster, List<Node> proxies) throws Exception {
                cluster.loseHost(proxies.getFirst());
            }
        },
        ADD {
            @Override
            void run(PlainEcmp cluster, List<Node> proxies) throws Exception {
                cluster.spread(proxies);
            }
        };

        abstract void run(PlainEcmp cluster, List<Node> proxies) throws Exception;
    }

    @ParameterizedTest
    @CsvSource({
        "DRAIN, false", "RELOAD, false", "LOSS, false", "ADD, false",
        "DRAIN, true", "RELOAD, true", "LOSS, true", "ADD, true",
    })
    void countsWhatBreaks(Act act, boolean resilient) throws Exception {
        Needs.nothingMore(Requirements.missing());
        Needs.met(HaproxyHosts.isInstalled(), "apt-get install haproxy");
        LabDirectory directory = TestCluster.spec("plainit").directory();
        History history = new History();
        try (PlainEcmp cluster = PlainEcmp.start(directory, resilient)) {
            ClientHost clients = cluster.clients();
            Port port = clients.plain();
            try (Traffic traffic = Traffic.start(TRAFFIC, history, port, port)) {
                assertThat(
                                Await.until(
                                        Duration.ofSeconds(20),
                                        Duration.ofMillis(50),
                                        () -> traffic.isUnderWay() && traffic.answered() > 60))
                        .as("traffic flows")
                        .isTrue();
                assertThat(traffic.pins()).noneMatch(pin -> pin.end().isDone());
                Await.pause(CALM);
                act.run(cluster, cluster.proxies());
                Await.pause(PAST_THE_PATIENCE);
            }
        }
        say(act, resilient, history);
    }

    private static void say(Act act, boolean resilient, History history) {
        List<Pin> pins = history.all(Pin.class);
        long broken = pins.stream().filter(p -> p.broken().isPresent()).count();
        long own =
                pins.stream()
                        .filter(p -> p.broken().isPresent() && p.proxy().equals("proxy-1"))
                        .count();
        long onIt = pins.stream().filter(p -> p.proxy().equals("proxy-1")).count();
        List<Request> requests = history.all(Request.class);
        long failed = requests.stream().filter(r -> r.failure().isPresent()).count();
        System.out.printf(
                "MEASURED haproxy, %s ECMP, %s: %d of %d pins broken, %d of %d of proxy-1; %d of %d"
                        + " requests failed%n",
                resilient ? "resilient" : "plain",
                act,
                broken,
                pins.size(),
                own,
                onIt,
                failed,
                requests.size());
        assertThat(requests.size()).isGreaterThan(300);
    }
}
