package dev.sluice.launcher;

import dev.sluice.cluster.zookeeper.ClusterStore;
import dev.sluice.lab.Lab;
import dev.sluice.lab.LabException;
import dev.sluice.lab.Node;
import dev.sluice.lab.Role;
import dev.sluice.lab.process.ProcessId;
import dev.sluice.lab.scenario.UncheckedChange;
import dev.sluice.lab.upstream.UpstreamServer;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;

/** What can be done to a lab's nodes. */
@Command(
        name = "lab",
        description = "Reach into the cluster that 'up' started: run commands, cause faults.",
        synopsisSubcommandLabel = "COMMAND")
final class LabCommand {
    @Mixin HelpOption help = new HelpOption();

    @Command(name = "list", description = "The nodes, their addresses, processes and logs.")
    int list(@Mixin HelpOption help, @Mixin LabOption option) throws IOException, LabException {
        Lab lab = Lab.find(option.directory());
        String format = "%-12s %-15s %-10s %s%n";
        System.out.printf(format, "NODE", "ADDRESS", "PROCESS", "LOG");
        for (Node node : lab.topology().nodes()) {
            Optional<ProcessId> process = lab.process(node);
            System.out.printf(
                    format,
                    node,
                    node.role() == Role.ROUTER ? "-" : node.address(),
                    process.map(LabCommand::state).orElse("-"),
                    process.map(id -> lab.log(node).toString()).orElse("-"));
        }
        return 0;
    }

    private static String state(ProcessId process) {
        if (!process.isAlive()) {
            return "dead";
        }
        return process.isPaused() ? "paused" : Long.toString(process.pid());
    }

    @Command(
            name = "exec",
            description = "Run a command on a node; its exit code is the command's.",
            footer = {"", "Example: sluice lab exec client -- curl -s http://203.0.113.10/"})
    int exec(
            @Mixin HelpOption help,
            @Mixin LabOption option,
            @Parameters(paramLabel = "NODE") String node,
            @Parameters(paramLabel = "COMMAND", arity = "1..*") List<String> command)
            throws IOException, LabException {
        Lab lab = Lab.find(option.directory());
        return lab.exec(lab.node(node), command);
    }

    @Command(
            name = "kill",
            description = "Kill a node's process; its XDP programs stay, as on a real host.")
    int kill(
            @Mixin HelpOption help,
            @Mixin LabOption option,
            @Parameters(paramLabel = "NODE") String node,
            @Option(names = "--host", description = "Lose the whole host: its link goes down too.")
                    boolean host)
            throws IOException, LabException {
        Lab lab = Lab.find(option.directory());
        if (host) {
            lab.killHost(lab.node(node));
        } else {
            lab.killProcess(lab.node(node));
        }
        return 0;
    }

    @Command(
            name = "pause",
            description = "Stop a node's process where it stands; it keeps sessions and sockets.",
            footer = {"", "Example: sluice lab pause control-1"})
    int pause(
            @Mixin HelpOption help,
            @Mixin LabOption option,
            @Parameters(paramLabel = "NODE") String node)
            throws IOException, LabException {
        Lab lab = Lab.find(option.directory());
        lab.pause(lab.node(node));
        return 0;
    }

    @Command(name = "resume", description = "Let a paused node go on.")
    int resume(
            @Mixin HelpOption help,
            @Mixin LabOption option,
            @Parameters(paramLabel = "NODE") String node)
            throws IOException, LabException {
        Lab lab = Lab.find(option.directory());
        lab.resume(lab.node(node));
        return 0;
    }

    @Command(
            name = "cut",
            description = "Take a node's link down; its processes live on.",
            footer = {"", "Example: sluice lab cut zookeeper-2"})
    int cut(
            @Mixin HelpOption help,
            @Mixin LabOption option,
            @Parameters(paramLabel = "NODE") String node)
            throws IOException, LabException {
        Lab lab = Lab.find(option.directory());
        lab.cut(lab.node(node));
        return 0;
    }

    @Command(name = "heal", description = "Bring a node's link back.")
    int heal(
            @Mixin HelpOption help,
            @Mixin LabOption option,
            @Parameters(paramLabel = "NODE") String node)
            throws IOException, LabException {
        Lab lab = Lab.find(option.directory());
        lab.heal(lab.node(node));
        return 0;
    }

    @Command(name = "start", description = "Bring back a node that was killed.")
    int start(
            @Mixin HelpOption help,
            @Mixin LabOption option,
            @Parameters(paramLabel = "NODE") String node)
            throws IOException, LabException {
        Lab lab = Lab.find(option.directory());
        lab.start(lab.node(node));
        return 0;
    }

    @Command(
            name = "unchecked-change",
            hidden = true,
            description = "Put a view live past the safety check, to show what that is for.")
    int uncheckedChange(
            @Option(names = "--zookeeper", required = true) String zookeeper,
            @Option(names = "--cluster", required = true) String cluster,
            @Option(names = "--pool", required = true) String pool,
            @Option(names = "--view", split = ",", required = true) Set<String> view)
            throws IOException {
        UncheckedChange.write(new ClusterStore.Target(zookeeper, cluster), pool, view);
        return 0;
    }

    @Command(name = "upstream", hidden = true, description = "Be an upstream server.")
    int upstream(
            @Option(names = "--name", required = true) String name,
            @Option(names = "--listen", paramLabel = "ADDRESS:PORT", required = true) String listen)
            throws IOException, InterruptedException {
        int colon = listen.lastIndexOf(':');
        InetSocketAddress address =
                new InetSocketAddress(
                        listen.substring(0, colon), Integer.parseInt(listen.substring(colon + 1)));
        try (UpstreamServer server = UpstreamServer.start(name, address)) {
            System.err.println(name + " listens on " + server.address());
            new CountDownLatch(1).await();
        }
        return 0;
    }
}
