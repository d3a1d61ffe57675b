package dev.sluice.director;

import dev.sluice.cluster.node.MetricsEndpoint;
import dev.sluice.cluster.node.RoleCommand;
import dev.sluice.cluster.node.Service;
import dev.sluice.cluster.table.FlowKey;
import dev.sluice.datapath.CaptureFilter;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/** {@code sluice director run}: wires a director and runs it until SIGTERM. */
public final class DirectorRole {
    private static final Logger log = LoggerFactory.getLogger(DirectorRole.class);

    private DirectorRole() {}

    /**
     * Runs until SIGTERM or SIGINT; packets go on by the pinned tables after that.
     *
     * @param file see {@link DirectorConfig}
     * @return the exit code: 0 after a signal, 1 if it could not start, 2 for a bad file; the
     *     reason is on standard error
     */
    public static int run(Path file) throws InterruptedException {
        return carryOut(file, "director cannot start", DirectorRole::serve);
    }

    private static int serve(DirectorConfig config) throws IOException, InterruptedException {
        Forwarder forwarder = XdpForwarder.open(config);
        log.atInfo().addKeyValue("director", config.node().id()).log("director.started");
        DirectorProcess process = new DirectorProcess(config, forwarder);
        Path pins = config.node().datapath().pins();
        try (MetricsEndpoint _ =
                MetricsEndpoint.open(
                        config.node().metrics(), () -> DirectorMetrics.of(process.state(), pins))) {
            Service.runUntilStopped(process);
        }
        return 0;
    }

    private static int carryOut(
            Path file, String failure, RoleCommand.Action<DirectorConfig> action)
            throws InterruptedException {
        return RoleCommand.run(file, DirectorConfig::read, failure, action);
    }

    /**
     * {@code sluice director watchdog}: see {@link DirectorWatchdog}.
     *
     * @param file see {@link DirectorConfig}
     * @return as {@link #run}
     */
    public static int watchdog(Path file) throws InterruptedException {
        return carryOut(file, "watchdog cannot start", DirectorRole::watch);
    }

    private static int watch(DirectorConfig config) throws IOException, InterruptedException {
        Path pins = config.node().datapath().pins();
        DirectorWatchdog watchdog = new DirectorWatchdog(config, () -> XdpForwarder.pinned(pins));
        log.atInfo()
                .addKeyValue("director", config.node().id())
                .addKeyValue("patience", config.watchdogPatience())
                .log("watchdog.started");
        Service.runUntilStopped(watchdog);
        return 0;
    }

    /**
     * {@code sluice director withdraw}: see {@link WithdrawCommand}.
     *
     * @param file see {@link DirectorConfig}
     * @return the exit code: 0 withdrawn, 1 it could not be, 2 for a bad file, 3 refused; the
     *     reason is on standard error
     */
    public static int withdraw(Path file) throws InterruptedException {
        return carryOut(
                file,
                "cannot withdraw",
                config -> {
                    Optional<String> refused = new WithdrawCommand(config).carryOut();
                    refused.ifPresent(System.err::println);
                    return refused.isPresent() ? 3 : 0;
                });
    }

    /**
     * {@code sluice director trace}: where this host's program sends a flow, and why.
     *
     * @param file see {@link DirectorConfig}
     * @return the exit code: 0 explained, 1 it could not be, or the program and the model disagree,
     *     2 for a bad file
     */
    public static int trace(Path file, FlowKey flow, boolean json, PrintWriter out)
            throws InterruptedException {
        return carryOut(
                file,
                "cannot trace",
                config -> {
                    Trace trace = new TraceCommand(config).carryOut(flow);
                    TraceText text = new TraceText(config.node().id(), flow, trace);
                    out.print(json ? text.json() : text.text());
                    out.flush();
                    return trace.agrees() ? 0 : 1;
                });
    }

    /**
     * What to capture.
     *
     * @param count packets at most
     * @param withOuterHeaders frames as they leave, not clients' packets
     */
    public record CaptureOrder(
            CaptureFilter filter, long count, Duration atMost, boolean withOuterHeaders) {}

    /**
     * What came of it.
     *
     * @param missed matched, and were above the rate or came faster than they were written
     */
    public record CaptureResult(long captured, long missed) {}

    /**
     * {@code sluice director capture}: pcapng of packets with this host's verdicts.
     *
     * @param file see {@link DirectorConfig}
     * @param result told at the end
     * @return the exit code: 0 done, 1 it could not be, 2 for a bad file
     */
    public static int capture(
            Path file, CaptureOrder order, OutputStream out, Consumer<CaptureResult> result)
            throws InterruptedException {
        return carryOut(
                file,
                "cannot capture",
                config -> {
                    result.accept(new CaptureCommand(config).carryOut(order, out));
                    return 0;
                });
    }
}
