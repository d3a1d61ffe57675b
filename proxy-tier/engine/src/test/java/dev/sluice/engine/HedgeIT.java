package dev.sluice.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.engine.balance.EndpointStatus;
import dev.sluice.engine.exchange.HedgeResult;
import dev.sluice.engine.http.Failure;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** A second endpoint is asked beside one that takes long. */
final class HedgeIT {
    private static final String GET = "GET / HTTP/1.1\r\nHost: test\r\n\r\n";
    private static final String SOON = "hedge: {after: 20ms}";
    private static final String NEVER = "hedge: {after: 1m}";

    /** Of all servers together: who is asked first is drawn. */
    private final AtomicInteger asked = new AtomicInteger();

    private final CountDownLatch goOn = new CountDownLatch(1);

    /** What is done with the first request, and with all others. */
    private Server server(Server.Behaviour first, Server.Behaviour others) {
        return Server.of((wire, self) -> {
            while (true) {
                self.take(wire);
                (asked.incrementAndGet() == 1 ? first : others).serve(wire, self);
            }
        });
    }

    private static void stayingSilent(Wire wire, Server self) {
        wire.readToEnd();
    }

    private static Server.Behaviour saying(String text) {
        return (wire, self) -> wire.send(Server.ok(text));
    }

    private void dyingLater(Wire wire, Server self) throws InterruptedException {
        goOn.await();
        wire.close();
    }

    private void sayingLater(Wire wire, Server self) throws InterruptedException {
        goOn.await();
        wire.send(Server.ok("late"));
    }

    private static Bench bench(String route, String upstream, Server... servers) {
        Bench bench = new Bench();
        bench.apply(
                bench.listener("")
                        + bench.upstream(upstream, servers)
                        + "routes: [{upstream: app, %s}]".formatted(route));
        return bench;
    }

    private static long count(Bench bench, HedgeResult result) {
        return bench.engine.figures().hedges().getOrDefault(result, -1L);
    }

    /** Nothing is on its way, or thought of as failing. */
    private static void assertAtRest(Bench bench) {
        await().untilAsserted(() -> {
            var upstream = bench.engine.upstreams().getFirst();
            assertThat(upstream.requests()).isZero();
            assertThat(upstream.endpoints()).extracting(EndpointStatus::inFlight).containsOnly(0);
        });
    }

    private static void assertAskedOnceEach(Server... servers) {
        for (Server server : servers) {
            assertThat(server.requests).hasSize(1);
        }
    }

    @Test
    void theSecondAnswersAndTheFirstIsCancelled() {
        try (Server one = server(HedgeIT::stayingSilent, saying("quick"));
                Server other = server(HedgeIT::stayingSilent, saying("quick"));
                Bench bench = bench(SOON, "", one, other)) {
            assertThat(bench.get("/").text()).isEqualTo("quick");
            assertAskedOnceEach(one, other);
            // Its silence ends with its connection.
            await().until(() -> one.closed() + other.closed() > 0);
            assertThat(count(bench, HedgeResult.WON)).isEqualTo(1);
            assertThat(bench.engine.figures().retries().values()).containsOnly(0L);
            assertAtRest(bench);
        }
    }

    @Test
    void theFirstAnswersAndTheSecondIsCancelled() {
        try (Server one = server(this::sayingLater, HedgeIT::stayingSilent);
                Server other = server(this::sayingLater, HedgeIT::stayingSilent);
                Bench bench = bench(SOON, "", one, other);
                Wire wire = bench.connect()) {
            wire.send(GET);
            await().until(() -> asked.get() == 2);
            goOn.countDown();
            assertThat(wire.readResponse().text()).isEqualTo("late");
            await().until(() -> one.closed() + other.closed() > 0);
            assertAskedOnceEach(one, other);
            assertThat(count(bench, HedgeResult.LOST)).isEqualTo(1);
            assertAtRest(bench);
        }
    }

    @Test
    void whoAnswersInTimeIsAskedAlone() {
        try (Server one = Server.saying("one");
                Server other = Server.saying("other");
                Bench bench = bench(NEVER, "", one, other)) {
            bench.get("/");
            assertThat(one.requests.size() + other.requests.size()).isEqualTo(1);
            assertThat(bench.engine.figures().hedges().values()).containsOnly(0L);
        }
    }

