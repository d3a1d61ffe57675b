package dev.sluice.chaos.containers;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.command.InspectContainerResponse.ContainerState;

import dev.sluice.lab.Cluster;
import dev.sluice.lab.Ensemble;
import dev.sluice.lab.HostCounters;
import dev.sluice.lab.LabCertificate;
import dev.sluice.lab.LabException;
import dev.sluice.lab.Node;
import dev.sluice.lab.Role;
import dev.sluice.lab.Topology;
import dev.sluice.lab.fabric.HostNamespace;
import dev.sluice.lab.process.Command;
import dev.sluice.lab.process.ProcessId;
import dev.sluice.lab.process.ProcessUsage;
import dev.sluice.lab.traffic.ClientHost;

import org.jspecify.annotations.Nullable;
import org.testcontainers.containers.Container.ExecResult;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

import javax.net.ssl.SSLContext;

/**
 * A cluster of containers. A container is a host whose only process is its role, so that the
 * process does not die without its host here, and kernel state ends with it: {@link #killProcess}
 * and {@link #killHost} are the same.
 */
final class ContainerCluster implements Cluster {
    static final Topology TOPOLOGY = new Topology(3, 3, 2, 3, 2);

    private final Map<String, NodeContainer> containers;
    private final Path l7File;
    private final String prefix;

    ContainerCluster(Map<String, NodeContainer> containers, Path l7File, String prefix) {
        this.containers = Map.copyOf(containers);
        this.l7File = l7File;
        this.prefix = prefix;
    }

    @Override
    public Topology topology() {
        return TOPOLOGY;
    }

    private NodeContainer container(Node node) {
        return Objects.requireNonNull(containers.get(node.name()), node.name());
    }

    private static DockerClient docker() {
        return Engine.docker();
    }

    private String id(Node node) {
        return container(node).getContainerId();
    }

    private InspectContainerResponse inspect(Node node) {
        return docker().inspectContainerCmd(id(node)).exec();
    }

    private ContainerState state(Node node) {
        return inspect(node).getState();
    }

    private static boolean is(@Nullable Boolean state) {
        return Boolean.TRUE.equals(state);
    }

    /** Of the container as it runs now: a restarted one has another. */
    private HostNamespace namespace(Node node) throws IOException {
        String name = Engine.namespaceName() + "-" + node.name();
        Path link = Path.of("/run/netns", name);
        Path target = Path.of(inspect(node).getNetworkSettings().getSandboxKey());
        if (!Files.isSymbolicLink(link) || !Files.readSymbolicLink(link).equals(target)) {
            Files.deleteIfExists(link);
            Files.createSymbolicLink(link, target);
        }
        return new HostNamespace(name);
    }

    @Override
    public ClientHost clients() {
        return new ClientHost(() -> namespace(topology().client()).openTcp());
    }

    @Override
    public String run(Node node, List<String> arguments) throws IOException {
        String[] line =
                Stream.concat(Stream.of("sluice"), arguments.stream()).toArray(String[]::new);
        try {
            ExecResult result = container(node).execInContainer(line);
            if (result.getExitCode() != 0) {
                throw new IOException(
                        String.join(" ", line)
                                + " on "
                                + node
                                + ": "
                                + result.getStdout()
                                + result.getStderr());
            }
            return result.getStdout();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted on " + node, e);
        }
    }

    @Override
    public boolean isAlive(Node node) {
        return is(state(node).getRunning());
    }

    @Override
    public void killProcess(Node node) throws LabException {
        if (!isAlive(node)) {
            throw LabException.refused(node + " does not run.");
        }
        docker().killContainerCmd(id(node)).withSignal("KILL").exec();
        docker().waitContainerCmd(id(node)).start().awaitStatusCode();
    }

    @Override
    public void killHost(Node node) throws LabException {
        killProcess(node);
    }

    @Override
    public void start(Node node) throws LabException {
        if (isAlive(node)) {
            throw LabException.refused(node + " is running already.");
        }
        docker().startContainerCmd(id(node)).exec();
    }

    @Override
    public void pause(Node node) throws LabException {
        if (is(state(node).getPaused())) {
            throw LabException.refused(node + " is paused already.");
        }
        docker().pauseContainerCmd(id(node)).exec();
    }

