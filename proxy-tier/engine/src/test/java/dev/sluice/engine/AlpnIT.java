package dev.sluice.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/** Servers that choose what is spoken (RFC 7301). */
final class AlpnIT {
    @TempDir Path folder;
    private TestCertificate certificate;
    private SSLServerSocket sockets;

    /** By request. */
    private final List<String> spoken = new CopyOnWriteArrayList<>();

    @BeforeEach
    void listen() throws Exception {
        certificate = TestCertificate.write(folder, "a", "a.test");
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(certificate.bundle().toKeyManagerFactory().getKeyManagers(), null, null);
        sockets =
                (SSLServerSocket)
                        context.getServerSocketFactory()
                                .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    /** Of the connections that come from now on. */
    private void speak(String... protocols) {
        SSLParameters parameters = sockets.getSSLParameters();
        parameters.setApplicationProtocols(protocols);
        sockets.setSSLParameters(parameters);
    }

    private Server server(int requestsEach) {
        return Server.on(
                sockets,
                (wire, self) -> {
                    SSLSocket socket = (SSLSocket) wire.socket();
                    socket.startHandshake();
                    String chosen = socket.getApplicationProtocol();
                    H2Wire h2 = chosen.equals("h2") ? H2Wire.serve(wire) : null;
                    for (int i = 0; i < requestsEach; i++) {
                        // Ahead of the answer, behind which the client looks.
                        if (h2 != null) {
                            int stream = h2.await(H2Wire.HEADERS).stream();
                            spoken.add(chosen);
                            h2.head(stream, true, ":status", "204");
                        } else {
                            self.take(wire);
                            spoken.add(chosen);
                            wire.send("HTTP/1.1 204 No Content\r\n\r\n");
                        }
                    }
                });
    }

    /** On one event loop: each has its own connections, and makes up its own mind. */
    private Bench bench(Server server) {
        String upstream =
                "    version: auto\n    tls: {trust: %s, name: a.test}"
                        .formatted(certificate.certificate());
        return Bench.with(new EngineOptions("p", Transport.best(), 1), "", upstream, server);
    }

    private static void ask(Bench bench, int times) {
        for (int i = 0; i < times; i++) {
            assertThat(bench.get("/").status()).isEqualTo(204);
        }
    }

    @Test
    void whoeverChoosesHttp2GetsIt() {
        speak("h2", "http/1.1");
        try (Server server = server(10);
                Bench bench = bench(server)) {
            ask(bench, 3);
            assertThat(spoken).containsExactly("h2", "h2", "h2");
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @Test
    void whoeverChoosesHttp1GetsThat() {
        speak("http/1.1", "h2");
        try (Server server = server(10);
                Bench bench = bench(server)) {
            ask(bench, 3);
            assertThat(spoken).containsExactly("http/1.1", "http/1.1", "http/1.1");
            // The first one only found out.
            assertThat(server.connections()).isEqualTo(2);
        }
    }

    @Test
    void whoeverDoesNotChooseGetsHttp1() {
        try (Server server = server(10);
                Bench bench = bench(server)) {
            ask(bench, 3);
            assertThat(spoken).containsExactly("", "", "");
        }
    }

    /** Servers that are upgraded, and rolled back: no request notices. */
    @Test
    void whoeverChangesItsMindIsFollowed() {
        speak("http/1.1");
        try (Server server = server(1);
                Bench bench = bench(server)) {
            askUntil("http/1.1", bench);
            speak("h2");
            askUntil("h2", bench);
            speak("http/1.1");
            askUntil("http/1.1", bench);
        }
    }

    /** A socket that waits for its connection already has the words of before. */
    private void askUntil(String protocol, Bench bench) {
        await().until(() -> {
            ask(bench, 1);
            return spoken.getLast().equals(protocol);
        });
    }
}
