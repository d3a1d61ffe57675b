package dev.sluice.cluster.transition;

import dev.sluice.cluster.pool.Epoch;
import dev.sluice.cluster.pool.Epoch.Member;
import dev.sluice.cluster.pool.PoolState;
import dev.sluice.cluster.pool.Proxy;
import dev.sluice.cluster.pool.Proxy.State;
import dev.sluice.cluster.table.ChainTable;
import dev.sluice.cluster.transition.Decision.Accepted;
import dev.sluice.cluster.transition.Decision.Refused;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * May a change begin now? PROTOCOL rules 6 and 8.
 *
 * <p>A change that could cut a live flow is refused with the reason and a way out, never begun. An
 * accepted one answers the state to write: its PREPARE.
 */
public final class Safety {
    private Safety() {}

    /**
     * Checks a change against a state and the facts that were read with it.
     *
     * @param nowUnixMs wall clock: stamps phases and bounds waits, decides nothing else
     */
    public static Decision check(PoolState state, Facts facts, Change change, long nowUnixMs) {
        return switch (change) {
            case Change.Drain drain -> drain(state, facts, drain, nowUnixMs);
            case Change.Fill fill -> fill(state, facts, fill, nowUnixMs);
            case Change.Abort abort -> abort(state);
        };
    }

    private static Decision drain(
            PoolState state, Facts facts, Change.Drain drain, long nowUnixMs) {
        Optional<Proxy> proxy = state.proxy(drain.proxy());
        if (proxy.isEmpty()) {
            return unknown(state, drain.proxy());
        }
        State current = proxy.get().state();
        if (current != State.ACTIVE && current != State.FILLING) {
            return alreadyOut(state, proxy.get());
        }
        List<Member> view = others(state, drain.proxy()).toList();
        if (view.isEmpty()) {
            return new Refused(
                    drain.proxy()
                            + " is the last proxy of pool "
                            + state.name()
                            + " that takes new connections",
                    "fill another proxy first ('sluice fill PROXY')");
        }
        return begin(
                state, facts, drain.proxy() + " drains", view, drain.deadlineUnixMs(), nowUnixMs);
    }

    private static Refused alreadyOut(PoolState state, Proxy proxy) {
        return new Refused(
                proxy.id() + " is already " + proxy.state() + " in pool " + state.name(),
                proxy.state() == State.DRAINING
                        ? "follow it with 'sluice status', or take it back with 'sluice fill "
                                + proxy.id()
                                + "'"
                        : "nothing to do: it takes no new connections");
    }

    private static Decision fill(PoolState state, Facts facts, Change.Fill fill, long nowUnixMs) {
        Optional<Proxy> proxy = state.proxy(fill.proxy());
        if (proxy.isEmpty()) {
            return unknown(state, fill.proxy());
        }
        State current = proxy.get().state();
        if (current == State.ACTIVE || current == State.FILLING) {
            return new Refused(
                    fill.proxy() + " is already " + current + " in pool " + state.name(),
                    "nothing to do: it takes new connections");
        }
        if (!facts.proxies().containsKey(fill.proxy())) {
            return new Refused(
                    fill.proxy() + " has no session: it would get connections it cannot take",
                    "start its proxy process, see that 'sluice status' lists it, then fill it");
        }
        Member filled = new Member(fill.proxy(), proxy.get().weight());
        List<Member> view = Stream.concat(others(state, fill.proxy()), Stream.of(filled)).toList();
        return begin(state, facts, fill.proxy() + " fills", view, 0, nowUnixMs);
    }

    private static Stream<Member> others(PoolState state, String proxy) {
        return state.newest().members().stream().filter(m -> !m.proxy().equals(proxy));
    }

    private static Decision begin(
            PoolState state,
            Facts facts,
            String what,
            List<Member> view,
            long deadlineUnixMs,
            long nowUnixMs) {
        Optional<Refused> notNow = notNow(state, facts, nowUnixMs);
        if (notNow.isPresent()) {
            return notNow.get();
        }
        PoolState next = prepare(state, view, deadlineUnixMs, nowUnixMs);
        int overfull = new ChainTable().overfullRows(next);
        return overfull == 0
                ? new Accepted(next, what + ": epoch " + state.nextEpochId() + " prepared")
                : new Refused(
                        overfull
                                + " rows of pool "
                                + state.name()
                                + " would need more than "
                                + PoolState.MAX_HOPS
                                + " hops",
                        "wait until an earlier change has settled ('sluice status' shows what"
                                + " holds it)");
    }

    private static Optional<Refused> notNow(PoolState state, Facts facts, long nowUnixMs) {
        if (state.pending().isPresent()) {
            return Optional.of(
                    new Refused(
                            "pool " + state.name() + " is preparing another change",
                            "wait for its commit, or give it up with 'sluice abort'"));
        }
        // Either tier is enough at once: an operator waits here, and PREPARE waits for both.
        CaughtUp.Question question =
                new CaughtUp.Question(
                        state.newest().commitGeneration(),
                        state.generation(),
                        CaughtUp.Question.LONG_AGO);
        CaughtUp caughtUp = CaughtUp.of(state, facts, question, nowUnixMs);
        if (caughtUp.holds()) {
            return Optional.empty();
        }
        return Optional.of(
                new Refused(
                        "not everyone knows the last change of pool "
                                + state.name()
                                + ": "
                                + String.join("; ", caughtUp.laggards()),
                        "wait for them, bring them back, or remove a director that is gone for"
                                + " good ('sluice directors remove ID')"));
    }

    private static PoolState prepare(
            PoolState state, List<Member> view, long deadlineUnixMs, long nowUnixMs) {
        long id = state.nextEpochId();
        Epoch pending =
                new Epoch(id, view, 0, state.generation() + 1, nowUnixMs, deadlineUnixMs, false);
        return ProxyStates.next(state, state.live(), Optional.of(pending), id + 1);
    }

    private static Decision abort(PoolState state) {
        return state.pending()
                .<Decision>map(pending ->
                        new Accepted(
                                ProxyStates.next(
                                        state, state.live(), Optional.empty(), state.nextEpochId()),
                                "epoch " + pending.id() + " given up"))
                .orElseGet(() ->
                        new Refused(
                                "pool " + state.name() + " is preparing no change",
                                "a committed change is taken back by its opposite: drain"
                                        + " or fill"));
    }

    private static Refused unknown(PoolState state, String proxy) {
        return new Refused(
                "pool " + state.name() + " has no proxy '" + proxy + "'",
                "its proxies are "
                        + state.proxies().stream()
                                .map(Proxy::id)
                                .collect(Collectors.joining(", ")));
    }
}
