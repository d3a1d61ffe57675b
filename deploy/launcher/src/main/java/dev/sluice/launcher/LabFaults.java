package dev.sluice.launcher;

import dev.sluice.lab.Cluster;
import dev.sluice.lab.Lab;
import dev.sluice.lab.LabException;
import dev.sluice.lab.Node;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;

/** What can be done to one node of a lab, and undone. */
final class LabFaults {
    private LabFaults() {}

    /** Finds the lab and the node. */
    abstract static class Fault implements Callable<Integer> {
        @Mixin HelpOption help = new HelpOption();

        @Mixin LabOption option = new LabOption();

        @Parameters(paramLabel = "NODE", description = "As 'sluice lab list' shows it.")
        String node = "";

        @Spec CommandSpec spec = CommandSpec.create();

        abstract void on(Lab lab, Node node) throws IOException, LabException;

        /** Throws {@link ParameterException} for options that cannot be. */
        void check() {}

        @Override
        public final Integer call() throws IOException, LabException {
            check();
            Lab lab = Lab.find(option.directory());
            on(lab, lab.node(node));
            return 0;
        }
    }

    @Command(
            name = "kill",
            description = "Kill a node's process; its XDP programs stay, as on a real host.",
            footer = {"", "Example: sluice lab kill director-1 --host"})
    static final class Kill extends Fault {
        @Option(names = "--host", description = "Lose the whole host: its link goes down too.")
        boolean host;

        @Override
        void on(Lab lab, Node node) throws IOException, LabException {
            if (host) {
                lab.killHost(node);
            } else {
                lab.killProcess(node);
            }
        }
    }

    @Command(
            name = "pause",
            description = "Stop a node's process where it stands; it keeps sessions and sockets.",
            footer = {"", "Example: sluice lab pause control-1"})
    static final class Pause extends Fault {
        @Override
        void on(Lab lab, Node node) throws IOException, LabException {
            lab.pause(node);
        }
    }

    @Command(
            name = "resume",
            description = "Let a paused node go on.",
            footer = {"", "Example: sluice lab resume control-1"})
    static final class Resume extends Fault {
        @Override
        void on(Lab lab, Node node) throws IOException, LabException {
            lab.resume(node);
        }
    }

    @Command(
            name = "cut",
            description = "Cut a node off; its processes live on.",
            footer = {
                "",
                "Examples:",
                "  sluice lab cut zookeeper-2",
                "  sluice lab cut proxy-1 --way to_node    its own packets still arrive",
            })
    static final class Cut extends Fault {
        @Option(
                names = "--way",
                defaultValue = "link",
                description =
                        "link (it goes down, and both ends see it), or both, to_node, from_node"
                                + " (packets are lost, and nobody is told; default:"
                                + " ${DEFAULT-VALUE}).")
        Cluster.Cut way = Cluster.Cut.LINK;

        @Override
        void on(Lab lab, Node node) throws IOException, LabException {
            lab.cut(node, way);
        }
    }

    @Command(
            name = "heal",
            description = "Make a node's links well: undoes cut and impair.",
            footer = {"", "Example: sluice lab heal proxy-1"})
    static final class Heal extends Fault {
        @Override
        void on(Lab lab, Node node) throws IOException, LabException {
            lab.heal(node);
        }
    }

    @Command(
            name = "impair",
            description = "Lose or delay what is sent to a node.",
            footer = {"", "Example: sluice lab impair proxy-1 --loss 5 --delay 40"})
    static final class Impair extends Fault {
        @Option(
                names = "--loss",
                paramLabel = "PERCENT",
                description = "Of the packets, 0 to 100 (default: 0).")
        int loss;

        @Option(
                names = "--delay",
                paramLabel = "MS",
                description = "Of each packet, 0 to 1000 (default: 0).")
        int delay;

        @Override
        void check() {
            if (loss < 0 || loss > 100 || delay < 0 || delay > 1000) {
                throw new ParameterException(
                        spec.commandLine(), "--loss is 0 to 100 percent, --delay 0 to 1000 ms");
            }
        }

        @Override
        void on(Lab lab, Node node) throws IOException, LabException {
            lab.impair(node, loss, Duration.ofMillis(delay));
        }
    }

    @Command(
            name = "start",
            description = "Bring back a node that was killed.",
            footer = {"", "Example: sluice lab start director-1"})
    static final class Start extends Fault {
        /** In which a process says what it cannot begin with. */
        private static final Duration FIRST_STEPS = Duration.ofSeconds(4);

        @Override
        void on(Lab lab, Node node) throws IOException, LabException {
            lab.start(node);
            lab.awaitStart(node, FIRST_STEPS);
        }
    }
}
