package dev.sluice.lab;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What a machine lacks is said with what to do about it. */
class RequirementsTest {
    private static final String ROOT = "root";
    private static final String LIBBPF = "libbpf";
    private static final String NAMESPACES = "namespaces";
    private static final String BPF = "bpf";

    /** Has all but some. */
    private record Without(Set<String> lacking) implements Requirements.Machine {
        @Override
        public boolean isRoot() {
            return has(ROOT);
        }

        @Override
        public boolean has(String what) {
            return !lacking.contains(what);
        }

        @Override
        public boolean hasLibbpf() {
            return has(LIBBPF);
        }

        @Override
        public boolean mayMakeNamespaces() {
            return has(NAMESPACES);
        }

        @Override
        public boolean hasBpfFileSystem() {
            return has(BPF);
        }
    }

    private static List<String> missing(String... lacking) throws IOException {
        return Requirements.missing(new Without(new HashSet<>(List.of(lacking))));
    }

    @Test
    void aMachineThatHasAllLacksNothing() throws IOException {
        assertThat(missing()).isEmpty();
    }

    @Test
    void withoutRootThatIsAllThatIsSaid() throws IOException {
        assertThat(missing(ROOT, LIBBPF, BPF))
                .singleElement()
                .asString()
                .contains("only root may")
                .contains("sudo");
    }

    @Test
    void eachProgramIsNamedWithItsPackage() throws IOException {
        assertThat(missing("ip", "flock"))
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("'ip'").endsWith(" iproute2"),
                        line -> assertThat(line).startsWith("'flock'").endsWith(" util-linux"));
    }

    @Test
    void libbpfNamespacesAndTheBpfFileSystemAreNeeded() throws IOException {
        assertThat(missing(LIBBPF)).singleElement().asString().endsWith(" libbpf1");
        assertThat(missing(NAMESPACES)).singleElement().asString().contains("CAP_SYS_ADMIN");
        assertThat(missing(BPF)).singleElement().asString().contains("/sys/fs/bpf");
    }
}
