package dev.sluice.engine;

import dev.sluice.cluster.config.Problem;
import dev.sluice.engine.tls.Watched;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;

/**
 * Notices replaced certificates and keys. It asks the file system again and again, as no event
 * comes from it when a link far up in a path is turned to another folder.
 */
final class CertificateWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CertificateWatch.class);
    private static final Duration INTERVAL = Duration.ofSeconds(2);

    private final Supplier<Collection<Watched<?>>> files;
    private final Runnable onReplaced;
    private final Thread thread;

    /** What was last refused; written by the thread. */
    private volatile List<Refused> refused = List.of();

    private record Refused(Watched<?> files, List<Problem> problems) {}

    /**
     * Begins at once.
     *
     * @param files those of the configuration of the moment
     * @param onReplaced runs on the watch's thread
     */
    CertificateWatch(Supplier<Collection<Watched<?>>> files, Runnable onReplaced) {
        this.files = files;
        this.onReplaced = onReplaced;
        thread = Thread.ofVirtual().name("certificates").start(this::run);
    }

    /** What is wrong with files whose last good state is still in use. */
    List<Problem> problems() {
        Collection<Watched<?>> live = files.get();
        return refused.stream()
                .filter(one -> live.contains(one.files()))
                .flatMap(one -> one.problems().stream())
                .toList();
    }

    private void run() {
        try {
            while (true) {
                Thread.sleep(INTERVAL);
                files.get().forEach(this::refresh);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void refresh(Watched<?> some) {
        switch (some.refresh()) {
            case Watched.Unchanged() -> {}
            case Watched.Replaced() -> {
                note(some, List.of());
                onReplaced.run();
                LOG.atInfo().addKeyValue("files", some).log("certificates-replaced");
            }
            case Watched.Refused(List<Problem> problems) -> {
                note(some, problems);
                problems.forEach(problem ->
                        LOG.atError().addKeyValue("why", problem).log("certificates-refused"));
            }
        }
    }

    private void note(Watched<?> some, List<Problem> problems) {
        Collection<Watched<?>> live = files.get();
        List<Refused> next = new ArrayList<>(refused);
        next.removeIf(one -> one.files() == some || !live.contains(one.files()));
        if (!problems.isEmpty()) {
            next.add(new Refused(some, problems));
        }
        refused = List.copyOf(next);
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
