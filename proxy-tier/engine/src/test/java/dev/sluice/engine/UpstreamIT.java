package dev.sluice.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.engine.balance.EndpointStatus;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** Servers that come, go and come back, and who is asked in their place. */
final class UpstreamIT {
    private static final String TURNS = "    balance: round-robin\n";

    private static Bench bench(String upstream, Server bad, Server good) {
        return Bench.with("", TURNS + upstream, bad, good);
    }

    static EndpointStatus first(Bench bench) {
        return bench.engine.upstreams().getFirst().endpoints().getFirst();
    }

    /** The answers to so many requests, one after the other. */
    private static List<String> reasons(Bench bench, int requests) {
        List<String> reasons = new ArrayList<>();
        for (int i = 0; i < requests; i++) {
            reasons.add(reason(bench.get("/")));
        }
        return reasons;
    }

    /** Its text if all is well, or the status and why. */
    static String reason(Wire.Message response) {
        return response.status() == 200
                ? response.text()
                : response.status() + " " + response.field("sluice-reason").orElse("own");
    }

    static void assertEjected(Bench bench) {
        assertThat(first(bench).use()).isEqualTo(EndpointStatus.Use.EJECTED);
        assertThat(first(bench).why().getFirst()).startsWith("ejected after 5 failures in a row");
        assertThat(bench.engine.upstreams().getFirst().ejections()).isEqualTo(1);
        assertThat(bench.engine.upstreams().getFirst().panic()).isFalse();
    }

    /** Or any client could have any server ejected. */
    @Test
    void aServerIsNotToBlameForTheHurryOfItsClients() {
        try (Server slow = Server.of((wire, _) -> wire.readToEnd());
                Bench bench = Bench.to(slow)) {
            for (int i = 0; i < 10; i++) {
                try (Wire wire = bench.connect()) {
                    wire.send(
                            "POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 0\r\n"
                                    + "Content-Type: application/grpc\r\n"
                                    + "Grpc-Timeout: 50m\r\n\r\n");
                    FailureIT.assertFailure(wire.readResponse(), 504, "request-timeout");
                }
            }
            assertThat(slow.connections()).isPositive();
            assertThat(bench.engine.upstreams().getFirst().ejections()).isZero();
        }
    }

    /** Where there is nobody else, or it is not safe, whoever is slow is waited for. */
    @Test
    void aTryIsNotLimitedWhereItIsTheOnlyOne() {
        AtomicInteger asked = new AtomicInteger();
        try (Server slow =
                        Server.of((wire, self) -> {
                            while (true) {
                                self.take(wire);
                                asked.incrementAndGet();
                                wire.isQuietFor(300);
                                wire.send(Server.ok("late"));
                            }
                        });
                Bench bench = Bench.with("", "    retries: {perTryTimeout: 50ms}", slow)) {
            assertThat(bench.get("/").text()).isEqualTo("late");
            assertThat(asked).hasValue(1);
        }
    }

    /** What is not safe to repeat is not repeated: the client is told. */
    @Test
    void aPostIsNotAskedOfAnother() {
        try (Server bad =
                        Server.of((wire, self) -> {
                            self.take(wire);
                            wire.reset();
                        });
                Server good = Server.saying("good");
                Bench bench = bench("", bad, good);
                Wire wire = bench.connect()) {
            wire.send("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 0\r\n\r\n");
            FailureIT.assertFailure(wire.readResponse(), 502, "upstream-closed");
            assertThat(good.requests).isEmpty();
        }
    }

    @Test
    void anotherConfigurationKeepsAnEjection() {
        try (Server bad = Server.answering(_ -> "HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n");
                Server good = Server.saying("good");
                Bench bench = bench("", bad, good)) {
            reasons(bench, 10);
            bench.apply(
                    bench.listener("")
                            + bench.upstream("    maxRequests: 7\n", bad, good)
                            + "routes: [{upstream: app}]");
            assertEjected(bench);
            assertThat(reasons(bench, 10)).containsOnly("good");
        }
    }

