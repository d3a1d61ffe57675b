package dev.sluice.proxy.bench;

import io.netty.channel.Channel;

import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Requests at a fixed rate, whatever becomes of their answers (an open loop): one that waits for a
 * free connection is late, and that counts. Answers come in on the connections' own threads.
 */
final class Paced {
    private static final long PATIENCE_SECONDS = 120;

    private final BlockingQueue<Turn> free = new LinkedBlockingQueue<>();
    private final Map<Channel, Turn> turns = new HashMap<>();
    private final long[] nanos;
    private final long intervalNanos;

    /** The request of a connection; its connection and we hand it to each other. */
    private static final class Turn {
        private final Channel connection;
        private int number;
        private long dueNanos;

        Turn(Channel connection) {
            this.connection = connection;
        }
    }

    /**
     * For connections that have nothing to do.
     *
     * @param rate requests a second
     */
    Paced(Collection<Channel> connections, int requests, int rate) {
        nanos = new long[requests];
        intervalNanos = TimeUnit.SECONDS.toNanos(1) / rate;
        connections.forEach(one -> turns.put(one, new Turn(one)));
        free.addAll(turns.values());
    }

    /**
     * Asks, and waits for all answers.
     *
     * @param failed done if there is no use in going on
     * @return by request: nanoseconds from when it was due to its answer's end
     */
    long[] run(Consumer<Channel> ask, Future<?> failed) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        for (int i = 0; i < nanos.length && !failed.isDone(); i++) {
            long due = begin + i * intervalNanos;
            for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            Turn turn = take();
            turn.number = i;
            turn.dueNanos = due;
            ask.accept(turn.connection);
        }
        for (int i = 0; i < turns.size() && !failed.isDone(); i++) {
            take();
        }
        return nanos;
    }

    private Turn take() throws IOException, InterruptedException {
        Turn turn = free.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (turn == null) {
            throw new IOException("answers do not come");
        }
        return turn;
    }

    void onAnswer(Channel connection) {
        Turn turn = Objects.requireNonNull(turns.get(connection));
        nanos[turn.number] = System.nanoTime() - turn.dueNanos;
        free.add(turn);
    }
}