    @Test
    void whatIsNotSafeToRepeatIsAskedOnce() {
        try (Server one = server(this::sayingLater, saying("second"));
                Server other = server(this::sayingLater, saying("second"));
                Bench bench = bench(SOON, "", one, other);
                Wire post = bench.connect();
                Wire get = bench.connect()) {
            post.send("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 2\r\n\r\nhi");
            await().until(() -> asked.get() == 1);
            // One that is hedged, and sent later, is through: the time of the first is over.
            get.send(GET);
            assertThat(get.readResponse().text()).isEqualTo("second");
            assertThat(asked).hasValue(2);
            goOn.countDown();
            assertThat(post.readResponse().text()).isEqualTo("late");
            assertThat(bench.engine.figures().hedges().values()).containsOnly(0L);
        }
    }

    @Test
    void aBodyThatIsBufferedIsSentTwice() {
        try (Server one = server(HedgeIT::stayingSilent, saying("quick"));
                Server other = server(HedgeIT::stayingSilent, saying("quick"));
                Bench bench = bench(SOON + ", buffer: {}", "", one, other);
                Wire wire = bench.connect()) {
            String body = "x".repeat(20_000);
            wire.send("PUT / HTTP/1.1\r\nHost: test\r\nContent-Length: 20000\r\n\r\n" + body);
            assertThat(wire.readResponse().text()).isEqualTo("quick");
            assertAskedOnceEach(one, other);
            assertThat(one.requests.getFirst().text()).isEqualTo(body);
            assertThat(other.requests.getFirst().text()).isEqualTo(body);
        }
    }

    @Test
    void beyondTheBudgetThereIsNone() {
        try (Server one = server(this::sayingLater, saying("quick"));
                Server other = server(this::sayingLater, saying("quick"));
                Bench bench = bench(SOON, "    retries: {percent: 0, least: 0}", one, other);
                Wire wire = bench.connect()) {
            wire.send(GET);
            await().until(() -> count(bench, HedgeResult.REFUSED) == 1);
            goOn.countDown();
            assertThat(wire.readResponse().text()).isEqualTo("late");
            assertThat(asked).hasValue(1);
        }
    }

    @Test
    void itNeverWaitsForAPlace() {
        try (Server only = server(this::sayingLater, saying("quick"));
                Bench bench = bench(SOON, "    limits: {requests: 1}", only);
                Wire wire = bench.connect()) {
            wire.send(GET);
            await().until(() -> count(bench, HedgeResult.REFUSED) == 1);
            goOn.countDown();
            assertThat(wire.readResponse().text()).isEqualTo("late");
            assertThat(only.requests).hasSize(1);
        }
    }

    @Test
    void oneThatIsNotNeededGivesItsBudgetBack() {
        Server.Behaviour inTurn =
                (wire, self) -> {
                    while (true) {
                        self.take(wire);
                        switch (asked.incrementAndGet()) {
                            case 1 -> sayingLater(wire, self);
                            case 4 -> wire.send(Server.ok("quick"));
                            default -> wire.readToEnd();
                        }
                    }
                };
        try (Server one = Server.of(inTurn);
                Server other = Server.of(inTurn);
                Bench bench = bench(SOON, "    retries: {percent: 0, least: 1}", one, other);
                Wire wire = bench.connect()) {
            wire.send(GET);
            await().until(() -> asked.get() == 2);
            goOn.countDown();
            assertThat(wire.readResponse().text()).isEqualTo("late");
            wire.send(GET);
            assertThat(wire.readResponse().text()).isEqualTo("quick");
            assertThat(count(bench, HedgeResult.LOST)).isEqualTo(1);
            assertThat(count(bench, HedgeResult.WON)).isEqualTo(1);
            assertThat(count(bench, HedgeResult.REFUSED)).isZero();
        }
    }

