package dev.sluice.lab.scenario;

import dev.sluice.cluster.packet.DirectorCounter;
import dev.sluice.cluster.packet.RedirectCounter;
import dev.sluice.lab.Await;
import dev.sluice.lab.Cluster;
import dev.sluice.lab.LabException;
import dev.sluice.lab.Node;
import dev.sluice.lab.Operator;
import dev.sluice.lab.Operator.ClusterView;
import dev.sluice.lab.Operator.ProxyView;
import dev.sluice.lab.Progress;
import dev.sluice.lab.Report;
import dev.sluice.lab.Role;
import dev.sluice.lab.traffic.Crowd;
import dev.sluice.lab.traffic.Load;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** The steps of {@link Rolling}. Used once, by one thread. */
final class RollingScript {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(50);

    /** Never reached: what is drained keeps its connections. */
    private static final Duration DEADLINE = Duration.ofMinutes(30);

    private static final int WEIGHT = 3;
    private static final int VISITORS = 8;
    private static final Duration VISITORS_PAUSE = Duration.ofMillis(100);

    /** Of each talk, after the last change: a cut one would have noticed. */
    private static final int RECORDS_AFTERWARDS = 3;

    private static final int VISITS_AFTERWARDS = 60;

    private final RollingSpec spec;
    private final Cluster lab;
    private final Operator operator;
    private final Progress progress;
    private final List<String> drained;
    private final List<String> filled;

    /** One that stays. */
    private final String weighed;

    private final Node lost;
    private final Changes changes;
    private final Report report = new Report();

    RollingScript(RollingSpec spec, Scenario.Stage stage) {
        this.spec = spec;
        this.lab = stage.cluster();
        this.operator = stage.operator();
        this.progress = stage.progress();
        List<String> proxies = lab.topology().nodes(Role.PROXY).stream().map(Node::name).toList();
        this.drained = proxies.subList(0, 2);
        this.filled = proxies.subList(proxies.size() - 2, proxies.size());
        this.weighed = proxies.get(2);
        this.lost = lab.topology().nodes(Role.DIRECTOR).getLast();
        this.changes = new Changes(spec, stage);
    }

    Report run() throws IOException, LabException {
        emptyThoseToBeFilled();
        long lastResorts = lastResorts();
        progress.step(spec.connections() + " connections are opened");
        try (Crowd crowd = Crowd.start(lab.clients(), spec.connections(), spec.pace());
                Load visitors = Load.start(lab.clients(), VISITORS, VISITORS_PAUSE)) {
            require("every connection to be served", crowd::isUnderWay);
            progress.step("served by " + crowd.served(talk -> true));
            changeEverything();
            long changed = System.nanoTime();
            watch(crowd, visitors, changed);
            lastResorts = lastResorts() - lastResorts;
            visitors.stop();
            crowd.stop();
            new RollingConclusion(
                            spec.discipline(),
                            crowd,
                            visitors,
                            drained,
                            filled,
                            changed,
                            lastResorts)
                    .addTo(report, changes.outcomes());
        }
        if (spec.discipline() == Discipline.SLUICE) {
            awaitDrained();
        }
        return report;
    }

    /** One after the other, so that every discipline allows it. */
    private void emptyThoseToBeFilled() throws IOException, LabException {
        for (String proxy : filled) {
            require(proxy + " to be let go", () -> isAccepted(proxy));
            require(
                    proxy + " to be drained",
                    () -> view().filter(v -> v.settled() && isDrained(v, proxy)).isPresent());
        }
        progress.step(filled + " are out, and empty");
    }

