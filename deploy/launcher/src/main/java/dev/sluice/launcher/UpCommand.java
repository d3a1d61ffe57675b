package dev.sluice.launcher;

import dev.sluice.lab.Lab;
import dev.sluice.lab.LabCleanup;
import dev.sluice.lab.LabDirectory;
import dev.sluice.lab.LabException;
import dev.sluice.lab.LabSpec;
import dev.sluice.lab.LabStart;
import dev.sluice.lab.Operator;
import dev.sluice.lab.Progress;
import dev.sluice.lab.process.JavaCommand;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** Brings a lab up. */
@Command(
        name = "up",
        description = "Start a cluster on this machine, in network namespaces. Needs root.",
        footer = {
            "",
            "Examples:",
            "  sluice up --directors 3 --proxies 5",
            "  sluice lab exec client -- curl -s http://203.0.113.10/",
            "  sluice down",
        })
final class UpCommand implements Callable<Integer> {
    private static final Duration POLL = Duration.ofMillis(500);

    @Mixin HelpOption help = new HelpOption();

    @Mixin LabOption lab = new LabOption();

    @Mixin SizeOptions size = new SizeOptions();

    @Option(
            names = "--foreground",
            description = "Stay until Ctrl-C or 'sluice down', then take the cluster down.")
    private boolean foreground;

    @Override
    public Integer call() throws IOException, LabException {
        LabSpec spec = size.spec(lab.directory());
        Progress progress = new Progress(System.out);
        try (OnInterrupt _ = new OnInterrupt();
                AdminOperator operator = AdminOperator.of(spec.directory())) {
            bringUp(spec, operator, progress);
            if (foreground) {
                stay(spec.directory(), progress);
            } else {
                sayWhatNow(spec.directory());
            }
        }
        return 0;
    }

    static Lab bringUp(LabSpec spec, Operator operator, Progress progress)
            throws IOException, LabException {
        JavaCommand java = JavaCommand.ofThisProcess(Main.class.getName());
        return new LabStart(spec, java, operator, progress).run();
    }

    static void takeDown(LabDirectory directory, Progress progress)
            throws IOException, LabException {
        progress.step("taking the lab down");
        new LabCleanup(directory, progress).run();
        progress.step("nothing is left of it");
    }

    private static void stay(LabDirectory directory, Progress progress)
            throws IOException, LabException {
        progress.step("up; Ctrl-C takes it down");
        while (Files.exists(directory.root()) && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(POLL.toNanos());
        }
        if (Thread.currentThread().isInterrupted()) {
            takeDown(directory, progress);
        }
    }

    private static void sayWhatNow(LabDirectory lab) {
        System.out.println(
                """

                The cluster is up. Next:
                  sluice status                 who takes what
                  sluice drain proxy-1 --wait   no new connections for it, until its own are done
                  sluice lab exec client -- …   a command where the clients are
                  sluice lab kill director-1    a fault
                  sluice down                   the end\
                """);
        if (!lab.name().equals(LabDirectory.DEFAULT)) {
            System.out.printf(
                    "%nof this lab: export SLUICE_LAB=%s SLUICE_CONTROL=%s%n",
                    lab.name(), lab.sockets());
        }
    }
}
