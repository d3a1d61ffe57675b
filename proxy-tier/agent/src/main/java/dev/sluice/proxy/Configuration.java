package dev.sluice.proxy;

import dev.sluice.cluster.config.Parsed;
import dev.sluice.cluster.config.Problem;
import dev.sluice.cluster.l7.L7Config;
import dev.sluice.cluster.record.ConfigRevision;
import dev.sluice.cluster.record.TrialResult;
import dev.sluice.cluster.zookeeper.Seen;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Which L7 configuration is served: the active revision, or the last good one before it.
 *
 * <p>Revisions are built one after the other on a virtual thread; a refused one changes nothing and
 * is a problem on the member record until a good one comes.
 */
final class Configuration implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Configuration.class);

    private final L7 l7;
    private final Memory memory;
    private final Runnable onChange;
    private final ExecutorService worker =
            Executors.newSingleThreadExecutor(Thread.ofVirtual().name("configuration").factory());

    /** Written by the worker, read by whoever publishes the member record. */
    private volatile Status status = new Status(0, List.of());

    private record Status(long servedRevision, List<String> problems) {}

    /**
     * Serves nothing yet.
     *
     * @param onChange told after every revision, good or bad; on the worker
     */
    Configuration(L7 l7, Memory memory, Runnable onChange) {
        this.l7 = l7;
        this.memory = memory;
        this.onChange = onChange;
    }

    long servedRevision() {
        return status.servedRevision();
    }

    List<String> problems() {
        return status.problems();
    }

    /** Any thread; never blocks. */
    void onRevision(Seen<ConfigRevision> seen) {
        switch (seen) {
            case Seen.Value<ConfigRevision> read -> serve(read.value());
            case Seen.Corrupt<ConfigRevision> corrupt ->
                    worker.execute(() -> refuse(List.of(corrupt.problem().toString())));
            case Seen.Gone<ConfigRevision> ignored -> {
                // Nothing was applied yet, or the pointer is gone: what is served stays.
            }
        }
    }

    /** Any thread; never blocks. */
    void serve(ConfigRevision revision) {
        worker.execute(() -> build(revision));
    }

    /** Any thread; blocks. What is served stays. */
    TrialResult attempt(String origin, String source) {
        if (!l7.takesConfigurations()) {
            return TrialResult.UNCONCERNED;
        }
        TrialResult result =
                switch (L7Config.parse(origin, source)) {
                    case Parsed.Valid<L7Config>(L7Config config) -> attempt(origin, config);
                    case Parsed.Invalid<L7Config> invalid ->
                            new TrialResult(texts(invalid.problems()));
                };
        log.atInfo()
                .addKeyValue("problems", result.problems().size())
                .addKeyValue("warnings", result.warnings().size())
                .log("configuration.tried");
        return result;
    }

    private TrialResult attempt(String origin, L7Config config) {
        List<Problem> problems = l7.attempt(origin, config);
        return problems.isEmpty()
                ? TrialResult.good(texts(l7.warnings(origin, config)))
                : new TrialResult(texts(problems));
    }

    private static List<String> texts(List<Problem> problems) {
        return problems.stream().map(Problem::toString).toList();
    }

    private void build(ConfigRevision revision) {
        if (revision.number() == status.servedRevision()) {
            status = new Status(status.servedRevision(), List.of());
            onChange.run();
            return;
        }
        switch (L7Config.parse(revision.origin(), revision.source())) {
            case Parsed.Valid<L7Config>(L7Config config) -> apply(revision, config);
            case Parsed.Invalid<L7Config> invalid -> refuse(revision, invalid.problems());
        }
    }

    private void apply(ConfigRevision revision, L7Config config) {
        List<Problem> problems = l7.apply(revision.origin(), config);
        if (!problems.isEmpty()) {
            refuse(revision, problems);
            return;
        }
        status = new Status(revision.number(), List.of());
        log.atInfo().addKeyValue("revision", revision.number()).log("configuration.served");
        try {
            memory.keep(revision);
        } catch (IOException e) {
            // Served all the same; only a restart without ZooKeeper would miss it.
            log.atError().addKeyValue("why", e.toString()).log("snapshot.not_saved");
        }
        onChange.run();
    }

    private void refuse(ConfigRevision revision, List<Problem> problems) {
        refuse(
                problems.stream()
                        .map(p -> "configuration " + revision.number() + ": " + p)
                        .toList());
    }

    private void refuse(List<String> problems) {
        if (!problems.equals(status.problems())) {
            problems.forEach(p -> log.atError().addKeyValue("why", p).log("configuration.refused"));
        }
        status = new Status(status.servedRevision(), problems);
        onChange.run();
    }

    @Override
    public void close() {
        worker.shutdownNow();
    }
}
