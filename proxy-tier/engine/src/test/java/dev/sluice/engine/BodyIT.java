package dev.sluice.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.PooledByteBufAllocator;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/** Large bodies, and ends that read slowly: what one side does not take, the other may not send. */
final class BodyIT {
    private static final long BODY_BYTES = 100L << 20;

    /** The kernel's buffers of two connections, and a little of ours. */
    private static final long UNDER_WAY_BYTES = 40L << 20;

    private static final long MEMORY_BYTES = 24L << 20;

    @Test
    void aDownloadWaitsForItsReader() throws Exception {
        AtomicLong sent = new AtomicLong();
        try (Server server =
                        Server.of((wire, self) -> {
                            self.take(wire);
                            wire.send(
                                    "HTTP/1.1 200 OK\r\nContent-Length: "
                                            + BODY_BYTES
                                            + "\r\n\r\n");
                            pump(wire, sent);
                        });
                Bench bench = Bench.to(server);
                Wire wire = bench.connect()) {
            long memory = directMemory();
            wire.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n");
            awaitStandstill(sent);
            assertThat(sent).hasValueLessThan(UNDER_WAY_BYTES);
            assertThat(directMemory() - memory).isLessThan(MEMORY_BYTES);
            wire.readHead();
            assertThat(checked(wire.socket().getInputStream())).isEqualTo(BODY_BYTES);
            assertThat(directMemory() - memory).isLessThan(MEMORY_BYTES);
        }
    }

    @Test
    void anUploadWaitsForItsServer() throws Exception {
        AtomicLong sent = new AtomicLong();
        CountDownLatch read = new CountDownLatch(1);
        try (Server server =
                        Server.of((wire, _) -> {
                            wire.readHead();
                            read.await();
                            long bytes = checked(wire.socket().getInputStream());
                            wire.send(Server.ok("got " + bytes));
                        });
                Bench bench = Bench.to(server);
                Wire wire = bench.connect()) {
            long memory = directMemory();
            wire.send(
                    "POST / HTTP/1.1\r\nHost: test\r\nContent-Length: " + BODY_BYTES + "\r\n\r\n");
            Thread sender = Thread.ofVirtual().start(() -> pump(wire, sent));
            awaitStandstill(sent);
            assertThat(sent).hasValueLessThan(UNDER_WAY_BYTES);
            assertThat(directMemory() - memory).isLessThan(MEMORY_BYTES);
            read.countDown();
            assertThat(wire.readResponse().text()).isEqualTo("got " + BODY_BYTES);
            assertThat(directMemory() - memory).isLessThan(MEMORY_BYTES);
            sender.join();
        }
    }

    @Test
    void bothDirectionsStreamAtTheSameTime() throws Exception {
        long bytes = 8L << 20;
        try (Server server =
                        Server.of((wire, _) -> {
                            wire.readHead();
                            wire.send("HTTP/1.1 200 OK\r\nContent-Length: " + bytes + "\r\n\r\n");
                            for (long left = bytes; left > 0; left -= 4096) {
                                wire.send(wire.readBytes(4096));
                            }
                            wire.readHead();
                        });
                Bench bench = Bench.to(server);
                Wire wire = bench.connect()) {
            wire.send("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: " + bytes + "\r\n\r\n");
            Thread sender =
                    Thread.ofVirtual()
                            .start(() -> {
                                for (long at = 0; at < bytes; at += 4096) {
                                    wire.send(block(at, 4096));
                                }
                            });
            wire.readHead();
            for (long at = 0; at < bytes; at += 4096) {
                assertThat(wire.readBytes(4096)).isEqualTo(block(at, 4096));
            }
            sender.join();
        }
    }

    /** Sends the whole body, counting. */
    private static void pump(Wire wire, AtomicLong sent) {
        for (long at = 0; at < BODY_BYTES; at += 65536) {
            wire.send(block(at, 65536));
            sent.addAndGet(65536);
        }
    }

    /** Every byte of the body is told by its place. */
    private static byte[] block(long at, int length) {
        byte[] block = new byte[length];
        for (int i = 0; i < length; i++) {
            block[i] = (byte) (((at + i) * 31) >> 3);
        }
        return block;
    }

    private static long checked(InputStream in) throws IOException {
        for (long at = 0; at < BODY_BYTES; at += 65536) {
            byte[] read = in.readNBytes(65536);
            if (!java.util.Arrays.equals(read, block(at, 65536))) {
                throw new IOException("wrong bytes behind " + at);
            }
        }
        return BODY_BYTES;
    }

    private static void awaitStandstill(AtomicLong sent) {
        AtomicLong last = new AtomicLong(-1);
        await().pollInterval(Duration.ofMillis(300))
                .until(() -> sent.get() > 0 && last.getAndSet(sent.get()) == sent.get());
    }

    private static long directMemory() {
        return PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();
    }
}
