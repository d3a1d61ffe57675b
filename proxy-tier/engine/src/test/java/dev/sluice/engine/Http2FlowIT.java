package dev.sluice.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;

import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Each side goes as fast as the slower one takes it. */
final class Http2FlowIT {
    /** Of a client that has not read our settings yet. */
    private static final int WINDOW = 65_535;

    private static final int CHUNK = 16 << 10;
    private static final int CHUNKS = 2048;
    private static final int SIZE = CHUNKS * CHUNK;

    @Test
    void aServerThatReadsNothingStopsItsClientAlone() {
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicLong read = new AtomicLong();
        try (Server server =
                        Server.of((wire, self) -> {
                            if (wire.readHead().startsWith("POST")) {
                                goOn.await(60, TimeUnit.SECONDS);
                                for (int i = 0; i < CHUNKS; i++) {
                                    read.addAndGet(wire.readBytes(CHUNK).length);
                                }
                            }
                            wire.send(Server.ok("done"));
                            wire.readToEnd();
                        });
                Bench bench = Http2IT.bench(server);
                H2Wire h2 = H2Wire.connect(bench.port)) {
            h2.request(1, "POST", "/", false, "content-length", "" + SIZE);
            int sent = send(h2, 0);
            // Full are the kernel's buffers and ours; nothing more may come.
            assertThat(sent).isLessThan(CHUNKS);
            h2.get(3, "/");
            assertThat(h2.reply(3).text()).isEqualTo("done");
            goOn.countDown();
            while (sent < CHUNKS) {
                window += h2.await(f -> isUpdate(f, 1)).word(0);
                sent = send(h2, sent);
            }
            assertThat(h2.reply(1).text()).isEqualTo("done");
            assertThat(read.get()).isEqualTo(SIZE);
        }
    }

    private long window = WINDOW;

    /** Sends what the window of stream 1 lets through, until it is shut for a while. */
    private int send(H2Wire h2, int before) {
        int sent = before;
        while (sent < CHUNKS) {
            if (window < CHUNK) {
                Optional<H2Wire.Frame> update = h2.poll(f -> isUpdate(f, 1));
                if (update.isEmpty()) {
                    return sent;
                }
                window += update.get().word(0);
                continue;
            }
            sent++;
            h2.data(1, sent == CHUNKS, "x".repeat(CHUNK));
            window -= CHUNK;
        }
        return sent;
    }

    private static boolean isUpdate(H2Wire.Frame frame, int stream) {
        return frame.type() == H2Wire.WINDOW_UPDATE && frame.stream() == stream;
    }

    @Test
    void aClientThatTakesNothingStopsItsServer() {
        AtomicLong sent = new AtomicLong();
        int size = 32 << 20;
        try (Server server =
                        Server.of((wire, self) -> {
                            self.take(wire);
                            wire.send("HTTP/1.1 200 OK\r\nContent-Length: " + size + "\r\n\r\n");
                            byte[] piece = new byte[1 << 20];
                            for (int i = 0; i < 32; i++) {
                                wire.send(piece);
                                sent.addAndGet(piece.length);
                            }
                            wire.readToEnd();
                        });
                Bench bench = Http2IT.bench(server);
                H2Wire h2 = H2Wire.connect(bench.port)) {
            h2.get(1, "/");
            long got = 0;
            while (got < 65_535) {
                got += h2.await(H2Wire.DATA).payload().length;
            }
            // The window is used up: no byte more, and the server is stuck behind the kernel's.
            assertThat(got).isEqualTo(65_535);
            assertThat(h2.wire().isQuietFor(300)).isTrue();
            assertThat(sent.get()).isLessThan(size);
            h2.window(0, size);
            h2.window(1, size);
            while (got < size) {
                got += h2.await(H2Wire.DATA).payload().length;
            }
            assertThat(got).isEqualTo(size);
        }
    }

    @Test
    void aStreamThatDoesNotMoveIsEnded() {
        String hasty = Http2IT.H2 + "\n    timeouts: {body: 300ms}";
        try (Server server =
                        Server.of((wire, self) -> {
                            String head = wire.readHead();
                            if (head.startsWith("GET")) {
                                wire.send(Server.ok("x".repeat(1 << 20)));
                            }
                            wire.readToEnd();
                        });
                Bench bench = Bench.with(hasty, "", server);
                H2Wire h2 = H2Wire.connect(bench.port)) {
            // A body that does not come, and a response that is not taken.
            h2.request(1, "POST", "/", false, "content-length", "5");
            h2.get(3, "/");
            assertThat(h2.reply(1).status()).isEqualTo(408);
            assertThat(h2.reply(3).reset()).isPresent();
            await().until(() -> bench.engine.load().requests() == 0);
            assertThat(bench.engine.load().connections()).isEqualTo(1);
        }
    }
}
