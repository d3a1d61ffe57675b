package dev.sluice.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sluice.cluster.config.HostPort;
import dev.sluice.testing.Needs;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

final class EngineIT {
    @ParameterizedTest
    @EnumSource
    void eachTransportServesTheSame(Transport transport) {
        Needs.met(transport.isAvailable(), "this kernel has no " + transport);
        try (Server server = Server.answering(request -> Server.ok(request.text()));
                Bench bench = new Bench(new EngineOptions("p", transport, 1))) {
            bench.apply(
                    bench.listener("") + bench.upstream("", server) + "routes: [{upstream: app}]");
            try (Wire wire = bench.connect()) {
                for (int i = 0; i < 3; i++) {
                    wire.send("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 5\r\n\r\nhello");
                    assertThat(wire.readResponse().text()).isEqualTo("hello");
                }
                wire.send("GET /.. HTTP/1.1\r\nHost: test\r\n\r\n");
                FailureIT.assertFailure(wire.readResponse(), 400, "bad-target");
                assertThat(wire.isEnded()).isTrue();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aListenerHasAddressesOfBothFamiliesAndSoHaveUpstreams(Transport transport)
            throws IOException {
        Needs.met(transport.isAvailable(), "this kernel has no " + transport);
        int other = Bench.freePort();
        InetAddress loopback = HostPort.parse("[::1]:" + other).inet().getAddress();
        try (Server four = Server.saying("four");
                Server sixth = Server.on(new ServerSocket(0, 128, loopback), EngineIT::six);
                Bench bench = new Bench(new EngineOptions("p", transport, 1))) {
            bench.apply(
                    "listeners: [{name: web, addresses: ['127.0.0.1:%d', '127.0.0.2:%d', '[::1]:%d']}]\n"
                                    .formatted(bench.port, bench.port, other)
                            + "upstreams: [{name: four, endpoints: ['%s']},"
                                    .formatted(four.address())
                            + " {name: six, endpoints: ['[::1]:%d']}]\n".formatted(sixth.port())
                            + "routes: [{path: /4, upstream: four}, {path: /6, upstream: six}]");
            for (String text :
                    List.of(
                            "127.0.0.1:" + bench.port,
                            "127.0.0.2:" + bench.port,
                            "[::1]:" + other)) {
                InetSocketAddress address = HostPort.parse(text).inet();
                try (Wire wire = new Wire(new Socket(address.getAddress(), address.getPort()))) {
                    wire.send("GET /4 HTTP/1.1\r\nHost: test\r\n\r\n");
                    assertThat(wire.readResponse().text()).isEqualTo("four");
                    wire.send("GET /6 HTTP/1.1\r\nHost: [::1]:80\r\n\r\n");
                    assertThat(wire.readResponse().text()).isEqualTo("six");
                }
            }
            assertThat(four.requests)
                    .map(request -> request.field("x-forwarded-for").orElse(""))
                    .containsExactly("127.0.0.1", "127.0.0.1", "::1");
            assertThat(sixth.requests)
                    .map(request -> request.field("host").orElse(""))
                    .containsOnly("[::1]:80");
        }
    }

    private static void six(Wire wire, Server server) {
        while (true) {
            server.take(wire);
            wire.send(Server.ok("six"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void eachEventLoopHasASocketOfItsOwn(Transport transport) throws IOException {
        Needs.met(transport.isAvailable(), "this kernel has no " + transport);
        try (Server server = Server.saying("hello");
                Bench bench = new Bench(new EngineOptions("p", transport, 3))) {
            bench.apply(
                    bench.listener("") + bench.upstream("", server) + "routes: [{upstream: app}]");
            assertThat(listening(bench.port)).isEqualTo(3);
            for (int i = 0; i < 20; i++) {
                assertThat(bench.get("/").text()).isEqualTo("hello");
            }
            // Each event loop keeps a connection to the server: one alone would need just one.
            assertThat(server.connections()).isBetween(2, 3);
            try (Engine second = Engine.start(new EngineOptions("q", transport, 1))) {
                assertThat(second.apply("l7.yaml", bench.engine.config()))
                        .singleElement()
                        .asString()
                        .contains("Address already in use", "another process listens there");
            }
            assertThat(listening(bench.port)).isEqualTo(3);
        }
    }

    private static long listening(int port) throws IOException {
        String local = String.format(":%04X ", port);
        String state = " 0A ";
        return Stream.of("/proc/net/tcp", "/proc/net/tcp6")
                .flatMap(file -> lines(Path.of(file)))
                .filter(line -> line.indexOf(local) > 0 && line.contains(state))
                .count();
    }

    private static Stream<String> lines(Path file) {
        try {
            return Files.readAllLines(file).stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void theBestTransportOfTheHostIsTheDefault() {
        assertThat(EngineOptions.defaults("p").transport())
                .isEqualTo(Transport.IO_URING.isAvailable() ? Transport.IO_URING : Transport.EPOLL);
    }

    @Test
    void closingEndsEverything() {
        try (Server server = Server.saying("seen")) {
            Bench bench = Bench.to(server);
            Wire wire = bench.connect();
            wire.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n");
            wire.readResponse();
            bench.close();
            assertThat(wire.isEnded()).isTrue();
            assertThatThrownBy(bench::connect).hasMessageContaining("refused");
            await().until(() -> server.closed() == 1);
        }
    }
}
