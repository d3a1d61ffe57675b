package dev.sluice.chaos.containers;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectVolumeResponse;
import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.Network;

import dev.sluice.lab.fabric.HostNamespace;
import dev.sluice.lab.process.Command;
import dev.sluice.testing.Needs;

import org.testcontainers.DockerClientFactory;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The container engine that {@code ./sluice test} starts, in a network namespace of its own. */
final class Engine {
    /** What Testcontainers puts on all that it makes. */
    static final Map<String, String> LABEL = Map.of("org.testcontainers", "true");

    private static final Path SCRIPTS = Path.of("..", "deploy", "images");
    private static final String NAMESPACE = "SLUICE_ENGINE_NAMESPACE";

    private Engine() {}

    /** Skips the test on a machine that has none, or fails it if nothing may be skipped. */
    static void require() throws IOException {
        Needs.nothingMore(missing().stream().toList());
    }

    private static Optional<String> missing() throws IOException {
        return System.getenv(NAMESPACE) != null
                ? Optional.empty()
                : Optional.of(whyNone(Command.require(script("engine"), "missing")));
    }

    /**
     * @param lacks what {@code engine missing} prints
     */
    static String whyNone(String lacks) {
        return lacks.isEmpty()
                ? "No container engine runs for tests: './sluice test' starts one, or: eval"
                        + " \"$(deploy/images/engine start; deploy/images/engine env)\""
                : "No container engine for tests, for want of: "
                        + lacks.replace("\n", "; ")
                        + ". './sluice test --install' installs it.";
    }

    private static String script(String name) {
        return SCRIPTS.resolve(name).toString();
    }

    /** Builds the image of what this build made, without a registry. */
    static String buildImage() throws IOException {
        return Command.require(
                        "env",
                        "JAVA_HOME=" + System.getProperty("java.home"),
                        script("build"),
                        "--local-base")
                .lines()
                .toList()
                .getLast();
    }

    /** Where the engine's bridges are, and its ends of the containers' links. */
    static String namespaceName() {
        return Optional.ofNullable(System.getenv(NAMESPACE)).orElseThrow();
    }

    static HostNamespace namespace() {
        return new HostNamespace(namespaceName());
    }

    static DockerClient docker() {
        return DockerClientFactory.lazyClient();
    }

    /** Removes what a test left behind that was killed. */
    static void removeLeftovers() {
        List<String> labels = LABEL.entrySet().stream().map(Object::toString).toList();
        for (Container left :
                docker().listContainersCmd().withShowAll(true).withLabelFilter(labels).exec()) {
            docker().removeContainerCmd(left.getId())
                    .withForce(true)
                    .withRemoveVolumes(true)
                    .exec();
        }
        for (Network left : docker().listNetworksCmd().withFilter("label", labels).exec()) {
            docker().removeNetworkCmd(left.getId()).exec();
        }
        for (InspectVolumeResponse left :
                docker().listVolumesCmd().withFilter("label", labels).exec().getVolumes()) {
            docker().removeVolumeCmd(left.getName()).exec();
        }
    }
}