    @Test
    void whoIsEjectedComesBack() {
        AtomicBoolean well = new AtomicBoolean();
        try (Server bad =
                        Server.answering(_ ->
                                well.get()
                                        ? Server.ok("well")
                                        : "HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n");
                Server good = Server.saying("good");
                Bench bench = bench("    ejection: {time: 100ms}\n", bad, good)) {
            reasons(bench, 10);
            well.set(true);
            await().atMost(60, TimeUnit.SECONDS).until(() -> bench.get("/").text().equals("well"));
            assertThat(first(bench).why()).singleElement().asString().startsWith("slow start: at ");
        }
    }

    /** So many that a ring of any ports leaves no server without one. */
    private static final int USERS = 200;

    @Test
    void whoeverAKeyNamesGoesToTheSameServer() {
        try (Server one = Server.saying("one");
                Server two = Server.saying("two");
                Server three = Server.saying("three");
                Bench bench =
                        Bench.with(
                                "",
                                "    balance: ring-hash\n    hashBy: header X-User",
                                one,
                                two,
                                three);
                Wire wire = bench.connect()) {
            Map<String, Set<String>> answers = new TreeMap<>();
            for (int i = 0; i < 600; i++) {
                String user = "user-" + i % USERS;
                wire.send("GET / HTTP/1.1\r\nHost: test\r\nX-User: " + user + "\r\n\r\n");
                answers.computeIfAbsent(user, _ -> new TreeSet<>()).add(wire.readResponse().text());
            }
            assertThat(answers).hasSize(USERS);
            assertThat(answers.values()).allMatch(servers -> servers.size() == 1);
            assertThat(Set.copyOf(answers.values())).hasSize(3);
        }
    }

    /** Each server in turn is killed with what it is doing, stays away for a while, and is back. */
    @Test
    void aRollingRestartUnderLoadIsNotSeenByClients() throws Exception {
        List<Integer> ports = List.of(Bench.freePort(), Bench.freePort(), Bench.freePort());
        List<Server> servers = new ArrayList<>();
        for (int port : ports) {
            servers.add(serverOn(port));
        }
        AtomicInteger answered = new AtomicInteger();
        ConcurrentLinkedQueue<String> wrong = new ConcurrentLinkedQueue<>();
        AtomicBoolean over = new AtomicBoolean();
        try (Bench bench = Bench.with("", "", servers.toArray(Server[]::new))) {
            List<Thread> clients = new ArrayList<>();
            // No more than the budget of retries has at its least, should all be at one server.
            for (int i = 0; i < 3; i++) {
                clients.add(Thread.ofVirtual().start(() -> load(bench, over, answered, wrong)));
            }
            for (int i = 0; i < ports.size(); i++) {
                awaitMore(answered, 200);
                servers.get(i).close();
                awaitMore(answered, 200);
                servers.set(i, serverOn(ports.get(i)));
            }
            awaitMore(answered, 200);
            over.set(true);
            for (Thread client : clients) {
                client.join();
            }
            assertThat(wrong).isEmpty();
        } finally {
            over.set(true);
            servers.forEach(Server::close);
        }
    }

    private static Server serverOn(int port) throws IOException {
        return Server.on(
                new ServerSocket(port, 128, InetAddress.getLoopbackAddress()),
                (wire, self) -> {
                    while (true) {
                        wire.readRequest();
                        wire.send(Server.ok("good"));
                    }
                });
    }

    private static void awaitMore(AtomicInteger answered, int more) {
        int enough = answered.get() + more;
        await().atMost(60, TimeUnit.SECONDS).until(() -> answered.get() >= enough);
    }

    private static void load(
            Bench bench,
            AtomicBoolean over,
            AtomicInteger answered,
            ConcurrentLinkedQueue<String> wrong) {
        try (Wire wire = bench.connect()) {
            while (!over.get()) {
                wire.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n");
                Wire.Message response = wire.readResponse();
                if (response.status() != 200) {
                    wrong.add(response.status() + " " + response.text());
                }
                answered.incrementAndGet();
            }
        } catch (RuntimeException e) {
            wrong.add(e.toString());
        }
    }
}
