package dev.sluice.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.engine.http.Failure;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/** Second attempts: only where they can harm nobody, and only as many as servers can bear. */
final class RetryIT {
    private static final String GET = "GET / HTTP/1.1\r\nHost: test\r\n\r\n";

    /** Refuses every other request, and takes its time for those between. */
    private static Server refusing(List<Integer> streams, CountDownLatch goOn) {
        return Server.of((wire, self) -> {
            H2Wire h2 = H2Wire.serve(wire);
            while (true) {
                H2Wire.Frame head = h2.await(H2Wire.HEADERS);
                streams.add(head.stream());
                if (head.field(":path").equals("/fine")) {
                    h2.head(head.stream(), true, ":status", "204");
                } else if (streams.size() % 2 == 1) {
                    h2.reset(head.stream(), H2Wire.REFUSED_STREAM);
                } else {
                    goOn.await();
                    h2.head(head.stream(), true, ":status", "200");
                }
            }
        });
    }

    @Test
    void onlySoManyAreOnTheirSecondAttempt() {
        List<Integer> streams = new CopyOnWriteArrayList<>();
        CountDownLatch goOn = new CountDownLatch(1);
        String upstream = "    version: h2\n    retries: {percent: 0, least: 1}";
        try (Server server = refusing(streams, goOn);
                Bench bench = onOneLoop(upstream, server);
                Wire first = bench.connect();
                Wire second = bench.connect()) {
            first.send(GET);
            await().until(() -> streams.size() == 2);
            second.send(GET);
            FailureIT.assertFailure(second.readResponse(), 502, "upstream-refused");
            assertThat(streams).hasSize(3);
            assertThat(bench.engine.figures().retries().get(Failure.UPSTREAM_REFUSED)).isEqualTo(1);
            assertThat(bench.engine.figures().deniedRetries()).isEqualTo(1);
            goOn.countDown();
            assertThat(first.readResponse().status()).isEqualTo(200);
            // The budget is free again. An even number: the next one is refused first.
            bench.get("/fine");
            first.send(GET);
            assertThat(first.readResponse().status()).isEqualTo(200);
            assertThat(bench.engine.figures().retries().get(Failure.UPSTREAM_REFUSED)).isEqualTo(2);
        }
    }

    /** Where all requests share one connection. */
    private static Bench onOneLoop(String upstream, Server server) {
        Bench bench = new Bench(new EngineOptions("p", Transport.best(), 1));
        bench.apply(
                bench.listener("")
                        + bench.upstream(upstream, server)
                        + "routes: [{upstream: app}]");
        return bench;
    }

    /** The budget spares servers, and none heard of it. */
    @Test
    void whoCannotBeReachedIsPassedOverWithoutABudget() {
        try (Server server = Server.saying("hello");
                Bench bench = toNobodyAnd("\"" + server.address() + "\"")) {
            for (int i = 0; i < 6; i++) {
                assertThat(bench.get("/").text()).isEqualTo("hello");
            }
            assertThat(bench.engine.figures().retries().get(Failure.CONNECT_FAILED)).isPositive();
            assertThat(bench.engine.figures().deniedRetries()).isZero();
            assertThat(server.requests).hasSize(6);
        }
    }

    @Test
    void afterThreeThatCannotBeReachedNobodyIsAsked() {
        try (Bench bench = toNobodyAnd("\"127.0.0.1:3\", \"127.0.0.1:4\"")) {
            FailureIT.assertFailure(bench.get("/"), 502, "connect-failed");
            assertThat(bench.engine.figures().retries().get(Failure.CONNECT_FAILED)).isEqualTo(2);
        }
    }

    /** Nobody listens on these ports. */
    private static Bench toNobodyAnd(String others) {
        Bench bench = new Bench();
        bench.apply(
                bench.listener("")
                        + """
                        upstreams:
                          - name: app
                            endpoints: ["127.0.0.1:1", "127.0.0.1:2", OTHERS]
                            balance: round-robin
                            retries: {percent: 0, least: 0}
                        routes: [{upstream: app}]
                        """
                                .replace("OTHERS", others));
        return bench;
    }

    /** A server that has begun to answer has acted. */
    @Test
    void anAnswerThatBreaksOffInItsHeadIsNotAskedForAgain() {
        try (Server server =
                        Server.of((wire, self) -> {
                            self.take(wire);
                            wire.send(Server.ok("hello"));
                            self.take(wire);
                            wire.send("HTTP/1.1 200 O");
                        });
                Bench bench = Bench.to(server);
                Wire wire = bench.connect()) {
            wire.send(GET);
            assertThat(wire.readResponse().text()).isEqualTo("hello");
            wire.send(GET);
            FailureIT.assertFailure(wire.readResponse(), 502, "upstream-closed");
            assertThat(server.requests).hasSize(2);
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @Test
    void anInformationalAnswerIsAnAnswer() {
        try (Server server =
                        Server.of((wire, self) -> {
                            self.take(wire);
                            wire.send(Server.ok("hello"));
                            self.take(wire);
                            wire.send("HTTP/1.1 103 Early Hints\r\n\r\n");
                        });
                Bench bench = Bench.to(server);
                Wire wire = bench.connect()) {
            wire.send(GET);
            assertThat(wire.readResponse().text()).isEqualTo("hello");
            wire.send(GET);
            assertThat(wire.readResponse().status()).isEqualTo(103);
            FailureIT.assertFailure(wire.readResponse(), 502, "upstream-closed");
            assertThat(server.requests).hasSize(2);
        }
    }

    /** RFC 9113 §8.7: only REFUSED_STREAM says that nothing was done. */
    @Test
    void aStreamThatWasResetOtherwiseIsNotAskedForAgain() {
        List<Integer> streams = new CopyOnWriteArrayList<>();
        try (Server server =
                        Server.of((wire, self) -> {
                            H2Wire h2 = H2Wire.serve(wire);
                            while (true) {
                                H2Wire.Frame head = h2.await(H2Wire.HEADERS);
                                streams.add(head.stream());
                                if (streams.size() == 1) {
                                    h2.head(head.stream(), true, ":status", "204");
                                } else {
                                    h2.reset(head.stream(), H2Wire.INTERNAL_ERROR);
                                }
                            }
                        });
                Bench bench = Bench.with("", "    version: h2", server);
                Wire wire = bench.connect()) {
            wire.send(GET);
            assertThat(wire.readResponse().status()).isEqualTo(204);
            wire.send(GET);
            FailureIT.assertFailure(wire.readResponse(), 502, "upstream-closed");
            assertThat(streams).hasSize(2);
        }
    }
}
