package dev.sluice.chaos.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.chaos.containers.ComposeFile.Service;
import dev.sluice.lab.Node;
import dev.sluice.lab.Role;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/** Our compose file keeps its promises: who is in it, with which privileges. */
class ComposeFileTest {
    private static final Path FILE = Path.of("../deploy/compose/compose.yaml");

    @TempDir Path folder;

    @Test
    void everyNodeIsThereUnderTheLabsAddress() throws IOException {
        ComposeFile file = ComposeFile.read(FILE);
        for (Node node : ContainerCluster.TOPOLOGY.hosts()) {
            Service service = file.service(node.name());
            if (node.role() != Role.CLIENT) {
                assertThat(service.addresses()).containsEntry("underlay", node.address());
            }
        }
    }

    @Test
    void nobodyHasMoreThanItsRoleNeeds() throws IOException {
        for (Service service : ComposeFile.read(FILE).services()) {
            assertThat(service.readOnly()).as(service.name()).isTrue();
            assertThat(service.capDrop()).as(service.name()).containsExactly("ALL");
            assertThat(service.securityOpt())
                    .as(service.name())
                    .containsExactly("no-new-privileges:true");
            assertThat(Set.copyOf(service.capAdd()))
                    .as(service.name())
                    .isEqualTo(privileges(service.name()));
            assertThat(service.memory()).as(service.name()).isPositive();
        }
    }

    private static Set<String> privileges(String name) {
        return switch (name.replaceAll("-[0-9]", "")) {
            case "director", "proxy" -> Set.of("NET_ADMIN", "SYS_ADMIN");
            case "router", "client" -> Set.of("NET_ADMIN");
            default -> Set.of();
        };
    }

    @Test
    void onlyThoseWithPrivilegesAndTheMakerOfTheirKeyAreRoot() throws IOException {
        assertThat(ComposeFile.read(FILE).services())
                .filteredOn(service -> service.user().equals("root"))
                .allMatch(s -> !s.capAdd().isEmpty() || s.name().equals("certificate"));
    }

    @Test
    void mergesWhatATemplateSaysBehindAServicesOwnWords() throws IOException {
        Service proxy = ComposeFile.read(FILE).service("proxy-2");
        assertThat(proxy.environment()).containsEntry("SLUICE_ROLE", "proxy");
        assertThat(proxy.binds()).contains("proxy-2-bpf:/sys/fs/bpf").hasSize(3);
    }

    @Test
    void refusesAKeyThatTestsWouldNotHeed() throws IOException {
        Path file = folder.resolve("compose.yaml");
        String text = Files.readString(FILE);
        Files.writeString(
                file, text.replace("read_only: true", "read_only: true\n  privileged: true"));
        assertThatThrownBy(() -> ComposeFile.read(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("[privileged]");
    }
}
