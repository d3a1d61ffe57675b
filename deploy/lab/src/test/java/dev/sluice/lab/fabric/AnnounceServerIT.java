package dev.sluice.lab.fabric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A router's end of announcements, and the image's speaker at the other. */
class AnnounceServerIT {
    private static final Path SPEAKER = Path.of("../images/bin/sluice-speaker");
    private static final String HOST = "127.0.0.1";
    private static final Duration HOLD_TIME = Duration.ofMillis(1500);

    private final List<String> calls = new CopyOnWriteArrayList<>();
    private AnnounceServer server;

    @BeforeEach
    void start() throws IOException {
        AnnounceServer.Routes routes =
                new AnnounceServer.Routes() {
                    @Override
                    public void add(String address, String device) {
                        calls.add("add " + address + " " + device);
                    }

                    @Override
                    public void remove(String address) {
                        calls.add("remove " + address);
                    }
                };
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        server = AnnounceServer.start(any, routes, HOLD_TIME);
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    private Socket connect() throws IOException {
        return new Socket(server.address().getAddress(), server.address().getPort());
    }

    /** Says a line, and waits for the answer. */
    private static void speak(Socket session) throws IOException {
        session.getOutputStream().write("forwarding\n".getBytes(StandardCharsets.US_ASCII));
        assertThat(session.getInputStream().readNBytes(3))
                .isEqualTo("ok\n".getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void aHostIsANextHopWhileItsConnectionLasts() throws IOException {
        try (Socket session = connect()) {
            assertThat(calls).isEmpty();
            speak(session);
            assertThat(calls).containsExactly("add " + HOST + " lo");
        }
        await().until(() -> calls.contains("remove " + HOST));
    }

    @Test
    void aHostThatFallsSilentIsNoNextHop() throws IOException {
        try (Socket session = connect()) {
            speak(session);
            await().until(() -> calls.contains("remove " + HOST));
            assertThat(session.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void aNewConnectionOfAHostTakesTheOldOnesPlaceAndMovesNoRoute() throws IOException {
        try (Socket old = connect()) {
            speak(old);
            try (Socket next = connect()) {
                speak(next);
                assertThat(old.getInputStream().read()).isEqualTo(-1);
                speak(next);
                assertThat(calls).isNotEmpty().allMatch(call -> call.startsWith("add"));
            }
        }
        await().until(() -> calls.getLast().equals("remove " + HOST));
    }

    @Test
    void theSpeakerAnnouncesItsHostWhileTheFileIsThere(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("announced");
        Process speaker =
                new ProcessBuilder(
                                SPEAKER.toString(),
                                HOST + ":" + server.address().getPort(),
                                file.toString())
                        .inheritIO()
                        .start();
        try {
            Files.createFile(file);
            await().until(() -> calls.size() > 2);
            assertThat(calls).allMatch(call -> call.startsWith("add"));
            Files.delete(file);
            await().until(() -> calls.getLast().equals("remove " + HOST));
            Files.createFile(file);
            await().until(() -> calls.getLast().startsWith("add"));
        } finally {
            speaker.destroyForcibly();
        }
        await().until(() -> calls.getLast().equals("remove " + HOST));
    }
}
