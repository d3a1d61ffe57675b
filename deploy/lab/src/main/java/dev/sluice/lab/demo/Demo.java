package dev.sluice.lab.demo;

import dev.sluice.lab.Await;
import dev.sluice.lab.Lab;
import dev.sluice.lab.LabException;
import dev.sluice.lab.Operator;
import dev.sluice.lab.Progress;
import dev.sluice.lab.Report;
import dev.sluice.lab.traffic.ClientHost;
import dev.sluice.lab.traffic.Download;
import dev.sluice.lab.traffic.Load;

import java.io.IOException;
import java.time.Duration;

/**
 * The main job: under traffic from many addresses, drain the proxy that serves a large download,
 * then lose the director host that carries it, and break nothing. Used once, by one thread.
 */
public final class Demo {
    private static final Duration WARM_UP_LIMIT = Duration.ofSeconds(20);
    private static final Duration POLL = Duration.ofMillis(20);
    private static final int WARM_UP_CONNECTIONS = 100;
    private static final long SEED = 1;

    private final Lab lab;
    private final Operator operator;
    private final DemoSpec spec;
    private final Progress progress;

    public Demo(Lab lab, Operator operator, DemoSpec spec, Progress progress) {
        this.lab = lab;
        this.operator = operator;
        this.spec = spec;
        this.progress = progress;
    }

    /** Leaves the lab as the faults left it. */
    public Report run() throws IOException, LabException {
        ClientHost clients = lab.clients();
        try (Load load = Load.start(clients, spec.clients(), spec.pause());
                Streams streams = new Streams()) {
            progress.step(
                    "traffic: %d clients with short requests, %d slow downloads, one large"
                            .formatted(spec.clients(), spec.streams()));
            if (!Await.until(WARM_UP_LIMIT, POLL, () -> isWarm(load))) {
                throw LabException.failed("The traffic does not flow: " + load.tally().failures());
            }
            streams.start(clients, spec);
            Download download =
                    streams.add(
                            Download.start(
                                    clients, spec.downloadBytes(), SEED, spec.downloadRate()));
            Traffic traffic = new Traffic(load, streams, download);
            return new Script(lab, operator, progress, traffic).run();
        }
    }

    private static boolean isWarm(Load load) {
        return load.tally().visits().size() >= WARM_UP_CONNECTIONS;
    }

    /** All that flows while the script runs. */
    record Traffic(Load load, Streams streams, Download download) {}
}
