package dev.sluice.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.engine.balance.EndpointStatus;
import dev.sluice.engine.upstream.WaitingStatus;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Endpoints that take so many requests at a time, and the line of those who wait. */
final class QueueIT {
    private static final String ONE = "    limits: {requests: 1, queue: 2, queueTimeout: 60s}";

    /** Answers each request with its target once it is let go. */
    private static Server holding(Semaphore places) {
        return Server.of((wire, server) -> {
            while (true) {
                Wire.Message request = server.take(wire);
                places.acquire();
                wire.send(Server.ok(request.firstLine().split(" ", -1)[1]));
            }
        });
    }

    private static WaitingStatus waiting(Bench bench) {
        return bench.engine.upstreams().getFirst().waiting();
    }

    private static void awaitWaiting(Bench bench, int count) {
        await().atMost(60, TimeUnit.SECONDS).until(() -> waiting(bench).now() == count);
    }

    private static Wire ask(Bench bench, String path) {
        Wire wire = bench.connect();
        wire.send("GET " + path + " HTTP/1.1\r\nHost: test\r\n\r\n");
        return wire;
    }

    private static void awaitRequests(Server server, int count) {
        await().atMost(60, TimeUnit.SECONDS).until(() -> server.requests.size() == count);
    }

    @Test
    void whoComesFirstIsServedFirstAndWhoFindsNoRoomIsRefused() {
        Semaphore places = new Semaphore(0);
        try (Server server = holding(places);
                Bench bench = Bench.with("", ONE, server);
                Wire first = ask(bench, "/1")) {
            awaitRequests(server, 1);
            try (Wire second = ask(bench, "/2")) {
                awaitWaiting(bench, 1);
                try (Wire third = ask(bench, "/3")) {
                    awaitWaiting(bench, 2);
                    Wire.Message refused = bench.get("/4");
                    assertThat(refused.firstLine()).contains("503");
                    assertThat(refused.field("sluice-reason")).contains("queue-full");
                    assertThat(refused.field("retry-after")).contains("1");
                    EndpointStatus full =
                            bench.engine.upstreams().getFirst().endpoints().getFirst();
                    assertThat(full.why().getFirst())
                            .isEqualTo("full: 1 of 1 requests on their way");
                    places.release();
                    assertThat(first.readResponse().text()).isEqualTo("/1");
                    awaitRequests(server, 2);
                    places.release(2);
                    assertThat(second.readResponse().text()).isEqualTo("/2");
                    assertThat(third.readResponse().text()).isEqualTo("/3");
                    assertThat(server.requests)
                            .extracting(request -> request.firstLine().split(" ", -1)[1])
                            .containsExactly("/1", "/2", "/3");
                }
            }
            WaitingStatus after = waiting(bench);
            assertThat(after.joined()).isEqualTo(2);
            assertThat(after.full()).isEqualTo(1);
            assertThat(after.waitedNanos()).isPositive();
        }
    }

    @Test
    void whoWaitsTooLongIsRefusedAndBlamesNobody() {
        Semaphore places = new Semaphore(0);
        try (Server server = holding(places);
                Bench bench =
                        Bench.with("", "    limits: {requests: 1, queueTimeout: 50ms}", server);
                Wire first = ask(bench, "/1")) {
            awaitRequests(server, 1);
            Wire.Message late = bench.get("/2");
            assertThat(late.firstLine()).contains("503");
            assertThat(late.field("sluice-reason")).contains("queue-timeout");
            assertThat(late.field("retry-after")).contains("1");
            assertThat(waiting(bench).late()).isEqualTo(1);
            assertThat(waiting(bench).now()).isZero();
            places.release();
            assertThat(first.readResponse().text()).isEqualTo("/1");
            assertThat(server.requests).hasSize(1);
        }
    }

    @Test
    void whoseClientHasGoneLeavesTheLine() {
        Semaphore places = new Semaphore(0);
        try (Server server = holding(places);
                Bench bench = Bench.with("", ONE, server);
                Wire first = ask(bench, "/1")) {
            awaitRequests(server, 1);
            Wire gone = ask(bench, "/2");
            awaitWaiting(bench, 1);
            try (Wire third = ask(bench, "/3")) {
                awaitWaiting(bench, 2);
                gone.close();
                awaitWaiting(bench, 1);
                places.release(2);
                assertThat(first.readResponse().text()).isEqualTo("/1");
                assertThat(third.readResponse().text()).isEqualTo("/3");
                assertThat(server.requests).hasSize(2);
            }
        }
    }

