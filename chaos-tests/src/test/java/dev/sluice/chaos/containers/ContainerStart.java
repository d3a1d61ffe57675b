package dev.sluice.chaos.containers;

import static org.assertj.core.api.Assertions.fail;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.Network.Ipam;

import dev.sluice.lab.Await;
import dev.sluice.lab.Operator;
import dev.sluice.lab.Operator.ClusterView;
import dev.sluice.lab.Operator.DirectorView;
import dev.sluice.lab.Progress;
import dev.sluice.lab.traffic.HttpConnection;
import dev.sluice.launcher.AdminOperator;

import org.testcontainers.lifecycle.Startables;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The cluster of {@code deploy/compose}, started by Testcontainers. */
final class ContainerStart implements AutoCloseable {
    private static final Path COMPOSE = Path.of("..", "deploy", "compose").toAbsolutePath();
    private static final String PREFIX = "sluicetest-";
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final Duration POLL = Duration.ofMillis(200);

    private final Progress progress;
    private final Map<String, NodeContainer> containers = new LinkedHashMap<>();
    private final ContainerCluster cluster;
    private final AdminOperator operator;

    private ContainerStart(Progress progress) throws IOException {
        this.progress = progress;
        progress.step("image: " + Engine.buildImage());
        Engine.removeLeftovers();
        ComposeFile file = ComposeFile.read(COMPOSE.resolve("compose.yaml"));
        file.networks().forEach(ContainerStart::createNetwork);
        for (ComposeFile.Service service : file.services()) {
            containers.put(
                    service.name(),
                    new NodeContainer("sluice:latest", file, service, COMPOSE, PREFIX));
        }
        start("certificate", "router", "client", "zookeeper-1", "zookeeper-2", "zookeeper-3");
        start("control-1", "control-2", "control-3");
        this.cluster = new ContainerCluster(containers, COMPOSE.resolve("config/l7.yaml"), PREFIX);
        this.operator = AdminOperator.in(cluster.sockets());
    }

    /** Skips the test on a machine without a container engine. */
    static ContainerStart run(Progress progress) throws IOException {
        Engine.require();
        ContainerStart started = new ContainerStart(progress);
        try {
            started.bringUp();
            return started;
        } catch (IOException | RuntimeException | AssertionError e) {
            started.close();
            throw e;
        }
    }

    private static void createNetwork(String name, ComposeFile.Net network) {
        DockerClient docker = Engine.docker();
        docker.createNetworkCmd()
                .withName(PREFIX + name)
                .withOptions(network.options())
                .withIpam(new Ipam().withConfig(new Ipam.Config().withSubnet(network.subnet())))
                .withLabels(Engine.LABEL)
                .exec();
    }

    private void start(String... names) {
        progress.step("starting " + String.join(", ", names));
        Startables.deepStart(List.of(names).stream().map(containers::get)).join();
    }

    private void bringUp() throws IOException {
        await("a controller", () -> operator.look().isPresent());
        operator.applyConfig(cluster.l7File());
        start("director-1", "director-2", "proxy-1", "proxy-2", "proxy-3");
        start("upstream-1", "upstream-2");
        awaitWhole();
        await("the VIP to answer", this::answers);
    }

    ContainerCluster cluster() {
        return cluster;
    }

    Operator operator() {
        return operator;
    }

    /** Waits until every node is at work and no change is open. */
    void awaitWhole() throws IOException {
        await("a whole cluster", () -> operator.look().filter(ContainerStart::isWhole).isPresent());
        progress.step("every node is at work");
    }

    private static boolean isWhole(ClusterView view) {
        return view.settled()
                && view.isAcknowledged(view.generation())
                && view.directors().size() == ContainerCluster.TOPOLOGY.directors()
                && view.directors().stream().allMatch(DirectorView::announcing)
                && view.proxies().stream()
                        .allMatch(p ->
                                p.state().equals("ACTIVE")
                                        && p.healthy()
                                        && p.revision() == view.activeRevision());
    }

    private boolean answers() {
        try (HttpConnection connection = cluster.clients().connect()) {
            return connection.get("/").isSuccess();
        } catch (IOException e) {
            return false;
        }
    }

    void await(String what, Await.Condition condition) throws IOException {
        if (!Await.until(LIMIT, POLL, condition)) {
            fail("after " + LIMIT + " still waiting for " + what + ": " + operator.look());
        }
    }

    @Override
    public void close() {
        operator.close();
        containers.values().forEach(NodeContainer::stop);
        Engine.removeLeftovers();
        progress.step("nothing is left of the containers");
    }
}
