package dev.sluice.cluster.transition;

import dev.sluice.cluster.pool.PoolSpec.Wire;
import dev.sluice.cluster.pool.PoolState;
import dev.sluice.cluster.pool.Proxy;
import dev.sluice.cluster.pool.Proxy.Mark;
import dev.sluice.cluster.transition.Facts.DirectorFacts;
import dev.sluice.cluster.transition.Facts.ProxyFacts;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * Whether everyone who must know a generation does (PROTOCOL rule 5).
 *
 * <p>(D) every director that is not confirmed withdrawn has acknowledged it, or (P) every
 * registered proxy reports it installed. Both are waited for during {@link #PATIENCE_MS}; then one
 * is enough. Without stamps on the wire only (D) protects. Whoever claims a generation that the
 * pool has not reached yet works by another pool's history, and knows nothing.
 *
 * @param laggards who is missing, for people: empty exactly if nobody is
 * @param fromUnixMs when it will hold without anybody's doing, if it will
 */
record CaughtUp(boolean holds, List<Laggard> laggards, OptionalLong fromUnixMs) {
    /** How long a change waits for the slower tier before the faster one is enough. */
    static final long PATIENCE_MS = 5_000;

    /** Somebody who is missing. */
    record Laggard(Hold.Kind kind, String id, String text) {
        Hold holding(long epoch, String what) {
            return new Hold(epoch, kind, id, 0, 0, what + text);
        }
    }

    /**
     * What is to be known, and since when it could be.
     *
     * @param byDirectors generation that (D) asks for
     * @param byProxies generation that (P) asks for
     */
    record Question(long byDirectors, long byProxies, long sinceUnixMs) {
        static final long LONG_AGO = 0;

        static Question of(long generation, long sinceUnixMs) {
            return new Question(generation, generation, sinceUnixMs);
        }
    }

    static CaughtUp of(PoolState state, Facts facts, Question question, long nowUnixMs) {
        List<Laggard> directors = laggingDirectors(state, facts, question.byDirectors());
        if (state.spec().wire() == Wire.GLB) {
            return new CaughtUp(directors.isEmpty(), directors, OptionalLong.empty());
        }
        List<Laggard> proxies = laggingProxies(state, facts, question.byProxies());
        boolean both = directors.isEmpty() && proxies.isEmpty();
        boolean either = directors.isEmpty() || proxies.isEmpty();
        long patientUntil = question.sinceUnixMs() + PATIENCE_MS;
        return new CaughtUp(
                both || (either && nowUnixMs >= patientUntil),
                Stream.concat(directors.stream(), proxies.stream()).toList(),
                either ? OptionalLong.of(patientUntil) : OptionalLong.empty());
    }

    List<String> texts() {
        return laggards.stream().map(Laggard::text).toList();
    }

    List<String> ids() {
        return laggards.stream().map(Laggard::id).toList();
    }

    private static List<Laggard> laggingDirectors(PoolState state, Facts facts, long generation) {
        return facts.directors().entrySet().stream()
                .filter(d -> !d.getValue().withdrawn())
                .sorted(Map.Entry.comparingByKey())
                .flatMap(d -> lagging(state, d.getKey(), d.getValue(), generation).stream())
                .toList();
    }

    private static Optional<Laggard> lagging(
            PoolState state, String id, DirectorFacts director, long generation) {
        long known = director.acknowledged();
        if (known >= generation && known <= state.generation()) {
            return Optional.empty();
        }
        return Optional.of(
                new Laggard(
                        Hold.Kind.DIRECTOR_LAGS,
                        id,
                        "director "
                                + id
                                + " has acknowledged generation "
                                + known
                                + of(state, known, generation)
                                + (director.present() ? "" : " and has no session")));
    }

    private static List<Laggard> laggingProxies(PoolState state, Facts facts, long generation) {
        return state.proxies().stream()
                .filter(proxy -> !isOff(proxy, facts))
                .flatMap(proxy -> lagging(state, proxy.id(), facts, generation).stream())
                .toList();
    }

    /** An operator's word that a host is off holds as long as nothing is heard of it. */
    static boolean isOff(Proxy proxy, Facts facts) {
        return proxy.mark() == Mark.CONFIRMED_OFF && !facts.proxies().containsKey(proxy.id());
    }

    private static Optional<Laggard> lagging(
            PoolState state, String id, Facts facts, long generation) {
        ProxyFacts running = facts.proxies().get(id);
        if (running == null) {
            return Optional.of(
                    new Laggard(Hold.Kind.PROXY_LAGS, id, "proxy " + id + " has no session"));
        }
        long known = running.installed();
        if (known >= generation && known <= state.generation()) {
            return Optional.empty();
        }
        return Optional.of(
                new Laggard(
                        Hold.Kind.PROXY_LAGS,
                        id,
                        "proxy "
                                + id
                                + " has installed generation "
                                + known
                                + of(state, known, generation)));
    }

    private static String of(PoolState state, long known, long wanted) {
        return known > state.generation()
                ? ", which pool " + state.name() + " has not reached: it knows another history"
                : " of " + wanted;
    }
}
