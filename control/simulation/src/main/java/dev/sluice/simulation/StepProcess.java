package dev.sluice.simulation;

import dev.sluice.cluster.agent.Step;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * A process around a step function, as {@code StepLoop} runs it: one observation after the other,
 * effects in order, their results ahead of what is waiting. It may be paused, and an effect may
 * take time; then everything behind it waits.
 *
 * @param <S> state
 * @param <O> observation
 * @param <E> effect
 */
abstract class StepProcess<S, O, E> {
    private static final long TICK = Nanos.SECOND;

    private final World world;
    private final Deque<O> inbox = new ArrayDeque<>();
    private final Deque<O> results = new ArrayDeque<>();
    private final Deque<E> effects = new ArrayDeque<>();
    private S state;
    private boolean alive = true;
    private boolean begun;
    private boolean running;
    private long busyUntilNanos;

    StepProcess(World world, S initial) {
        this.world = world;
        this.state = initial;
    }

    abstract Step<S, E> step(S before, O observation, long nowNanos);

    /** How long an effect takes before it happens. */
    abstract long duration(E effect);

    abstract List<O> carryOut(E effect);

    abstract O tick();

    final S state() {
        return state;
    }

    final boolean isAlive() {
        return alive;
    }

    final void start(O started) {
        offer(started);
        world.after(TICK, this::onTick);
    }

    private void onTick() {
        if (alive) {
            if (world.nowNanos() >= busyUntilNanos) {
                offer(tick());
            }
            world.after(TICK, this::onTick);
        }
    }

    final void offer(O observation) {
        inbox.add(observation);
        run();
    }

    /** Nothing happens in this process for so long. */
    final void pause(long nanos) {
        busyUntilNanos = Math.max(busyUntilNanos, world.nowNanos() + nanos);
        world.at(busyUntilNanos, this::run);
    }

    /** What waits is lost. */
    void kill() {
        alive = false;
    }

    private void run() {
        if (running) {
            return;
        }
        running = true;
        while (alive && world.nowNanos() >= busyUntilNanos && advance()) {
            world.countStep();
        }
        running = false;
    }

    private boolean advance() {
        if (!effects.isEmpty()) {
            carryOutNext();
            return true;
        }
        O next = results.isEmpty() ? inbox.poll() : results.poll();
        if (next == null) {
            return false;
        }
        Step<S, E> step = step(state, next, world.nowNanos());
        state = step.state();
        effects.addAll(step.effects());
        return true;
    }

    private void carryOutNext() {
        E effect = effects.element();
        long nanos = begun ? 0 : duration(effect);
        begun = nanos > 0;
        if (begun) {
            pause(nanos);
            return;
        }
        effects.remove();
        results.addAll(carryOut(effect));
    }
}