    @Override
    public void resume(Node node) throws LabException {
        if (!is(state(node).getPaused())) {
            throw LabException.refused(node + " is not paused.");
        }
        docker().unpauseContainerCmd(id(node)).exec();
    }

    /** Every node that can be cut has one device. */
    private HostLink link(Node node) throws IOException {
        String link =
                Command.require("ip", "-n", namespace(node).name(), "-o", "link", "show", "eth0");
        // 2: eth0@if17: <BROADCAST,MULTICAST,UP,LOWER_UP> …
        String index = link.substring(link.indexOf("@if") + "@if".length(), link.indexOf(": <"));
        return HostLink.find(node.name(), Integer.parseInt(index));
    }

    @Override
    public void cut(Node node, Cut cut) throws IOException {
        if (cut == Cut.LINK) {
            link(node).down();
        } else {
            link(node).lose(cut);
        }
    }

    @Override
    public void impair(Node node, int lossPercent, Duration delay)
            throws IOException, LabException {
        if (delay.isPositive()) {
            throw cannot("delay packets: no bridge has a queue for it");
        }
        link(node).lose(lossPercent);
    }

    private static LabException cannot(String what) {
        return LabException.refused("A cluster of containers cannot " + what + ".");
    }

    @Override
    public void heal(Node node) throws IOException {
        link(node).heal();
    }

    /** The router's, for the VIP. */
    String routes() throws IOException {
        return Command.require(
                "ip", "-n", namespace(topology().router()).name(), "route", "show", Topology.VIP);
    }

    @Override
    public void reshuffle(int seed) throws IOException {
        Path hash = Path.of("/proc/sys/net/ipv4/fib_multipath_hash_seed");
        namespace(topology().router())
                .run(() -> Files.writeString(hash, Integer.toUnsignedString(seed) + "\n"));
    }

    @Override
    public void fillDisk(Node node) throws LabException {
        throw cannot("fill a node's disk: all have the engine's");
    }

    @Override
    public void freeDisk(Node node) throws LabException {
        throw cannot("free a node's disk");
    }

    @Override
    public void startWithMovableClock(Node node) throws LabException {
        throw cannot("move a node's clock: the image has no library for that");
    }

    @Override
    public void jumpClock(Node node, Duration ahead) throws LabException {
        throw cannot("move a node's clock");
    }

    @Override
    public HostCounters counters() {
        return new HostCounters(topology(), this::pins);
    }

    private Path pins(Node node) {
        String folder = node.role() == Role.DIRECTOR ? "director" : "proxy";
        return volume(node.name() + "-bpf").resolve(folder);
    }

    @Override
    public long pins() throws IOException {
        long pins = 0;
        for (Role role : List.of(Role.DIRECTOR, Role.PROXY)) {
            for (Node node : topology().nodes(role)) {
                try (Stream<Path> files = Files.list(pins(node))) {
                    pins += files.count();
                }
            }
        }
        return pins;
    }

    private Path volume(String name) {
        return Path.of(docker().inspectVolumeCmd(prefix + name).exec().getMountpoint());
    }

    /** Where the controllers' sockets are. */
    Path sockets() {
        return volume("sockets");
    }

    @Override
    public Path l7File() {
        return l7File;
    }

    @Override
    public SSLContext trust() throws IOException {
        return LabCertificate.trust(volume("tls").resolve("certificate.pem"));
    }

    @Override
    public Optional<Usage> usage(Node node) throws IOException {
        Long pid = state(node).getPidLong();
        Optional<ProcessId> process = pid == null ? Optional.empty() : ProcessId.of(pid);
        return process.isEmpty() ? Optional.empty() : ProcessUsage.of(process.get());
    }

    @Override
    public Ensemble ensemble() {
        return new Ensemble(topology(), _ -> Engine.namespace());
    }

    @Override
    public List<String> deliveries(Node upstream) throws IOException {
        Path file = state(upstream, "/var/lib/sluice").resolve("deliveries");
        return Files.exists(file) ? Files.readAllLines(file) : List.of();
    }

    /** A container's volume, as the engine's host sees it. */
    private Path state(Node node, String folder) {
        return Objects.requireNonNull(inspect(node).getMounts()).stream()
                .filter(mount ->
                        folder.equals(Objects.requireNonNull(mount.getDestination()).getPath()))
                .map(mount -> Path.of(Objects.requireNonNull(mount.getSource())))
                .findFirst()
                .orElseThrow();
    }
}