    @Test
    void theSecondTakesOverWhenTheFirstDies() {
        CountDownLatch second = new CountDownLatch(1);
        Server.Behaviour saved =
                (wire, self) -> {
                    second.await();
                    wire.send(Server.ok("saved"));
                };
        try (Server one = server(this::dyingLater, saved);
                Server other = server(this::dyingLater, saved);
                Bench bench = bench(SOON, "", one, other);
                Wire wire = bench.connect()) {
            wire.send(GET);
            await().until(() -> asked.get() == 2);
            goOn.countDown();
            await().until(() -> one.closed() + other.closed() > 0);
            second.countDown();
            assertThat(wire.readResponse().text()).isEqualTo("saved");
            assertAskedOnceEach(one, other);
            assertThat(count(bench, HedgeResult.WON)).isEqualTo(1);
            assertThat(bench.engine.figures().retries().values()).containsOnly(0L);
            assertAtRest(bench);
        }
    }

    @Test
    void whenBothDieTheClientHearsOfItAndTheBudgetIsFree() {
        try (Server one = server(this::dyingLater, this::dyingLater);
                Server other = server(this::dyingLater, this::dyingLater);
                Bench bench = bench(SOON, "    retries: {percent: 0, least: 1}", one, other);
                Wire wire = bench.connect()) {
            wire.send(GET);
            await().until(() -> asked.get() == 2);
            goOn.countDown();
            FailureIT.assertFailure(wire.readResponse(), 502, "upstream-closed");
            assertAskedOnceEach(one, other);
            assertThat(count(bench, HedgeResult.FAILED)).isEqualTo(1);
            assertAtRest(bench);
        }
    }

    @Test
    void aThirdIsAskedWhenBothDie() {
        AtomicInteger left = new AtomicInteger(2);
        Server.Behaviour dyingTwice =
                (wire, self) -> {
                    if (left.getAndDecrement() > 0) {
                        dyingLater(wire, self);
                    } else {
                        wire.send(Server.ok("third"));
                    }
                };
        try (Server one = server(dyingTwice, dyingTwice);
                Server two = server(dyingTwice, dyingTwice);
                Server three = server(dyingTwice, dyingTwice);
                Bench bench = bench(SOON, "    retries: {percent: 0, least: 1}", one, two, three);
                Wire wire = bench.connect()) {
            wire.send(GET);
            await().until(() -> asked.get() == 2);
            goOn.countDown();
            assertThat(wire.readResponse().text()).isEqualTo("third");
            assertAskedOnceEach(one, two, three);
            assertThat(count(bench, HedgeResult.FAILED)).isEqualTo(1);
            assertThat(bench.engine.figures().retries().get(Failure.UPSTREAM_CLOSED)).isEqualTo(1);
            assertAtRest(bench);
        }
    }

    @Test
    void bothAreCancelledWhenTheClientLeaves() {
        try (Server one = server(HedgeIT::stayingSilent, HedgeIT::stayingSilent);
                Server other = server(HedgeIT::stayingSilent, HedgeIT::stayingSilent);
                Bench bench = bench(SOON, "", one, other)) {
            try (Wire wire = bench.connect()) {
                wire.send(GET);
                await().until(() -> asked.get() == 2);
            }
            await().until(() -> one.closed() + other.closed() == 2);
            assertThat(count(bench, HedgeResult.LOST)).isEqualTo(1);
            assertAtRest(bench);
        }
    }

    @Test
    void aStreamOfTheLoserIsReset() {
        CountDownLatch reset = new CountDownLatch(1);
        Server.Behaviour h2 =
                (wire, self) -> {
                    H2Wire peer = H2Wire.serve(wire);
                    int stream = peer.await(H2Wire.HEADERS).stream();
                    if (asked.incrementAndGet() == 1) {
                        assertThat(peer.await(H2Wire.RST_STREAM).word(0)).isEqualTo(H2Wire.CANCEL);
                        reset.countDown();
                    } else {
                        peer.head(stream, false, ":status", "103");
                        peer.head(stream, true, ":status", "204");
                    }
                    wire.readToEnd();
                };
        try (Server one = Server.of(h2);
                Server other = Server.of(h2);
                Bench bench = bench(SOON, "    version: h2", one, other)) {
            assertThat(bench.get("/").status()).isEqualTo(204);
            await().until(() -> reset.getCount() == 0);
            assertThat(List.of(one.connections(), other.connections())).containsOnly(1);
            assertAtRest(bench);
        }
    }
}
