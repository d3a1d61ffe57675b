package dev.sluice.lab.traffic;

import dev.sluice.lab.traffic.HttpConnection.Response;
import dev.sluice.lab.upstream.PseudoRandomBytes;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One large download, checked to the last byte. Runs on a virtual thread of its own; every method
 * may be called from any thread.
 */
public final class Download implements AutoCloseable {
    private final HttpConnection connection;
    private final Response response;
    private final long length;
    private final long seed;
    private final long openedNanos;
    private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();

    private final AtomicLong received = new AtomicLong();

    /** Written by the download's thread only. */
    private volatile long lastByteNanos;

    private Download(
            HttpConnection connection,
            Response response,
            long length,
            long seed,
            long openedNanos) {
        this.connection = connection;
        this.response = response;
        this.length = length;
        this.seed = seed;
        this.openedNanos = openedNanos;
        this.lastByteNanos = openedNanos;
    }

    /**
     * How it ended.
     *
     * @param failure empty if every byte came and was right
     */
    public record Outcome(long received, Optional<FailureKind> failure, String message) {
        public boolean isWhole() {
            return failure.isEmpty();
        }
    }

    /**
     * Returns when the response's head is there.
     *
     * @param bytesPerSecond 0 for as fast as possible
     */
    public static Download start(ClientHost host, long length, long seed, long bytesPerSecond)
            throws IOException {
        long opened = System.nanoTime();
        HttpConnection connection = host.connect();
        try {
            Response response =
                    connection.get(
                            "/bytes/" + length + "?seed=" + seed + "&rate=" + bytesPerSecond);
            if (!response.isSuccess()) {
                throw new IOException("the download was answered " + response.status());
            }
            Download download = new Download(connection, response, length, seed, opened);
            Thread.ofVirtual().name("download-" + seed).start(download::run);
            return download;
        } catch (IOException e) {
            connection.close();
            throw e;
        }
    }

    private void run() {
        try (connection) {
            outcome.complete(read());
        } catch (IOException e) {
            outcome.complete(
                    new Outcome(
                            received.get(), Optional.of(FailureKind.ofExchange(e)), e.toString()));
        }
    }

    private Outcome read() throws IOException {
        MessageDigest digest = PseudoRandomBytes.newSha256();
        InputStream body = response.body();
        byte[] buffer = new byte[32 * 1024];
        for (int count = body.read(buffer); count >= 0; count = body.read(buffer)) {
            digest.update(buffer, 0, count);
            count(count);
        }
        boolean right =
                received.get() == length
                        && HexFormat.of()
                                .formatHex(digest.digest())
                                .equals(PseudoRandomBytes.sha256(seed, length));
        return right
                ? new Outcome(received.get(), Optional.empty(), "SHA-256 right")
                : new Outcome(received.get(), Optional.of(FailureKind.WRONG_BODY), "SHA-256 wrong");
    }

    private void count(int bytes) {
        lastByteNanos = System.nanoTime();
        received.addAndGet(bytes);
    }

    /** The flow's client side. */
    public InetSocketAddress source() {
        return connection.source();
    }

    public String servedBy() {
        return response.servedBy();
    }

    public long length() {
        return length;
    }

    /** Bytes that arrived so far. */
    public long received() {
        return received.get();
    }

    public long openedNanos() {
        return openedNanos;
    }

    public long lastByteNanos() {
        return lastByteNanos;
    }

    /** Completes, never exceptionally, when the download ends. */
    public CompletableFuture<Outcome> outcome() {
        return outcome;
    }

    /** Breaks it off. */
    @Override
    public void close() {
        connection.close();
    }
}