    /** Clients on several event loops; those of them that wait are woken by others. */
    @Test
    void noServerEverHasMoreThanItTakes() throws InterruptedException {
        AtomicInteger open = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        Server.Behaviour counting =
                (wire, server) -> {
                    while (true) {
                        Wire.Message request = server.take(wire);
                        most.accumulateAndGet(open.incrementAndGet(), Math::max);
                        Thread.onSpinWait();
                        open.decrementAndGet();
                        wire.send(Server.ok(request.firstLine()));
                    }
                };
        EngineOptions options = new EngineOptions("proxy-under-test", Transport.best(), 4);
        int clients = 24;
        int each = 40;
        try (Server server = Server.of(counting);
                Bench bench =
                        Bench.with(
                                options,
                                "",
                                "    limits: {requests: 3, queueTimeout: 60s}",
                                server)) {
            CountDownLatch done = new CountDownLatch(clients);
            AtomicInteger good = new AtomicInteger();
            for (int i = 0; i < clients; i++) {
                Thread.ofVirtual()
                        .start(() -> {
                            try (Wire wire = bench.connect()) {
                                for (int n = 0; n < each; n++) {
                                    wire.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n");
                                    if (wire.readResponse().firstLine().contains("200")) {
                                        good.incrementAndGet();
                                    }
                                }
                            } finally {
                                done.countDown();
                            }
                        });
            }
            assertThat(done.await(120, TimeUnit.SECONDS)).isTrue();
            assertThat(good).hasValue(clients * each);
            assertThat(most.get()).isBetween(1, 3);
            assertThat(waiting(bench).joined()).isPositive();
            assertThat(waiting(bench).now()).isZero();
            await().atMost(60, TimeUnit.SECONDS)
                    .until(() ->
                            bench.engine.upstreams().getFirst().endpoints().getFirst().inFlight()
                                    == 0);
        }
    }

    @Test
    void callsOfGrpcWaitOnOneConnectionAndAreToldWhyNot() {
        List<Integer> asked = new ArrayList<>();
        CountDownLatch answer = new CountDownLatch(1);
        try (Server server =
                        Server.of((wire, _) -> {
                            H2Wire h2 = H2Wire.serve(wire);
                            while (true) {
                                int stream = h2.await(H2Wire.HEADERS).stream();
                                asked.add(stream);
                                answer.await();
                                h2.head(stream, false, ":status", "200");
                                h2.head(stream, true, "grpc-status", "0");
                            }
                        });
                Bench bench =
                        Bench.with(
                                Http2IT.H2,
                                "    version: h2\n    limits: {requests: 1, queue: 1}",
                                server);
                H2Wire h2 = H2Wire.connect(bench.port)) {
            String[] call = {"content-type", "application/grpc", "te", "trailers"};
            h2.request(1, "POST", "/a.B/c", true, call);
            await().atMost(60, TimeUnit.SECONDS)
                    .until(() -> bench.engine.upstreams().getFirst().requests() == 1);
            h2.request(3, "POST", "/a.B/c", true, call);
            awaitWaiting(bench, 1);
            h2.request(5, "POST", "/a.B/c", true, call);
            H2Wire.Reply refused = h2.reply(5);
            assertThat(refused.field("grpc-status")).isEqualTo("14");
            assertThat(refused.field("grpc-message")).startsWith("queue-full");
            answer.countDown();
            assertThat(h2.reply(1).trailers()).contains("grpc-status: 0");
            assertThat(h2.reply(3).trailers()).contains("grpc-status: 0");
            assertThat(asked).hasSize(2);
        }
    }

    @Test
    void aStreamThatIsResetLeavesTheLine() {
        Semaphore places = new Semaphore(0);
        try (Server server = holding(places);
                Bench bench = Bench.with(Http2IT.H2, ONE, server);
                H2Wire h2 = H2Wire.connect(bench.port)) {
            h2.get(1, "/1");
            awaitRequests(server, 1);
            h2.get(3, "/2");
            awaitWaiting(bench, 1);
            h2.reset(3, H2Wire.CANCEL);
            awaitWaiting(bench, 0);
            places.release();
            assertThat(h2.reply(1).text()).isEqualTo("/1");
            assertThat(server.requests).hasSize(1);
        }
    }

    @Test
    void otherLimitsLetThoseWaitingIn() {
        Semaphore places = new Semaphore(0);
        try (Server server = holding(places);
                Server second = Server.saying("second");
                Bench bench = Bench.with("", ONE, server);
                Wire first = ask(bench, "/1")) {
            awaitRequests(server, 1);
            try (Wire waits = ask(bench, "/2")) {
                awaitWaiting(bench, 1);
                bench.apply(
                        bench.listener("")
                                + bench.upstream(ONE, server, second)
                                + "routes: [{upstream: app}]");
                assertThat(waits.readResponse().text()).isEqualTo("second");
                places.release();
                assertThat(first.readResponse().text()).isEqualTo("/1");
            }
        }
    }
}
