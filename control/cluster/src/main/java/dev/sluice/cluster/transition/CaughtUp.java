package dev.sluice.cluster.transition;

import dev.sluice.cluster.pool.PoolSpec.Wire;
import dev.sluice.cluster.pool.PoolState;
import dev.sluice.cluster.pool.Proxy;
import dev.sluice.cluster.transition.Facts.DirectorFacts;
import dev.sluice.cluster.transition.Facts.ProxyFacts;

import java.util.List;
import java.util.stream.Stream;

/**
 * Whether everyone who must know a generation does (PROTOCOL rule 5).
 *
 * <p>(D) every director that is not confirmed withdrawn has acknowledged it, or (P) every
 * registered proxy reports it installed. Both are waited for during {@link #PATIENCE_MS}; then one
 * is enough. Without stamps on the wire only (D) protects.
 *
 * @param laggards who is missing, for people: empty exactly if nobody is
 */
record CaughtUp(boolean holds, List<String> laggards) {
    /** How long a change waits for the slower tier before the faster one is enough. */
    static final long PATIENCE_MS = 5_000;

    /**
     * What is to be known, and since when it could be.
     *
     * @param byDirectors generation that (D) asks for
     * @param byProxies generation that (P) asks for
     */
    record Question(long byDirectors, long byProxies, long sinceUnixMs) {
        static final long LONG_AGO = 0;
    }

    static CaughtUp of(PoolState state, Facts facts, Question question, long nowUnixMs) {
        List<String> directors = laggingDirectors(facts, question.byDirectors());
        if (state.spec().wire() == Wire.GLB) {
            return new CaughtUp(directors.isEmpty(), directors);
        }
        List<String> proxies = laggingProxies(state, facts, question.byProxies());
        boolean both = directors.isEmpty() && proxies.isEmpty();
        boolean either = directors.isEmpty() || proxies.isEmpty();
        boolean patient = nowUnixMs - question.sinceUnixMs() < PATIENCE_MS;
        return new CaughtUp(
                both || (!patient && either),
                Stream.concat(directors.stream(), proxies.stream()).toList());
    }

    private static List<String> laggingDirectors(Facts facts, long generation) {
        return facts.directors().entrySet().stream()
                .filter(d -> !d.getValue().withdrawn())
                .filter(d -> d.getValue().acknowledged() < generation)
                .map(d -> describe(d.getKey(), d.getValue(), generation))
                .sorted()
                .toList();
    }

    private static String describe(String id, DirectorFacts director, long generation) {
        return "director "
                + id
                + " has acknowledged generation "
                + director.acknowledged()
                + " of "
                + generation
                + (director.present() ? "" : " and has no session");
    }

    private static List<String> laggingProxies(PoolState state, Facts facts, long generation) {
        return state.proxies().stream()
                .map(Proxy::id)
                .filter(id -> installed(facts, id) < generation)
                .map(id -> describe(id, facts, generation))
                .toList();
    }

    private static String describe(String id, Facts facts, long generation) {
        return facts.proxies().containsKey(id)
                ? "proxy "
                        + id
                        + " has installed generation "
                        + installed(facts, id)
                        + " of "
                        + generation
                : "proxy " + id + " has no session";
    }

    private static long installed(Facts facts, String proxy) {
        ProxyFacts running = facts.proxies().get(proxy);
        return running == null ? 0 : running.installed();
    }
}