    private boolean isAccepted(String proxy) {
        try {
            operator.drain(proxy);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Each begins as soon as it is let: the older ones are still open then. */
    private void changeEverything() throws IOException, LabException {
        changes.fill(filled.getFirst());
        changes.awaitAcknowledged(Set.of());
        loseDirector();
        if (spec.discipline() == Discipline.GLB) {
            confirmLoss();
        }
        changes.replace(drained.getFirst(), filled.getLast(), DEADLINE);
        changes.drain(drained.getLast(), DEADLINE);
        changes.awaitAcknowledged(Set.of(lost.name()));
        if (spec.discipline() == Discipline.SLUICE) {
            weighLater();
        }
    }

    /** Needs a fifth hop on some rows as long as the connections live. */
    private void weighLater() throws IOException {
        boolean queued = operator.weigh(weighed, WEIGHT);
        report.check(
                "a change that does not fit waits for its turn",
                queued,
                "weight " + WEIGHT + " for " + weighed);
    }

    private void loseDirector() throws IOException, LabException {
        long forwarded =
                lab.counters().ofDirector(lost).getOrDefault(DirectorCounter.FORWARDED, 0L);
        report.check(
                "the director that is lost carries traffic",
                forwarded > spec.connections(),
                "%,d packets".formatted(forwarded));
        lab.killHost(lost);
        progress.step("the host of " + lost + " is lost");
    }

    /** GLB's frames carry no generation: it commits only when no director can be older. */
    private void confirmLoss() throws IOException, LabException {
        long start = System.nanoTime();
        require("the loss of " + lost + " to be confirmed", this::isConfirmed);
        long tookMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        report.figure("from the loss to its confirmation", tookMs + " ms");
        progress.step(lost + " is removed by its operator");
    }

    /** Refused as long as its session lasts. */
    private boolean isConfirmed() {
        try {
            operator.removeDirector(lost.name());
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Until every connection that lives has shown it. */
    private void watch(Crowd crowd, Load visitors, long changed) throws IOException {
        Crowd.Mark mark = crowd.mark();
        boolean all = Await.until(LIMIT, POLL, () -> mark.isPassed(RECORDS_AFTERWARDS));
        report.check(
                "after the last change every connection goes on, or is known to be broken",
                all,
                "%,d records in all".formatted(crowd.exchanges()));
        Await.until(LIMIT, POLL, () -> count(visitors, changed) >= VISITS_AFTERWARDS);
        progress.step(crowd.broken().size() + " of " + spec.connections() + " connections broke");
    }

    private static long count(Load visitors, long since) {
        return visitors.tally().visitsSince(since).values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    /** The connections have ended: so do the drains. */
    private void awaitDrained() throws IOException {
        long start = System.nanoTime();
        boolean empty =
                Await.until(
                        LIMIT,
                        POLL,
                        () ->
                                view().filter(v ->
                                                v.settled()
                                                        && drained.stream()
                                                                .allMatch(p -> isDrained(v, p)))
                                        .isPresent());
        long tookMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        report.figure("from the last connection's end to settled", tookMs + " ms");
        boolean weighs =
                Await.until(LIMIT, POLL, () -> view().filter(v -> weight(v) == WEIGHT).isPresent());
        report.check(
                "the change that waited has had its turn",
                weighs,
                "weight " + view().map(this::weight).orElse(0) + " for " + weighed);
        report.check(
                "both drains end once their connections have",
                empty,
                view().map(v ->
                                drained.stream()
                                        .map(p -> p + " " + state(v, p))
                                        .collect(Collectors.joining(", ")))
                        .orElse("the controllers are silent"));
    }

    private long lastResorts() {
        return lab.counters().proxies(RedirectCounter.KEPT_LAST_RESORT);
    }

    private Optional<ClusterView> view() throws IOException {
        return operator.look();
    }

    private int weight(ClusterView view) {
        return view.proxy(weighed).map(ProxyView::weight).orElse(0);
    }

    private static boolean isDrained(ClusterView view, String proxy) {
        return state(view, proxy).equals("DRAINED");
    }

    private static String state(ClusterView view, String proxy) {
        return view.proxy(proxy).map(ProxyView::state).orElse("unknown");
    }

    private void require(String what, Await.Condition condition) throws IOException, LabException {
        if (!Await.until(LIMIT, POLL, condition)) {
            throw LabException.failed(
                    "Waited " + LIMIT.toSeconds() + " s for " + what + ": " + operator.look());
        }
    }
}
