package dev.sluice.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.cluster.config.HostPort;
import dev.sluice.testing.Needs;

import org.java_websocket.WebSocket;
import org.java_websocket.client.WebSocketClient;
import org.java_websocket.drafts.Draft_6455;
import org.java_websocket.enums.Opcode;
import org.java_websocket.handshake.ClientHandshake;
import org.java_websocket.handshake.ServerHandshake;
import org.java_websocket.server.WebSocketServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * WebSockets of others, over two proxies with HTTP/2 between them: both sides of RFC 8441 are ours,
 * both ends are not.
 */
final class WebSocketPeersIT {
    private static final int LARGE = 64 << 20;

    private Echo echo;
    private Bench inner;
    private Bench outer;

    /** Sends back what it gets. */
    private static final class Echo extends WebSocketServer {
        private volatile boolean started;

        Echo(int port) {
            super(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                    1,
                    List.of(new Draft_6455(List.of(), LARGE + 1)));
            setReuseAddr(true);
        }

        @Override
        public void onOpen(WebSocket socket, ClientHandshake handshake) {}

        @Override
        public void onClose(WebSocket socket, int code, String reason, boolean remote) {}

        @Override
        public void onMessage(WebSocket socket, String message) {
            socket.send(message);
        }

        @Override
        public void onMessage(WebSocket socket, ByteBuffer message) {
            socket.send(message);
        }

        @Override
        public void onError(WebSocket socket, Exception e) {}

        @Override
        public void onStart() {
            started = true;
        }
    }

    /** Keeps what it gets. */
    private static final class Client extends WebSocketClient {
        private final BlockingQueue<Object> received = new LinkedBlockingQueue<>();

        Client(int port) {
            super(
                    URI.create("ws://127.0.0.1:" + port + "/chat"),
                    new Draft_6455(List.of(), LARGE + 1));
        }

        Object next() throws InterruptedException {
            return received.poll(60, TimeUnit.SECONDS);
        }

        @Override
        public void onOpen(ServerHandshake handshake) {}

        @Override
        public void onMessage(String message) {
            received.add(message);
        }

        @Override
        public void onMessage(ByteBuffer message) {
            received.add(message);
        }

        @Override
        public void onClose(int code, String reason, boolean remote) {
            received.add("closed " + code);
        }

        @Override
        public void onError(Exception e) {
            received.add(e);
        }
    }

    @BeforeEach
    void start() {
        int port = Bench.freePort();
        echo = new Echo(port);
        echo.start();
        await().until(() -> echo.started);
        inner = new Bench();
        inner.apply(config(inner, "    versions: [h2]", port, "h1"));
        outer = new Bench();
        outer.apply(config(outer, "", inner.port, "h2"));
    }

    private static String config(Bench bench, String listener, int port, String version) {
        return bench.listener(listener)
                + "upstreams: [{name: app, endpoints: [\"%s\"], version: %s}]\n"
                        .formatted(HostPort.parse("127.0.0.1:" + port), version)
                + "routes: [{upstream: app}]";
    }

    @AfterEach
    void stop() throws InterruptedException {
        outer.close();
        inner.close();
        echo.stop(1000);
    }

    @Test
    void messagesWholeInPiecesAndLargeComeBackAsTheyWent() throws Exception {
        Client client = new Client(outer.port);
        assertThat(client.connectBlocking(60, TimeUnit.SECONDS)).isTrue();
        client.send("hello");
        assertThat(client.next()).isEqualTo("hello");
        for (String piece : List.of("in ", "three ")) {
            client.sendFragmentedFrame(Opcode.TEXT, bytes(piece), false);
        }
        client.sendFragmentedFrame(Opcode.TEXT, bytes("pieces"), true);
        assertThat(client.next()).isEqualTo("in three pieces");
        byte[] large = new byte[LARGE];
        new Random(1).nextBytes(large);
        client.send(large);
        assertThat(client.next()).isEqualTo(ByteBuffer.wrap(large));
        assertThat(outer.engine.load().tunnels()).isEqualTo(1);
        client.close(1000);
        assertThat(client.next()).isEqualTo("closed 1000");
        await().until(() -> outer.engine.load().isEmpty());
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void anotherLanguagesClientAgrees() throws Exception {
        Needs.met(run("import websockets").waitFor() == 0, "apt-get install python3-websockets");
        Process python =
                run(
                        """
                        import asyncio, os, websockets
                        async def main():
                            uri = "ws://127.0.0.1:%d/chat"
                            async with websockets.connect(uri, max_size=1 << 27) as ws:
                                await ws.send(["in ", "three ", "pieces"])
                                assert await ws.recv() == "in three pieces"
                                large = os.urandom(%d)
                                await ws.send(large)
                                assert await ws.recv() == large
                                await (await ws.ping())
                        asyncio.run(main())
                        """
                                .formatted(outer.port, LARGE));
        String said = new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(python.waitFor()).as(said).isZero();
        await().until(() -> outer.engine.load().isEmpty());
    }

    /** Debian's, which has the package. */
    private static Process run(String program) throws Exception {
        return new ProcessBuilder("/usr/bin/python3", "-c", program)
                .redirectErrorStream(true)
                .start();
    }
}
