package dev.sluice.launcher;

import dev.sluice.cluster.zookeeper.ClusterStore;
import dev.sluice.datapath.Offloads;
import dev.sluice.lab.Lab;
import dev.sluice.lab.LabCertificate;
import dev.sluice.lab.LabException;
import dev.sluice.lab.Node;
import dev.sluice.lab.Role;
import dev.sluice.lab.Topology;
import dev.sluice.lab.fabric.AnnounceHook;
import dev.sluice.lab.fabric.AnnounceServer;
import dev.sluice.lab.fabric.NextHopWatch;
import dev.sluice.lab.fabric.NextHops;
import dev.sluice.lab.fabric.PacketDelay;
import dev.sluice.lab.process.ProcessId;
import dev.sluice.lab.scenario.UncheckedChange;
import dev.sluice.lab.traffic.Flood;
import dev.sluice.lab.upstream.GrpcTalkServer;
import dev.sluice.lab.upstream.UpstreamServer;
import dev.sluice.lab.upstream.WebSocketServer;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;

/** What can be done in a lab; the hidden commands are what the lab's own hosts run. */
@Command(
        name = "lab",
        description = "Reach into the cluster that 'up' started: run commands, cause faults.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            LabFaults.Kill.class,
            LabFaults.Pause.class,
            LabFaults.Resume.class,
            LabFaults.Cut.class,
            LabFaults.Heal.class,
            LabFaults.Impair.class,
            LabFaults.Start.class,
        })
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

    private static InetSocketAddress at(InetSocketAddress host, int port) {
        return new InetSocketAddress(host.getAddress(), port);
    }

    @Command(name = "delay", hidden = true, description = "Be a longer line.")
    int delay(
            @Option(names = "--queue", required = true) int queue,
            @Option(names = "--millis", required = true) long millis) {
        try (PacketDelay line = PacketDelay.open(queue, Duration.ofMillis(millis))) {
            line.run();
        }
        return 0;
    }

    @Command(
            name = "certificate",
            hidden = true,
            description = "Make a self-signed certificate and its key, unless they are there.")
    int certificate(
            @Option(names = "--host", required = true) String host,
            @Option(names = "--folder", required = true) Path folder)
            throws IOException {
        LabCertificate.create(folder, host);
        return 0;
    }

    @Command(
            name = "router",
            hidden = true,
            description = "Be a router that spreads VIPs over the hosts that announce themselves.")
    int router(
            @Option(names = "--listen", paramLabel = "ADDRESS:PORT", required = true) String listen,
            @Option(names = "--vip", split = "[, ]", required = true) List<String> vips)
            throws IOException, InterruptedException {
        NextHops hops = new NextHops(vips);
        hops.start();
        try (AnnounceServer server =
                AnnounceServer.start(address(listen), hops, AnnounceServer.HOLD_TIME)) {
            System.err.println("hosts announce themselves on " + server.address());
            new CountDownLatch(1).await();
        }
        return 0;
    }

    @Command(
            name = "watch-next-hops",
            hidden = true,
            description = "Be a router that hears whether its next hops live.")
    int watchNextHops(
            @Option(names = "--hook", required = true) Path hook,
            @Option(names = "--next-hop", required = true) Map<String, InetAddress> nextHops)
            throws InterruptedException {
        new NextHopWatch((name, verb) -> AnnounceHook.say(hook, verb, name)).start(nextHops);
        System.err.println("watches " + nextHops);
        new CountDownLatch(1).await();
        return 0;
    }

    @Command(
            name = "client",
            hidden = true,
            description = "Be a host for clients whose packets a director may wrap.")
    int client(@Option(names = "--device", required = true) String device)
            throws InterruptedException {
        Offloads.disableTxChecksum(device);
        System.err.println("checksum offload is off on " + device);
        new CountDownLatch(1).await();
        return 0;
    }

    @Command(name = "flood", hidden = true, description = "Be a crowd that wants nothing.")
    int flood(
            @Option(names = "--kind", required = true) Flood.Kind kind,
            @Option(names = "--rate", required = true) int rate,
            @Option(names = "--seconds", required = true) long seconds) {
        long sent = Flood.run(kind, rate, Duration.ofSeconds(seconds));
        System.out.println(sent + " packets");
        return 0;
    }

    @Command(name = "upstream", hidden = true, description = "Be an upstream server.")
    int upstream(
            @Option(names = "--name", required = true) String name,
            @Option(names = "--listen", paramLabel = "ADDRESS:PORT", required = true) String listen,
            @Option(names = "--deliveries", required = true) Path deliveries)
            throws IOException, InterruptedException {
        InetSocketAddress address = address(listen);
        try (UpstreamServer server = UpstreamServer.start(name, address, deliveries);
                WebSocketServer _ = WebSocketServer.start(name, at(address, Topology.SOCKET_PORT));
                GrpcTalkServer _ = GrpcTalkServer.start(name, at(address, Topology.GRPC_PORT))) {
            System.err.println(name + " listens on " + server.address());
            new CountDownLatch(1).await();
        }
        return 0;
    }

    private static InetSocketAddress address(String listen) {
        int colon = listen.lastIndexOf(':');
        return new InetSocketAddress(
                listen.substring(0, colon), Integer.parseInt(listen.substring(colon + 1)));
    }
}
