package dev.sluice.launcher;

import dev.sluice.lab.LabCleanup;
import dev.sluice.lab.LabException;
import dev.sluice.lab.Progress;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

import java.io.IOException;
import java.util.concurrent.Callable;

/** Takes a lab down, whole or in pieces. */
@Command(
        name = "down",
        description = "End the cluster that 'up' started, or what a crash left of one.")
final class DownCommand implements Callable<Integer> {
    @Mixin HelpOption help = new HelpOption();

    @Mixin LabOption lab = new LabOption();

    @Override
    public Integer call() throws IOException, LabException {
        Progress progress = new Progress(System.out);
        boolean found = new LabCleanup(lab.directory(), progress).run();
        progress.step(found ? "nothing is left of the lab" : "there was no lab");
        return 0;
    }
}
