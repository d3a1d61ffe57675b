package dev.sluice.cluster.node;

import dev.sluice.cluster.agent.Step;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The one owner of a state: takes observations from anywhere, steps, carries effects out.
 *
 * <p>{@link #run} is the owner thread; {@link #offer} may be called from any other one, and blocks
 * while {@link #INBOX} observations are waiting. A programmer's mistake in a step ends the loop.
 *
 * @param <S> state
 * @param <O> observation
 * @param <E> effect
 */
public final class StepLoop<S, O, E> {
    private static final int INBOX = 4096;
    private static final long TICK_NANOS = 1_000_000_000L;

    private final StepFunction<S, O, E> steps;
    private final Effects<S, O, E> effects;
    private final O tick;
    private final LongSupplier nanoTime;
    private final BlockingQueue<O> inbox = new ArrayBlockingQueue<>(INBOX);

    /** Written by the owner only; published to whoever asks for the state. */
    private volatile S state;

    private volatile boolean closed;

    /**
     * Nothing runs yet.
     *
     * @param tick what is observed once a second
     */
    public StepLoop(
            S initial,
            StepFunction<S, O, E> steps,
            Effects<S, O, E> effects,
            O tick,
            LongSupplier nanoTime) {
        this.state = initial;
        this.steps = steps;
        this.effects = effects;
        this.tick = tick;
        this.nanoTime = nanoTime;
    }

    /** A pure step. */
    public interface StepFunction<S, O, E> {
        Step<S, E> apply(S state, O observation, long nowNanos);
    }

    /** Carries one effect out, on the owner thread; the answer is what came of it at once. */
    public interface Effects<S, O, E> {
        List<O> carryOut(E effect, S state);
    }

    /** The state after the last step. Any thread. */
    public S state() {
        return state;
    }

    public void offer(O observation) {
        try {
            inbox.put(observation);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns after {@link #close}. */
    public void run() throws InterruptedException {
        long nextTick = nanoTime.getAsLong() + TICK_NANOS;
        while (!closed) {
            long wait = nextTick - nanoTime.getAsLong();
            @Nullable O observation = wait > 0 ? inbox.poll(wait, TimeUnit.NANOSECONDS) : null;
            if (observation == null) {
                observation = tick;
                nextTick = nanoTime.getAsLong() + TICK_NANOS;
            }
            settle(observation);
        }
    }

    /** The loop ends after the step in hand. Any thread. */
    public void close() {
        closed = true;
        inbox.offer(tick);
    }

    private void settle(O first) {
        Queue<O> queue = new ArrayDeque<>();
        queue.add(first);
        while (!queue.isEmpty()) {
            Step<S, E> step = steps.apply(state, queue.remove(), nanoTime.getAsLong());
            state = step.state();
            for (E effect : step.effects()) {
                queue.addAll(effects.carryOut(effect, state));
            }
        }
    }
}
