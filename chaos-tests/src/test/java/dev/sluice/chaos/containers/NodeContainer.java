package dev.sluice.chaos.containers;

import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.ContainerNetwork;
import com.github.dockerjava.api.model.Driver;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Mount;
import com.github.dockerjava.api.model.MountType;
import com.github.dockerjava.api.model.VolumeOptions;

import org.testcontainers.containers.GenericContainer;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A container as the compose file describes it. */
final class NodeContainer extends GenericContainer<NodeContainer> {
    private final ComposeFile file;
    private final ComposeFile.Service service;

    /** Relative paths are from here. */
    private final Path folder;

    /** In front of the names of networks and volumes. */
    private final String prefix;

    NodeContainer(
            String image,
            ComposeFile file,
            ComposeFile.Service service,
            Path folder,
            String prefix) {
        super(image);
        this.file = file;
        this.service = service;
        this.folder = folder;
        this.prefix = prefix;
        withEnv(service.environment());
        withNetworkMode(
                service.addresses().isEmpty()
                        ? "none"
                        : prefix + service.addresses().keySet().iterator().next());
        if (!service.command().isEmpty()) {
            withCommand(service.command().toArray(String[]::new));
        }
        withCreateContainerCmdModifier(this::configure);
    }

    private void configure(CreateContainerCmd command) {
        command.withHostName(service.name()).withName(prefix + service.name());
        if (!service.user().isEmpty()) {
            command.withUser(service.user());
        }
        service.addresses().values().stream()
                .findFirst()
                .filter(address -> !address.isEmpty())
                .ifPresent(command::withIpv4Address);
        HostConfig host = command.getHostConfig();
        if (host == null) {
            throw new IllegalStateException("a container without a host's configuration");
        }
        host.withReadonlyRootfs(service.readOnly())
                .withCapDrop(capabilities(service.capDrop()))
                .withCapAdd(capabilities(service.capAdd()))
                .withSecurityOpts(service.securityOpt())
                .withTmpFs(
                        service.tmpfs().stream()
                                .collect(
                                        Collectors.toMap(
                                                NodeContainer::first, NodeContainer::rest)))
                .withSysctls(service.sysctls())
                .withMemory(service.memory())
                .withBinds(binds())
                .withMounts(mounts());
    }

    private static Capability[] capabilities(List<String> names) {
        return names.stream().map(Capability::valueOf).toArray(Capability[]::new);
    }

    private static String first(String pair) {
        return pair.substring(0, pair.indexOf(':'));
    }

    private static String rest(String pair) {
        return pair.substring(pair.indexOf(':') + 1);
    }

    private List<Bind> binds() {
        return service.binds().stream()
                .filter(bind -> bind.startsWith("."))
                .map(bind -> Bind.parse(folder.resolve(first(bind)).normalize() + ":" + rest(bind)))
                .toList();
    }

    private List<Mount> mounts() {
        List<Mount> mounts = new ArrayList<>();
        for (String bind : service.binds()) {
            Map<String, String> options = file.volumes().get(first(bind));
            if (options != null) {
                mounts.add(mount(bind, options));
            }
        }
        return mounts;
    }

    private Mount mount(String bind, Map<String, String> options) {
        boolean readOnly = bind.endsWith(":ro");
        String target = readOnly ? bind.substring(0, bind.length() - ":ro".length()) : bind;
        return new Mount()
                .withType(MountType.VOLUME)
                .withSource(prefix + first(bind))
                .withTarget(rest(target))
                .withReadOnly(readOnly)
                .withVolumeOptions(
                        new VolumeOptions()
                                .withLabels(Engine.LABEL)
                                .withDriverConfig(
                                        new Driver().withName("local").withOptions(options)));
    }

    /** Into the networks after the first, before it starts. */
    @Override
    protected void containerIsCreated(String containerId) {
        Iterator<Map.Entry<String, String>> others =
                service.addresses().entrySet().stream().skip(1).iterator();
        while (others.hasNext()) {
            Map.Entry<String, String> other = others.next();
            getDockerClient()
                    .connectToNetworkCmd()
                    .withContainerId(containerId)
                    .withNetworkId(prefix + other.getKey())
                    .withContainerNetwork(
                            new ContainerNetwork()
                                    .withIpamConfig(
                                            new ContainerNetwork.Ipam()
                                                    .withIpv4Address(other.getValue())))
                    .exec();
        }
    }
}
