package dev.sluice.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;

import dev.sluice.cluster.config.HostPort;
import dev.sluice.cluster.l7.L7Config;
import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.pool.Bind.Protocol;
import dev.sluice.cluster.table.FlowKey;
import dev.sluice.datapath.FlowReset;
import dev.sluice.datapath.bpf.DatapathException;
import dev.sluice.engine.Engine;
import dev.sluice.engine.EngineOptions;
import dev.sluice.engine.Transport;
import dev.sluice.testing.Needs;
import dev.sluice.testing.Ports;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;

/** The engine when the kernel takes connections from under it. */
class KernelResetIT {
    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
    private static final String GET = "GET / HTTP/1.1\r\nHost: test\r\n\r\n";

    private interface Reset {
        void of(Engine engine, Socket client) throws IOException;
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void noticesAtOnceAndWithoutAWordThatTheKernelEndedItsConnections(Transport transport)
            throws Exception {
        ListAppender<ILoggingEvent> words = new ListAppender<>();
        words.start();
        Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.addAppender(words);
        try (FlowReset kernel = openOrSkip()) {
            endsOneOfThree(
                    transport, (_, client) -> assertThat(kernel.reset(flow(client))).isTrue());
        } finally {
            root.detachAppender(words);
        }
        assertThat(words.list).noneMatch(w -> w.getLevel().isGreaterOrEqual(Level.WARN));
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void endsSingleConnectionsByItself(Transport transport) throws Exception {
        endsOneOfThree(
                transport,
                (engine, client) -> {
                    int port = client.getLocalPort();
                    engine.cut(peer -> peer.remote().port() == port);
                });
    }

    /** A client that does not read its download, one that waits for it, and an idle one. */
    private static void endsOneOfThree(Transport transport, Reset reset) throws Exception {
        try (ServerSocket upstream = endlessUpstream();
                Engine engine = engine(transport, upstream);
                Socket slow = connect(engine);
                Socket other = connect(engine);
                Socket idle = connect(engine)) {
            slow.getOutputStream().write(GET.getBytes(StandardCharsets.US_ASCII));
            other.getOutputStream().write(GET.getBytes(StandardCharsets.US_ASCII));
            assertThat(other.getInputStream().read()).isEqualTo('H');
            await().until(() -> engine.load().connections() == 3 && isChoked(slow));

            reset.of(engine, slow);
            await().until(() -> engine.load().connections() == 2);
            assertThatThrownBy(() -> readAll(slow.getInputStream()))
                    .isInstanceOf(SocketException.class)
                    .hasMessage("Connection reset");
            assertThat(other.getInputStream().readNBytes(1_000_000)).hasSize(1_000_000);
            assertThat(idle.isClosed()).isFalse();
            assertThat(engine.load().connections()).isEqualTo(2);
        }
    }

    private static boolean isChoked(Socket client) throws IOException {
        return client.getInputStream().available() > 0;
    }

    private static void readAll(InputStream in) throws IOException {
        byte[] buffer = new byte[1 << 16];
        while (in.read(buffer) >= 0) {
            // What was on the way comes first.
        }
    }

    private static FlowReset openOrSkip() {
        try {
            return FlowReset.open();
        } catch (DatapathException e) {
            Needs.met(false, "raw sockets: " + e.getMessage());
            return abort(e.getMessage());
        }
    }

    private static FlowKey flow(Socket client) {
        Address loopback = Address.parse("127.0.0.1");
        return new FlowKey(
                Protocol.TCP, loopback, client.getLocalPort(), loopback, client.getPort());
    }

    private static Socket connect(Engine engine) throws IOException {
        HostPort address = engine.config().listeners().getFirst().addresses().getFirst();
        return new Socket(LOOPBACK, address.port());
    }

    private static Engine engine(Transport transport, ServerSocket upstream) throws IOException {
        Engine engine;
        try {
            engine = Engine.start(new EngineOptions("p0", transport, 2));
        } catch (IllegalStateException e) {
            assumeTrue(transport != Transport.IO_URING, e.getMessage());
            throw e;
        }
        assertThat(engine.apply("l7.yaml", config(Ports.free(), upstream.getLocalPort())))
                .isEmpty();
        return engine;
    }

    private static L7Config config(int port, int upstream) {
        return L7Config.parse(
                        "l7.yaml",
                        """
                        listeners:
                          - name: web
                            addresses: ["127.0.0.1:%d"]
                        routes:
                          - path: /
                            upstream: servers
                        upstreams:
                          - name: servers
                            endpoints: ["127.0.0.1:%d"]
                        """
                                .formatted(port, upstream))
                .orElseThrow();
    }

    private static ServerSocket endlessUpstream() throws IOException {
        ServerSocket server = new ServerSocket(0, 16, LOOPBACK);
        Thread.ofVirtual().start(() -> acceptForever(server));
        return server;
    }

    private static void acceptForever(ServerSocket server) {
        try {
            while (true) {
                Socket connection = server.accept();
                Thread.ofVirtual().start(() -> stream(connection));
            }
        } catch (IOException e) {
            assertThat(server.isClosed()).as(e.toString()).isTrue();
        }
    }

    private static void stream(Socket connection) {
        try (connection) {
            String head = "HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n";
            connection.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            byte[] bytes = new byte[1 << 16];
            while (true) {
                connection.getOutputStream().write(bytes);
            }
        } catch (IOException e) {
            // The engine let go of it, which is what is tested.
            assertThat(e).isInstanceOf(SocketException.class);
        }
    }
}
