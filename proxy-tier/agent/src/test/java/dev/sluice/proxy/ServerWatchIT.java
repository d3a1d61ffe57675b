package dev.sluice.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.cluster.config.HostPort;
import dev.sluice.cluster.pool.Address;
import dev.sluice.testing.Ports;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;

class ServerWatchIT {
    private static final Address LOOPBACK = Address.parse("127.0.0.1");

    @Test
    void theHealthPortIsOpenAsLongAsTheServerAnswers() throws Exception {
        HostPort health = new HostPort(LOOPBACK, Ports.free());
        HostPort server = new HostPort(LOOPBACK, Ports.free());
        ServerConfig config = new ServerConfig(List.of(server), Duration.ofMillis(50));
        try (ServerWatch watch = new ServerWatch(config, health)) {
            watch.start();
            await().until(() -> isSaid(watch, "the server does not answer on " + server));
            assertThat(isOpen(health)).isFalse();

            try (ServerSocket listening = listen(server.port())) {
                await().until(() -> watch.problem().isEmpty());
                assertThat(isOpen(health)).isTrue();
                assertThat(healthz(health)).isEqualTo(200);
                assertThat(listening.isBound()).isTrue();
            }
            await().until(() -> !isOpen(health));
            assertThat(watch.problem()).isPresent();
        }
        await().until(() -> !isOpen(health));
    }

    @Test
    void saysThatTheHealthPortIsTaken() throws Exception {
        try (ServerSocket taken = listen(0);
                ServerSocket server = listen(0)) {
            ServerConfig config =
                    new ServerConfig(
                            List.of(new HostPort(LOOPBACK, server.getLocalPort())),
                            Duration.ofMillis(50));
            HostPort health = new HostPort(LOOPBACK, taken.getLocalPort());
            try (ServerWatch watch = new ServerWatch(config, health)) {
                watch.start();
                await().until(() -> isSaid(watch, "health port " + health));
            }
        }
    }

    private static boolean isSaid(ServerWatch watch, String words) {
        return watch.problem().filter(problem -> problem.startsWith(words)).isPresent();
    }

    private static int healthz(HostPort health) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            URI uri = URI.create("http://" + health + "/healthz");
            return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.discarding())
                    .statusCode();
        }
    }

    private static boolean isOpen(HostPort address) {
        try (Socket probe = new Socket()) {
            probe.connect(address.inet(), 500);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static ServerSocket listen(int port) throws IOException {
        ServerSocket socket = new ServerSocket();
        socket.setReuseAddress(true);
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        return socket;
    }
}
