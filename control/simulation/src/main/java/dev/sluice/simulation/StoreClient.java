package dev.sluice.simulation;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * A process's connection to the ensemble: one session at a time, watches that lag, values that are
 * published until they are written, and a network that the process learns about late.
 */
final class StoreClient {
    /** A silent network is noticed after two thirds of the session's timeout. */
    private static final long SILENCE_NANOS = Ensemble.SESSION_NANOS * 2 / 3;

    /** A dead process's request does not arrive later than this. */
    private static final long LAST_REQUEST_NANOS = Nanos.millis(500);

    private final World world;
    private final Ensemble ensemble;
    private final Dice dice;
    private final Predicate<String> interest;
    private final Listener listener;
    private final Map<String, Publication> published = new LinkedHashMap<>();
    private final Map<String, Seen> seen = new LinkedHashMap<>();
    private final Set<String> missed = new LinkedHashSet<>();
    private boolean linked = true;
    private boolean connected;
    private boolean closed;
    private long lagNanos;
    private long session;
    private long epoch;

    /** What a process learns; {@code value} is null for a node that is gone. */
    interface Listener {
        void onValue(String path, @Nullable Object value, int version);

        void onDisconnected();

        void onReread();
    }

    /**
     * The last answer about a path.
     *
     * @param readAt how many writes there had been
     * @param writtenAt of the node; -1 = there was none
     */
    private record Seen(long readAt, long writtenAt) {}

    private record Publication(Object value, boolean ephemeral, long number, Runnable onWritten) {}

    StoreClient(World world, String owner, Predicate<String> interest, Listener listener) {
        this.world = world;
        this.ensemble = world.ensemble();
        this.dice = world.dice("store of " + owner);
        this.interest = interest;
        this.listener = listener;
        ensemble.attach(this);
    }

    boolean isConnected() {
        return connected;
    }

    void connect() {
        epoch++;
        long issued = epoch;
        world.after(dice.between(Nanos.millis(20), Nanos.millis(300)), () -> onConnected(issued));
    }

    private void onConnected(long issued) {
        if (closed || !linked || issued != epoch) {
            return;
        }
        connected = true;
        if (session == 0) {
            session = ensemble.newSession();
        }
        published.keySet().forEach(this::write);
        // All nodes as they are now, synced; a moment later the process has them.
        Map<String, Ensemble.@Nullable Node> read = new LinkedHashMap<>();
        Set<String> wanted = new LinkedHashSet<>(seen.keySet());
        ensemble.paths().stream().filter(interest).forEach(wanted::add);
        wanted.forEach(path -> read.put(path, ensemble.read(path)));
        long readAt = ensemble.writes();
        world.after(
                dice.between(Nanos.millis(1), Nanos.millis(100)),
                () -> reread(issued, read, readAt));
    }

    private void reread(long issued, Map<String, Ensemble.@Nullable Node> read, long readAt) {
        if (isStale(issued)) {
            return;
        }
        read.forEach((path, node) -> deliver(path, node, readAt));
        listener.onReread();
    }

    private boolean isStale(long issued) {
        return closed || !connected || issued != epoch;
    }

    /** The ensemble has a new value. */
    void changed(String path) {
        if (closed || !interest.test(path)) {
            return;
        }
        if (!linked) {
            missed.add(path);
            return;
        }
        long delay = dice.between(Nanos.millis(1), Nanos.millis(30)) + lagNanos;
        world.after(delay, () -> readAgain(path));
    }

    private void readAgain(String path) {
        if (!linked) {
            missed.add(path);
        } else if (connected && !closed) {
            deliver(path, ensemble.read(path), ensemble.writes());
        }
    }

    private void deliver(String path, Ensemble.@Nullable Node node, long readAt) {
        Seen last = seen.getOrDefault(path, new Seen(-1, -1));
        long writtenAt = node == null ? -1 : node.writtenAt();
        if (readAt < last.readAt()) {
            return;
        }
        seen.put(path, new Seen(readAt, writtenAt));
        if (writtenAt != last.writtenAt()) {
            listener.onValue(
                    path, node == null ? null : node.value(), node == null ? -1 : node.version());
        }
    }

    /** Keeps a node at this value from now on. */
    void publish(String path, Object value, boolean ephemeral, Runnable onWritten) {
        Publication old = published.get(path);
        long number = old == null ? 1 : old.number() + 1;
        published.put(path, new Publication(value, ephemeral, number, onWritten));
        write(path);
    }

    private void write(String path) {
        Publication wanted = published.get(path);
        if (wanted == null || !connected) {
            return;
        }
        long issued = epoch;
        long delay = writeDelay();
        world.after(delay, () -> onWrite(path, wanted, issued, delay));
    }

    private long writeDelay() {
        return dice.between(Nanos.millis(2), Nanos.millis(40)) + lagNanos / 2;
    }

    private void onWrite(String path, Publication wanted, long issued, long delay) {
        Publication latest = published.get(path);
        boolean superseded = latest != null && latest.number() != wanted.number();
        // A dead process's last request may still arrive.
        boolean last = delay < LAST_REQUEST_NANOS && !wanted.ephemeral() && dice.chance(0.5);
        boolean arrives = closed ? last : linked && connected && issued == epoch;
        if (superseded || !arrives) {
            return;
        }
        ensemble.put(path, wanted.value(), wanted.ephemeral() ? session : Ensemble.PERSISTENT);
        if (!closed) {
            wanted.onWritten().run();
        }
    }

    /** False is also answered when nobody knows: the caller reads again. */
    void compareAndSet(List<Ensemble.Compared> transaction, Consumer<Boolean> answer) {
        long issued = epoch;
        world.after(
                writeDelay(),
                () -> {
                    boolean sent = linked || dice.chance(0.5);
                    boolean done = sent && ensemble.compareAndSet(transaction);
                    if (!isStale(issued)) {
                        answer.accept(done);
                    }
                });
    }

    /** The network between this process and the ensemble is gone; it notices later. */
    void cut() {
        if (closed || !linked) {
            return;
        }
        linked = false;
        long cutAt = epoch;
        long ended = session;
        boolean silent = dice.chance(0.7);
        long notice = silent ? dice.between(Nanos.SECOND, SILENCE_NANOS) : Nanos.millis(50);
        world.after(notice, () -> noticeCut(cutAt));
        world.after(Ensemble.SESSION_NANOS, () -> expireIfCut(ended));
    }

    private void noticeCut(long cutAt) {
        if (!linked && epoch == cutAt) {
            disconnect();
        }
    }

    private void expireIfCut(long ended) {
        if (!linked && session == ended) {
            expire();
        }
    }

    private void disconnect() {
        if (connected && !closed) {
            connected = false;
            epoch++;
            listener.onDisconnected();
        }
    }

    private void expire() {
        ensemble.expire(session);
        session = 0;
    }

    void heal() {
        if (closed || linked) {
            return;
        }
        linked = true;
        if (connected && session != 0) {
            List.copyOf(missed).forEach(this::changed);
            published.keySet().forEach(this::write);
        } else {
            disconnect();
            connect();
        }
        missed.clear();
    }

    /** The session ends at once; the process makes another one. */
    void loseSession() {
        if (!closed && linked) {
            expire();
            disconnect();
            connect();
        }
    }

    /** From now on watches fire so much later. */
    void lag(long nanos) {
        lagNanos = nanos;
    }

    /** The process is dead; its session ends by silence. */
    void close() {
        if (closed) {
            return;
        }
        closed = true;
        ensemble.detach(this);
        long ended = session;
        world.after(Ensemble.SESSION_NANOS, () -> ensemble.expire(ended));
    }
}
