package dev.sluice.cluster.transition;

import dev.sluice.cluster.pool.PoolState;
import dev.sluice.cluster.pool.Proxy;
import dev.sluice.cluster.table.RowSet;
import dev.sluice.cluster.transition.Advance.Write;
import dev.sluice.cluster.transition.Decision.Accepted;
import dev.sluice.cluster.transition.Facts.DirectorFacts;
import dev.sluice.cluster.transition.Facts.OwnedReport;
import dev.sluice.cluster.transition.Facts.ProxyFacts;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One pool, what is known about it, and a clock: the least that a controller needs. */
final class World {
    PoolState state;
    long nowUnixMs = 1_000_000;
    final Map<String, DirectorFacts> directors = new HashMap<>();
    final Map<String, ProxyFacts> proxies = new HashMap<>();
    final Map<String, OwnedReport> reports = new HashMap<>();

    World(PoolState state) {
        this.state = state;
        acknowledge("d1", state.generation());
        acknowledge("d2", state.generation());
        allInstall();
    }

    Facts facts() {
        return new Facts(directors, proxies, reports);
    }

    void acknowledge(String director, long generation) {
        directors.put(director, new DirectorFacts(generation, false, true, Set.of()));
    }

    void allAcknowledge() {
        directors.keySet().forEach(d -> acknowledge(d, state.generation()));
    }

    void allInstall() {
        for (Proxy proxy : state.proxies()) {
            proxies.put(proxy.id(), new ProxyFacts("i1", state.generation(), 0));
        }
    }

    void everyoneCatchesUp() {
        allAcknowledge();
        allInstall();
    }

    void report(String proxy, RowSet rows) {
        reports.put(proxy, new OwnedReport("i1", state.generation(), true, rows, rows.size()));
    }

    void allReportEmpty() {
        state.proxies().forEach(p -> report(p.id(), RowSet.NONE));
    }

    Decision ask(Change change) {
        return Safety.check(state, facts(), change, nowUnixMs);
    }

    Decision force(Change change) {
        return Safety.force(state, facts(), change, nowUnixMs);
    }

    void begin(Change change) {
        state = ((Accepted) ask(change)).next();
    }

    /** Takes the next step; its absence is an error. */
    String step() {
        Write write = (Write) Transitions.advance(state, facts(), nowUnixMs);
        state = write.next();
        return write.why();
    }

    List<String> waitsFor() {
        return ((Advance.Wait) Transitions.advance(state, facts(), nowUnixMs)).reasons();
    }
}
