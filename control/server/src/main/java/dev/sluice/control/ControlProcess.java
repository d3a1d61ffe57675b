package dev.sluice.control;

import dev.sluice.cluster.config.Parsed;
import dev.sluice.cluster.node.MetricsEndpoint;
import dev.sluice.cluster.node.MetricsText;
import dev.sluice.cluster.zookeeper.ClusterStore;
import dev.sluice.cluster.zookeeper.WriteGate;
import dev.sluice.proto.admin.v1.ClusterStatus;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/** One control process. {@link #close} ends it; a crash of it loses nothing. */
public final class ControlProcess implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ControlProcess.class);
    private static final Duration FOUNDING_RETRY = Duration.ofSeconds(1);

    private final ControlConfig config;
    private final InstantSource clock;
    private final Observer observer;
    private final Basis.Reader reader;
    private final QueueCommands queues;
    private final ChangeCounts changes = new ChangeCounts();
    private final PhaseWatch phases = new PhaseWatch();
    private final ClusterStore store;
    private final Leadership leadership;
    private final Reconciler reconciler;
    private final Deque<AutoCloseable> started = new ArrayDeque<>();

    private ControlProcess(ControlConfig config, InstantSource clock, WriteGate gate) {
        this.config = config;
        this.clock = clock;
        this.store =
                ClusterStore.of(
                        new ClusterStore.Target(
                                config.zookeeper(), config.cluster(), config.session()),
                        gate);
        this.observer = new Observer(store);
        this.reader = new Basis.Reader(observer::view, store.pools(), store.members());
        this.queues = new QueueCommands(observer, store.queues(), clock);
        this.leadership = new Leadership(store, config.id());
        this.reconciler =
                new Reconciler(
                        observer,
                        reader,
                        new Reconciler.Stores(store.pools(), store.queues(), queues),
                        leadership::isMine,
                        config.id(),
                        Reconciler.Clocks.SYSTEM,
                        phases);
    }

    /**
     * Runs until SIGTERM or SIGINT.
     *
     * @param file see {@link ControlConfig}
     * @return the exit code: 0 after a signal, 1 if it could not start, 2 for a bad file; the
     *     reason is on standard error
     */
    public static int run(Path file, boolean embeddedZooKeeper) throws InterruptedException {
        Parsed<ControlConfig> parsed = ControlConfig.load(file);
        if (!(parsed instanceof Parsed.Valid<ControlConfig>(ControlConfig config))) {
            System.err.println(parsed.report());
            return 2;
        }
        if (embeddedZooKeeper && config.embeddedZookeeper().isEmpty()) {
            System.err.println(
                    file
                            + ": --embedded-zookeeper needs the section 'embeddedZookeeper' with"
                            + " 'listen' and 'data'");
            return 2;
        }
        CountDownLatch stop = new CountDownLatch(1);
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stopBy(stop, stopped)));
        try (ControlProcess process = start(config, embeddedZooKeeper)) {
            log.atInfo().addKeyValue("control", process.config.id()).log("control.started");
            stop.await();
        } catch (IOException e) {
            System.err.println("control " + config.id() + " cannot start: " + e.getMessage());
            return 1;
        } finally {
            stopped.countDown();
        }
        return 0;
    }

    private static void stopBy(CountDownLatch stop, CountDownLatch stopped) {
        stop.countDown();
        try {
            stopped.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Runs until {@link #close}; does not wait for ZooKeeper. */
    public static ControlProcess start(ControlConfig config, boolean embeddedZooKeeper)
            throws IOException, InterruptedException {
        return start(config, embeddedZooKeeper, WriteGate.OPEN);
    }

    /**
     * For tests that stop a process between two writes.
     *
     * @param gate before every write to ZooKeeper
     */
    static ControlProcess start(ControlConfig config, boolean embeddedZooKeeper, WriteGate gate)
            throws IOException, InterruptedException {
        ControlProcess process = new ControlProcess(config, InstantSource.system(), gate);
        try {
            process.start(embeddedZooKeeper ? config.embeddedZookeeper() : Optional.empty());
        } catch (IOException e) {
            process.close();
            throw e;
        }
        return process;
    }

    private void start(Optional<ControlConfig.Embedded> embedded)
            throws IOException, InterruptedException {
        if (embedded.isPresent()) {
            started.push(EmbeddedZooKeeper.start(embedded.get().listen(), embedded.get().data()));
        }
        observer.subscribe();
        store.start();
        started.push(store);
        leadership.start();
        started.push(leadership);
        reconciler.start();
        started.push(reconciler);
        Thread founder = Thread.ofVirtual().name("sluice-founder").start(this::foundPools);
        started.push(founder::interrupt);
        started.push(AdminServer.start(config.socket(), service()));
        started.push(MetricsEndpoint.open(Optional.of(config.metrics()), this::metrics));
    }

    /** For tests: it leads as far as it knows. */
    boolean leads() {
        return leadership.isMine();
    }

    /** For tests that break or end the session. */
    ClusterStore store() {
        return store;
    }

    private AdminService service() {
        return new AdminService(
                observer,
                this::status,
                new AdminService.Commands(
                        new ChangeCommands(reader, store.pools(), queues, clock, changes),
                        new Plans(observer, clock),
                        queues,
                        new PoolRepair(observer, store.pools(), clock),
                        new ConfigCommands(
                                store.config(),
                                new ConfigTrials(observer::view, store.trials(), config.id()),
                                clock),
                        new ConfigHistory(store.config()),
                        new DirectorCommands(observer, store.members(), clock),
                        new DirectorReports(
                                observer::view,
                                new DirectorQuestions(observer::view, store.questions()),
                                config.id(),
                                clock),
                        new ProxyReports(observer::view, store.proxyQuestions(), config.id())),
                store.events(),
                clock);
    }

    private ClusterStatus status() {
        return StatusReport.of(
                observer.view(),
                new StatusReport.Context(
                        config.cluster(),
                        config.id(),
                        leadership.leader(),
                        config.zookeeper(),
                        clock.millis(),
                        reconciler::waitingFor));
    }

    private MetricsText metrics() {
        return ControlMetrics.of(observer.view(), leadership.isMine(), changes, phases);
    }

    /** Until it is done: ZooKeeper may come later. */
    private void foundPools() {
        Founder founder = new Founder(config.id(), store.pools(), store.events(), clock);
        Deque<PoolConfig> missing = new ArrayDeque<>(config.pools());
        try {
            while (!missing.isEmpty()) {
                if (store.awaitConnected(FOUNDING_RETRY) && founder.found(missing.element())) {
                    missing.remove();
                } else {
                    Thread.sleep(FOUNDING_RETRY);
                }
            }
        } catch (InterruptedException e) {
            log.atDebug().log("founding.stopped");
        }
    }

    @Override
    public void close() {
        while (!started.isEmpty()) {
            try {
                started.pop().close();
            } catch (Exception e) {
                log.atWarn().setCause(e).log("control.unclean_stop");
            }
        }
        log.atInfo().addKeyValue("control", config.id()).log("control.stopped");
    }
}
