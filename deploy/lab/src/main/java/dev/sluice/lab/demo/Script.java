package dev.sluice.lab.demo;

import dev.sluice.lab.Await;
import dev.sluice.lab.Lab;
import dev.sluice.lab.LabException;
import dev.sluice.lab.Node;
import dev.sluice.lab.Operator;
import dev.sluice.lab.Operator.ClusterView;
import dev.sluice.lab.Operator.ProxyView;
import dev.sluice.lab.Progress;
import dev.sluice.lab.Report;
import dev.sluice.lab.traffic.Download;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** What happens once traffic flows: drain, second chance, loss of a director, the end. */
final class Script {
    private static final Duration STEP_LIMIT = Duration.ofSeconds(10);
    private static final Duration DOWNLOAD_LIMIT = Duration.ofSeconds(60);
    private static final Duration DRAINED_LIMIT = Duration.ofSeconds(15);
    private static final Duration POLL = Duration.ofMillis(20);

    /** Long enough for a packet of the download to pass. */
    private static final Duration SAMPLE = Duration.ofMillis(500);

    /** The download has moved on when it is that much further. */
    private static final long PROGRESS_BYTES = 500_000;

    private final Lab lab;
    private final Operator operator;
    private final Progress progress;
    private final Demo.Traffic traffic;
    private final Download download;
    private final Node proxy;
    private final FlowCounters flow;
    private final Report report = new Report();

    Script(Lab lab, Operator operator, Progress progress, Demo.Traffic traffic)
            throws IOException, LabException {
        this.lab = lab;
        this.operator = operator;
        this.progress = progress;
        this.traffic = traffic;
        this.download = traffic.download();
        this.proxy = lab.node(download.servedBy());
        this.flow = FlowCounters.watch(lab, download.source());
    }

    Report run() throws IOException, LabException {
        progress.step(
                "the large download (%,d bytes) comes from %s".formatted(download.length(), proxy));
        Await.until(STEP_LIMIT, POLL, () -> download.received() > download.length() / 20);
        long secondChances = flow.secondChances(proxy);
        long acknowledgedNanos = drain();
        awaitSecondChance(secondChances);
        loseDirector();
        if (awaitDownload()) {
            awaitDrained();
        }
        traffic.load().stop();
        new Conclusion(lab, traffic, proxy, acknowledgedNanos).addTo(report);
        return report;
    }

    /** Returns when the last director had acknowledged. */
    private long drain() throws IOException {
        progress.step("draining " + proxy);
        long start = System.nanoTime();
        operator.drain(proxy.name());
        boolean left = Await.until(STEP_LIMIT, POLL, () -> view().hasLeft(proxy.name()));
        long acknowledged = System.nanoTime();
        long received = download.received();
        long tookMs = Duration.ofNanos(acknowledged - start).toMillis();
        report.figure("drain to the last director's acknowledgement", tookMs + " ms");
        report.check("every director acknowledges the drain", left, "after " + tookMs + " ms");
        report.check(
                "at least half of the download comes after that",
                left && 2 * received <= download.length(),
                "%,d of %,d bytes had come".formatted(received, download.length()));
        progress.step(
                "every director knows after %d ms; %d %% of the download has come"
                        .formatted(tookMs, 100 * received / download.length()));
        return acknowledged;
    }

    private ClusterView view() throws IOException {
        return operator.look().orElseThrow(() -> new IOException("the controller is silent"));
    }

    private void awaitSecondChance(long before) throws IOException {
        Await.until(STEP_LIMIT, POLL, () -> flow.secondChances(proxy) > before || hasEnded());
        long now = flow.secondChances(proxy);
        boolean rose = now > before;
        String seen = "%,d packets, %,d before the drain".formatted(now, before);
        report.check(proxy + " gets packets of that very flow as second chance", rose, seen);
        progress.step("the download reaches " + proxy + " by second chances: " + seen);
    }

    /** The one that carries the download: a download that broke has none. */
    private void loseDirector() throws IOException, LabException {
        List<Node> carriers = flow.carriers(SAMPLE);
        long left = download.length() - download.received();
        report.check(
                "the director that is lost carries the download",
                carriers.size() == 1 && left > PROGRESS_BYTES,
                "%s carried it, with %,d bytes to go".formatted(carriers, left));
        if (!carriers.isEmpty()) {
            lose(carriers.getFirst());
        }
    }

    private void lose(Node director) throws IOException, LabException {
        progress.step("the host of " + director + ", which carries it, fails");
        lab.killHost(director);
        long received = download.received();
        boolean moved =
                Await.until(
                        STEP_LIMIT,
                        POLL,
                        () -> download.received() > received + PROGRESS_BYTES || hasEnded());
        List<Node> now = flow.carriers(SAMPLE);
        report.check(
                "another director carries it on",
                moved && !now.isEmpty() && !now.contains(director),
                "now " + now);
        progress.step("now carried by " + now);
    }

    /** False if it broke. */
    private boolean awaitDownload() throws IOException {
        boolean ended = Await.until(DOWNLOAD_LIMIT, POLL, traffic.streams()::areDone);
        String seen = ended ? download.outcome().join().message() : "it did not end";
        boolean whole = ended && download.outcome().join().isWhole();
        String figures = "%,d bytes, %s".formatted(download.received(), seen);
        report.check("the download is whole", whole, figures);
        progress.step("the large download ended: " + seen);
        return whole;
    }

    private boolean hasEnded() {
        return download.outcome().isDone();
    }

    private void awaitDrained() throws IOException {
        boolean drained = Await.until(DRAINED_LIMIT, POLL, this::isDrained);
        String state = view().proxy(proxy.name()).map(ProxyView::state).orElse("unknown");
        report.check(proxy + " is drained when its last connection has ended", drained, state);
        progress.step(proxy + " is " + state);
    }

    private boolean isDrained() throws IOException {
        ClusterView view = view();
        return view.settled()
                && view.proxy(proxy.name()).filter(p -> p.state().equals("DRAINED")).isPresent();
    }
}
