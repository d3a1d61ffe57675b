package dev.sluice.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.table.ForwardingTable;
import dev.sluice.datapath.bpf.BpfFs;

import org.junit.jupiter.api.Test;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/** A director that is killed while it installs one table after the other. */
class KilledInstallIT {
    private static final Path PINS = Checkout.pins("datapath-test-killed");
    private static final int KILLS = 6;

    private static DirectorDatapathSpec spec() {
        return new DirectorDatapathSpec(
                "eth0", PINS, Address.parse("198.18.1.1"), Transmit.toSender());
    }

    @Test
    void leavesAWholeTableWhateverTheMoment() throws Exception {
        Capability.BPF.require();
        Capability.NAMESPACES.require();
        try (TestNamespace namespace = TestNamespace.create("datapath-killed")) {
            namespace.ip("link", "add", "eth0", "type", "veth", "peer", "name", "far");
            namespace.ip("link", "set", "eth0", "up");
            long before = 0;
            for (int i = 0; i < KILLS; i++) {
                long announced = killWhileInstalling(namespace, 3 + 7 * i);
                long installed = namespace.call(KilledInstallIT::takeOver);
                assertThat(installed).isGreaterThan(before).isBetween(announced, announced + 2);
                before = installed;
            }
        } finally {
            BpfFs.removeDirectory(PINS);
        }
    }

    /** Kills it that many installs after it began, at no particular moment of the next. */
    private static long killWhileInstalling(TestNamespace namespace, int installs)
            throws Exception {
        Process director =
                new ProcessBuilder(
                                "nsenter",
                                "--net=/run/netns/" + namespace.name(),
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "--enable-native-access=ALL-UNNAMED",
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Installer.class.getName())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        try (BufferedReader said =
                new BufferedReader(
                        new InputStreamReader(
                                director.getInputStream(), StandardCharsets.US_ASCII))) {
            String last = "";
            for (int i = 0; i < installs; i++) {
                last = said.readLine();
            }
            director.destroyForcibly().waitFor();
            return Long.parseLong(last);
        }
    }

    /** As the next process does: what the kernel has is whole, and the next table follows it. */
    private static long takeOver() {
        try (DirectorDatapath next = DirectorDatapath.open(spec())) {
            Map<String, Long> installed = next.installed();
            long generation = installed.getOrDefault("web", 0L);
            assertThat(installed).containsOnlyKeys("web");
            // The same generation is taken again only if not a row differs.
            next.install(Installer.table(generation));
            next.install(Installer.table(generation + 1));
            return generation + 1;
        }
    }

    /**
     * Another JVM: installs tables of two kinds in turn, and prints each generation it put live.
     */
    static final class Installer {
        private Installer() {}

        static ForwardingTable table(long generation) {
            return TestPools.table(generation, generation % 2 == 0 ? "p1 p2" : "p3 p4 p5");
        }

        public static void main(String[] arguments) {
            try (DirectorDatapath datapath = DirectorDatapath.open(spec())) {
                long generation = datapath.installed().getOrDefault("web", 0L);
                while (true) {
                    generation++;
                    datapath.install(table(generation));
                    System.out.println(generation);
                }
            }
        }
    }
}
