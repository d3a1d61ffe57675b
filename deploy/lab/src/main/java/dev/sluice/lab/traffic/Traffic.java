package dev.sluice.lab.traffic;

import dev.sluice.lab.history.Event;
import dev.sluice.lab.history.Event.PinKind;
import dev.sluice.lab.history.History;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;

import javax.net.ssl.SSLContext;

/**
 * All that clients do while a scenario is played: pinned connections of every kind, and short
 * requests, a part of both by TLS, from many addresses. All of it is taken down in a history.
 */
public final class Traffic implements AutoCloseable {
    /** Between two new connections: a burst would measure the listeners' backlogs. */
    private static final long STAGGER_NANOS = 3_000_000;

    /** One in so many uses TLS. */
    private static final int TLS_SHARE = 3;

    private final Spec spec;
    private final History history;
    private final Port plain;
    private final Port tls;
    private final List<Pinned> pins = new ArrayList<>();
    private final List<Thread> visitors = new ArrayList<>();

    /** Set by the closing thread, read by every visitor between requests. */
    private volatile boolean stopped;

    private Traffic(Spec spec, History history, Port plain, Port tls) {
        this.spec = spec;
        this.history = history;
        this.plain = plain;
        this.tls = tls;
    }

    /**
     * @param pins of each kind
     * @param kinds of pins
     * @param pace of a pin's records, on average
     * @param visitors with short requests
     * @param pause of a visitor between two, on average
     */
    public record Spec(int pins, Set<PinKind> kinds, Duration pace, int visitors, Duration pause) {
        /** Fits a machine with two cores. */
        public static final Spec DEFAULT =
                new Spec(
                        10,
                        EnumSet.allOf(PinKind.class),
                        Duration.ofMillis(250),
                        10,
                        Duration.ofMillis(80));

        public Spec {
            kinds = Collections.unmodifiableSet(EnumSet.copyOf(kinds));
        }

        /** The same without pins of a kind. */
        public Spec without(PinKind kind) {
            Set<PinKind> others = EnumSet.copyOf(kinds);
            others.remove(kind);
            return new Spec(pins, others, pace, visitors, pause);
        }
    }

    /** Returns when the last one has been started. */
    public static Traffic start(Spec spec, History history, ClientHost host, SSLContext trust) {
        return start(spec, history, host.plain(), host.secure(trust));
    }

    /**
     * Returns when the last one has been started.
     *
     * @param tls for a part of the connections; the same as {@code plain} where there is no TLS
     */
    public static Traffic start(Spec spec, History history, Port plain, Port tls) {
        Traffic traffic = new Traffic(spec, history, plain, tls);
        traffic.startPins();
        traffic.startVisitors();
        return traffic;
    }

    private void startPins() {
        for (int i = 0; i < spec.pins(); i++) {
            for (PinKind kind : spec.kinds()) {
                long number = pins.size() + 1L;
                boolean secure = number % TLS_SHARE == 0;
                Pinned.Exchange exchange = exchange(kind, secure ? tls : plain);
                pins.add(Pinned.start(history, exchange, number, secure, spec.pace()));
                LockSupport.parkNanos(STAGGER_NANOS);
            }
        }
    }

    private static Pinned.Exchange exchange(PinKind kind, Port port) {
        Dialer http = port.http();
        return switch (kind) {
            case TALK -> HttpExchange.over(http, new TalkExchange());
            case DOWNLOAD -> HttpExchange.over(http, new DownloadExchange(32_000));
            case UPLOAD -> HttpExchange.over(http, new UploadExchange());
            case WEBSOCKET -> HttpExchange.over(http, new WebSocketExchange());
            case GRPC -> new GrpcExchange(port.grpc());
        };
    }

    private void startVisitors() {
        for (int i = 0; i < spec.visitors(); i++) {
            boolean secure = i % TLS_SHARE == 0;
            Dialer dialer = (secure ? tls : plain).http();
            Visits visits = new Visits(history, dialer, secure, this::rest);
            visitors.add(Thread.ofVirtual().name("visitor-" + i).start(() -> visitForever(visits)));
        }
    }

    private void visitForever(Visits visits) {
        while (!stopped) {
            visits.visit();
        }
    }

    private void rest() {
        if (!stopped) {
            LockSupport.parkNanos(
                    ThreadLocalRandom.current().nextLong(2 * spec.pause().toNanos() + 1));
        }
    }

    public List<Pinned> pins() {
        return List.copyOf(pins);
    }

    /** Every pin is served, or known to be broken. */
    public boolean isUnderWay() {
        return pins.stream().allMatch(pin -> pin.units() > 0 || pin.end().isDone());
    }

    /** How many requests were answered so far. */
    public long answered() {
        return history.all(Event.Request.class).stream()
                .filter(request -> request.failure().isEmpty())
                .count();
    }

    /** Ends all of it, each after what is in flight; the history is complete then. */
    @Override
    public void close() {
        stopped = true;
        pins.forEach(Pinned::stop);
        visitors.forEach(LockSupport::unpark);
        pins.forEach(pin -> {
            Event.Pin ignored = pin.end().join();
        });
        for (Thread visitor : visitors) {
            try {
                visitor.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
