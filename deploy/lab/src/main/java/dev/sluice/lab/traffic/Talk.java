package dev.sluice.lab.traffic;

import dev.sluice.lab.traffic.HttpConnection.Response;
import dev.sluice.lab.upstream.TalkRecord;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * One pinned connection with traffic in both directions all the time: a request that never ends,
 * whose records the upstream server checks and sends back, and the client checks again. It ends
 * well only when the client ends it, with every record answered. Runs on a virtual thread of its
 * own; every method may be called from any thread.
 */
public final class Talk {
    private final long number;
    private final Duration pace;
    private final AtomicLong exchanges = new AtomicLong();
    private final CompletableFuture<Optional<Break>> end = new CompletableFuture<>();

    /** Written by the talk's thread only. */
    private volatile Beginning beginning = new Beginning(System.nanoTime(), "", Optional.empty());

    private volatile long slowestNanos;
    private volatile boolean stopped;
    private volatile Optional<Thread> thread = Optional.empty();

    /**
     * @param pace between two records, on average
     */
    Talk(long number, Duration pace) {
        this.number = number;
        this.pace = pace;
    }

    /**
     * How it began.
     *
     * @param openedNanos when its SYN was sent
     * @param servedBy the proxy; empty before the first answer
     * @param source the flow's client side; empty before it was connected
     */
    public record Beginning(
            long openedNanos, String servedBy, Optional<InetSocketAddress> source) {}

    /** How it broke. */
    public record Break(long atNanos, FailureKind kind, String message) {}

    void start(Dialer dialer) {
        thread = Optional.of(Thread.ofVirtual().name("talk-" + number).start(() -> run(dialer)));
    }

    private void run(Dialer dialer) {
        long opened = System.nanoTime();
        beginning = new Beginning(opened, "", Optional.empty());
        try (HttpConnection connection = dialer.connect()) {
            beginning = new Beginning(opened, "", Optional.of(connection.source()));
            talk(connection);
            end.complete(Optional.empty());
        } catch (IOException e) {
            FailureKind kind =
                    beginning.source().isEmpty()
                            ? FailureKind.ofConnect(e)
                            : FailureKind.ofExchange(e);
            end.complete(Optional.of(new Break(System.nanoTime(), kind, e.toString())));
        }
    }

    private void talk(HttpConnection connection) throws IOException {
        connection.beginPost("/talk/" + number);
        long sent = System.nanoTime();
        connection.sendChunk(TalkRecord.of(number, 0));
        Response response = connection.readHead();
        if (!response.isSuccess()) {
            throw new IOException("a talk was answered " + response.status());
        }
        beginning = new Beginning(beginning.openedNanos(), response.servedBy(), beginning.source());
        expectRecord(response, 0, sent);
        for (long place = 1; !stopped; place++) {
            rest();
            sent = System.nanoTime();
            connection.sendChunk(TalkRecord.of(number, place));
            expectRecord(response, place, sent);
        }
        connection.endBody();
        if (response.body().read() >= 0) {
            throw new WrongBodyException("talk " + number + ": more than was sent");
        }
    }

    private void expectRecord(Response response, long place, long sentNanos) throws IOException {
        byte[] record = response.body().readNBytes(TalkRecord.LENGTH);
        if (record.length < TalkRecord.LENGTH) {
            throw new EOFException("talk " + number + " was ended by the other side");
        }
        if (!TalkRecord.isRight(record, number, place)) {
            throw new WrongBodyException(
                    "talk " + number + ": record " + place + " is not its own");
        }
        slowestNanos = Math.max(slowestNanos, System.nanoTime() - sentNanos);
        exchanges.incrementAndGet();
    }

    private void rest() {
        LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(2 * pace.toNanos() + 1));
    }

    /** Ends it after the record in flight. */
    void stop() {
        stopped = true;
        thread.ifPresent(LockSupport::unpark);
    }

    public long number() {
        return number;
    }

    public Beginning beginning() {
        return beginning;
    }

    public String servedBy() {
        return beginning.servedBy();
    }

    /** Records that came back right, so far. */
    public long exchanges() {
        return exchanges.get();
    }

    /** Of one record and its answer. */
    public Duration slowest() {
        return Duration.ofNanos(slowestNanos);
    }

    /** Completes, never exceptionally, when it is over: empty if it ended well. */
    public CompletableFuture<Optional<Break>> end() {
        return end;
    }

    public Optional<Break> breakage() {
        return end.getNow(Optional.empty());
    }
}
