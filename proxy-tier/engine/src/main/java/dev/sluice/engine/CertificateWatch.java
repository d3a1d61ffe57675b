package dev.sluice.engine;

import dev.sluice.cluster.config.Problem;
import dev.sluice.engine.tls.TlsServer;

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

    private final Supplier<Collection<TlsServer>> servers;
    private final Thread thread;

    /** Of files that were last refused; written by the thread. */
    private volatile List<Refused> refused = List.of();

    private record Refused(TlsServer server, List<Problem> problems) {}

    /**
     * Begins at once.
     *
     * @param servers those of the configuration of the moment
     */
    CertificateWatch(Supplier<Collection<TlsServer>> servers) {
        this.servers = servers;
        thread = Thread.ofVirtual().name("certificates").start(this::run);
    }

    /** What is wrong with files whose last good state is still served. */
    List<Problem> problems() {
        Collection<TlsServer> live = servers.get();
        return refused.stream()
                .filter(one -> live.contains(one.server()))
                .flatMap(one -> one.problems().stream())
                .toList();
    }

    private void run() {
        try {
            while (true) {
                Thread.sleep(INTERVAL);
                servers.get().forEach(this::refresh);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void refresh(TlsServer server) {
        switch (server.refresh()) {
            case TlsServer.Unchanged() -> {}
            case TlsServer.Replaced() -> {
                note(server, List.of());
                LOG.atInfo().addKeyValue("served", server.expiries()).log("certificates-replaced");
            }
            case TlsServer.Refused(List<Problem> problems) -> {
                note(server, problems);
                problems.forEach(problem ->
                        LOG.atError().addKeyValue("why", problem).log("certificates-refused"));
            }
        }
    }

    private void note(TlsServer server, List<Problem> problems) {
        Collection<TlsServer> live = servers.get();
        List<Refused> next = new ArrayList<>(refused);
        next.removeIf(one -> one.server() == server || !live.contains(one.server()));
        if (!problems.isEmpty()) {
            next.add(new Refused(server, problems));
        }
        refused = List.copyOf(next);
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
