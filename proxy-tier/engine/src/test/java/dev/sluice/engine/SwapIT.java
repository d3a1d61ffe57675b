package dev.sluice.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.cluster.config.Problem;
import dev.sluice.cluster.l7.L7Config;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** A new configuration touches no connection and loses no request. */
final class SwapIT {
    private static final String GET = "GET / HTTP/1.1\r\nHost: test\r\n\r\n";

    @Test
    void underLoadNothingIsLost() throws InterruptedException {
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger answered = new AtomicInteger();
        List<Throwable> errors = new java.util.concurrent.CopyOnWriteArrayList<>();
        try (Server one = Server.saying("one");
                Server two = Server.saying("two");
                Bench bench = Bench.to(one)) {
            List<Thread> clients = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                clients.add(
                        Thread.ofVirtual()
                                .start(() -> {
                                    try (Wire wire = bench.connect()) {
                                        while (!over.get()) {
                                            wire.send(GET);
                                            assertThat(wire.readResponse().text())
                                                    .isIn("one", "two");
                                            answered.incrementAndGet();
                                        }
                                    } catch (UncheckedIOException | AssertionError e) {
                                        errors.add(e);
                                    }
                                }));
            }
            for (int i = 0; i < 40; i++) {
                Server server = i % 2 == 0 ? two : one;
                bench.apply(
                        bench.listener("    timeouts: {idle: %ds}".formatted(10 + i))
                                + bench.upstream("", server)
                                + "routes: [{upstream: app}]");
                int before = answered.get();
                await().until(() -> answered.get() >= before + 20 || !errors.isEmpty());
            }
            over.set(true);
            for (Thread client : clients) {
                client.join();
            }
            assertThat(errors).isEmpty();
            assertThat(answered).hasValueGreaterThan(800);
            assertThat(one.requests).isNotEmpty();
            assertThat(two.requests).isNotEmpty();
            assertThat(one.requests.size() + two.requests.size()).isEqualTo(answered.get());
        }
    }

    @Test
    void aRequestInFlightFinishesByWhatItBeganWith() throws InterruptedException {
        CountDownLatch swapped = new CountDownLatch(1);
        try (Server old =
                        Server.of((wire, self) -> {
                            self.take(wire);
                            swapped.await(60, TimeUnit.SECONDS);
                            wire.send(Server.ok("old"));
                            wire.readToEnd();
                        });
                Server fresh = Server.saying("new");
                Bench bench = Bench.to(old);
                Wire wire = bench.connect()) {
            wire.send(GET);
            await().until(() -> old.requests.size() == 1);
            bench.apply(
                    "identifyProxy: true\n"
                            + bench.listener("")
                            + bench.upstream("", fresh)
                            + "routes: [{upstream: app}]");
            swapped.countDown();
            Wire.Message first = wire.readResponse();
            assertThat(first.text()).isEqualTo("old");
            assertThat(first.field("x-served-by")).isEmpty();
            wire.send(GET);
            Wire.Message second = wire.readResponse();
            assertThat(second.text()).isEqualTo("new");
            assertThat(second.field("x-served-by")).isPresent();
            // The connection to an endpoint that is no longer wanted is not kept.
            await().until(() -> old.closed() == 1);
        }
    }

    @Test
    void connectionsToEndpointsThatStayAreKept() {
        try (Server stays = Server.saying("stays");
                Server goes = Server.saying("goes");
                Bench bench = Bench.with("", "    balance: round-robin", stays, goes);
                Wire wire = bench.connect()) {
            for (int i = 0; i < 2; i++) {
                wire.send(GET);
                wire.readResponse();
            }
            assertThat(stays.connections()).isEqualTo(1);
            bench.apply(
                    bench.listener("") + bench.upstream("", stays) + "routes: [{upstream: app}]");
            await().until(() -> goes.closed() == 1);
            wire.send(GET);
            assertThat(wire.readResponse().text()).isEqualTo("stays");
            assertThat(stays.connections()).isEqualTo(1);
        }
    }

    @Test
    void aListenerThatIsGoneTakesNoConnectionsButServesThoseItHas() {
        try (Server server = Server.saying("seen");
                Bench bench = Bench.to(server);
                Wire wire = bench.connect()) {
            wire.send(GET);
            wire.readResponse();
            int other = Bench.freePort();
            bench.apply(
                    "listeners: [{name: other, addresses: [\"127.0.0.1:%d\"]}]\n".formatted(other)
                            + bench.upstream("", server)
                            + "routes: [{upstream: app}]");
            wire.send(GET);
            assertThat(wire.readResponse().text()).isEqualTo("seen");
            assertThat(org.assertj.core.api.Assertions.catchThrowable(bench::connect))
                    .isInstanceOf(UncheckedIOException.class);
            try (Wire there = Wire.connect(other)) {
                there.send(GET);
                assertThat(there.readResponse().text()).isEqualTo("seen");
            }
        }
    }

    @Test
    void aRefusedConfigurationLeavesTheRunningOneServing() throws IOException {
        try (Server server = Server.saying("seen");
                ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Bench bench = Bench.to(server)) {
            int free = Bench.freePort();
            assertThat(
                            refused(
                                    bench,
                                    """
                                    listeners:
                                      - {name: taken, addresses: ["127.0.0.1:%1$d"]}
                                      - {name: far, addresses: ["127.0.0.1:%3$d", "198.18.255.254:80"]}
                                      - {name: free, addresses: ["127.0.0.1:%2$d"]}
                                    """
                                            .formatted(
                                                    taken.getLocalPort(), free, Bench.freePort())))
                    .containsExactlyInAnyOrder(
                            "test.yaml: listeners[0].addresses[0]: cannot listen on 127.0.0.1:"
                                    + taken.getLocalPort()
                                    + ": Address already in use;"
                                    + " another process listens there: ss -ltnp 'sport = :"
                                    + taken.getLocalPort()
                                    + "'",
                            "test.yaml: listeners[1].addresses[1]: cannot listen on 198.18.255.254:80:"
                                    + " Cannot assign requested address;"
                                    + " the address is not on this host; a VIP must be on its"
                                    + " loopback: ip address add 198.18.255.254/32 dev lo");
            assertThat(bench.get("/").text()).isEqualTo("seen");
            // What could be bound was let go again.
            new ServerSocket(free, 1, InetAddress.getLoopbackAddress()).close();
        }
    }

    @Test
    void anAttemptFindsWhatIsWrongAndLeavesNothingBehind() throws IOException {
        try (Server server = Server.saying("one");
                Bench bench = Bench.to(server);
                Wire before = bench.connect()) {
            before.send(GET);
            assertThat(before.readResponse().text()).isEqualTo("one");
            L7Config served = bench.engine.config();
            int port;
            try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                port = taken.getLocalPort();
                assertThat(bench.engine.attempt("test.yaml", listenerOn(port)))
                        .singleElement()
                        .asString()
                        .contains("cannot listen on 127.0.0.1:" + port);
            }
            assertThat(bench.engine.attempt("test.yaml", listenerOn(port))).isEmpty();
            assertThat(bench.engine.config()).isSameAs(served);
            try (ServerSocket again = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                assertThat(again.isBound()).isTrue();
            }
            before.send(GET);
            assertThat(before.readResponse().text()).isEqualTo("one");
        }
    }

    private static L7Config listenerOn(int port) {
        String yaml = "listeners: [{name: other, addresses: [\"127.0.0.1:%d\"]}]".formatted(port);
        return L7Config.parse("test.yaml", yaml).orElseThrow();
    }

    private static List<String> refused(Bench bench, String yaml) {
        L7Config config = L7Config.parse("test.yaml", yaml).orElseThrow();
        return bench.engine.apply("test.yaml", config).stream().map(Problem::toString).toList();
    }
}
