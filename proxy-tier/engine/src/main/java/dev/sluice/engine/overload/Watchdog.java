package dev.sluice.engine.overload;

import io.netty.util.concurrent.Ticker;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * Looks for event loops that stand still, and logs what they are at: nothing may block there. Once
 * for each time that a loop is blocked, and not more often than once a minute for each. A thread of
 * its own.
 */
public final class Watchdog implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Watchdog.class);
    static final long BLOCKED_NANOS = TimeUnit.SECONDS.toNanos(2);
    static final long SILENCE_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final long LOOK_MILLIS = 500;

    private final List<Pulse> pulses;
    private final LongAdder blocked = new LongAdder();
    private final Thread watching;

    /** Of the watching thread: the beat after which a loop stood still. */
    private final Map<Pulse, Long> noticed = new HashMap<>();

    /** Of the watching thread. */
    private final Map<Pulse, Long> told = new HashMap<>();

    private Watchdog(Collection<Pulse> pulses) {
        this.pulses = List.copyOf(pulses);
        watching = Thread.ofPlatform().daemon().name("loop-watchdog").unstarted(this::watch);
    }

    public static Watchdog over(Collection<Pulse> pulses) {
        Watchdog watchdog = new Watchdog(pulses);
        watchdog.watching.start();
        return watchdog;
    }

    /** How often a loop stood still for seconds. */
    public long blocked() {
        return blocked.sum();
    }

    private void watch() {
        try {
            while (true) {
                Thread.sleep(LOOK_MILLIS);
                pulses.forEach(pulse -> look(pulse, Ticker.systemTicker().nanoTime()));
            }
        } catch (InterruptedException e) {
            LOG.atDebug().log("watchdog-stopped");
        }
    }

    private void look(Pulse pulse, long nowNanos) {
        Thread thread = pulse.thread();
        long last = pulse.lastNanos();
        if (thread == null || !thread.isAlive() || nowNanos - last < BLOCKED_NANOS) {
            return;
        }
        Long before = noticed.put(pulse, last);
        if (before == null || before != last) {
            blocked.increment();
            Long toldAt = told.get(pulse);
            if (toldAt == null || nowNanos - toldAt >= SILENCE_NANOS) {
                told.put(pulse, nowNanos);
                tell(thread, nowNanos - last);
            }
        }
    }

    private static void tell(Thread thread, long nanos) {
        Throwable culprit = new Throwable(thread.getName() + " is at");
        culprit.setStackTrace(thread.getStackTrace());
        LOG.atWarn()
                .addKeyValue("loop", thread.getName())
                .addKeyValue("blockedMillis", TimeUnit.NANOSECONDS.toMillis(nanos))
                .setCause(culprit)
                .log("loop-blocked");
    }

    @Override
    public void close() {
        watching.interrupt();
    }
}
