package dev.sluice.datapath;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.cluster.packet.DirectorCounter;
import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.table.ForwardingTable;
import dev.sluice.datapath.bpf.BpfFs;
import dev.sluice.datapath.bpf.BpfMap;
import dev.sluice.datapath.bpf.DatapathException;
import dev.sluice.datapath.bpf.XdpMode;

import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Pins: what outlives whom, and what is refused. */
class LifecycleIT {
    private static final Path PINS = Checkout.pins("datapath-lifecycle");
    private static final String DEVICE = "eth0";
    private static final ForwardingTable TABLE = TestPools.table(7, "p1");

    private static DirectorDatapathSpec spec(String directory) {
        return new DirectorDatapathSpec(
                DEVICE, PINS.resolve(directory), Address.parse("198.18.0.1"), Transmit.toSender());
    }

    /** Runs on the thread of a namespace that has one veth device. */
    private static void inNamespace(Consumer<TestNamespace> test) {
        Capability.BPF.require();
        Capability.NAMESPACES.require();
        try (TestNamespace namespace = TestNamespace.create("datapath-life")) {
            addDevice(namespace);
            namespace.run(() -> test.accept(namespace));
        } finally {
            BpfFs.removeDirectory(PINS.resolve("a"));
            BpfFs.removeDirectory(PINS.resolve("b"));
            BpfFs.removeDirectory(PINS);
        }
    }

    private static void addDevice(TestNamespace namespace) {
        namespace.ip("link", "add", DEVICE, "type", "veth", "peer", "name", "far");
        namespace.ip("link", "set", DEVICE, "up");
    }

    private static boolean hasXdp(TestNamespace namespace) {
        return namespace.run("ip", "link", "show", DEVICE).contains("prog/xdp");
    }

    @Test
    void theNextProcessFindsProgramTablesCountersAndWatchedFlows() {
        inNamespace(namespace -> {
            try (DirectorDatapath first = DirectorDatapath.open(spec("a"))) {
                first.install(TestPools.table(7, "p1"));
                first.watch(RedirectCase.FLOW);
            }
            assertThat(hasXdp(namespace)).isTrue();
            try (DirectorDatapath second = DirectorDatapath.open(spec("a"))) {
                assertThat(second.installed()).isEqualTo(Map.of("web", 7L));
                assertThat(second.watched())
                        .singleElement()
                        .extracting(WatchedFlow::flow)
                        .isEqualTo(RedirectCase.FLOW);
                assertThat(second.counters()).containsKeys(DirectorCounter.values());
                second.install(TestPools.table(8, "p1"));
            }
        });
    }

    @Test
    void attachesBehindTheDriverIfToldSo() {
        inNamespace(namespace -> {
            try (DirectorDatapath first =
                    DirectorDatapath.open(spec("a").withMode(XdpMode.GENERIC))) {
                first.install(TestPools.table(7, "p1"));
                assertThat(namespace.run("ip", "link", "show", DEVICE)).contains("xdpgeneric");
            }
        });
    }

    @Test
    void refusesPinsThatAProcessHasAndNamesIt() {
        inNamespace(namespace -> {
            try (DirectorDatapath first = DirectorDatapath.open(spec("a"))) {
                first.install(TestPools.table(7, "p1"));
                assertThatThrownBy(() -> DirectorDatapath.open(spec("a")))
                        .isInstanceOf(DatapathException.class)
                        .hasMessage(
                                PINS.resolve("a")
                                        + " is in use by process "
                                        + ProcessHandle.current().pid()
                                        + ": end that one first");
                assertThat(DirectoryLock.isHeld(PINS.resolve("a"))).isTrue();
            }
            assertThat(DirectoryLock.isHeld(PINS.resolve("a"))).isFalse();
            assertThat(hasXdp(namespace)).isTrue();
        });
    }

    @Test
    void destroyLeavesNothingBehind() {
        inNamespace(namespace -> {
            DirectorDatapath.open(spec("a")).destroy();
            assertThat(hasXdp(namespace)).isFalse();
            assertThat(Files.exists(PINS.resolve("a"))).isFalse();
        });
    }

    @Test
    void refusesADeviceThatAnotherProgramHolds() {
        inNamespace(namespace -> {
            DirectorDatapath.open(spec("a")).close();
            assertThatThrownBy(() -> DirectorDatapath.open(spec("b")))
                    .isInstanceOf(DatapathException.class)
                    .hasMessageContaining("eth0 runs another XDP program");
            assertThat(Files.exists(PINS.resolve("b"))).isFalse();
            assertThat(hasXdp(namespace)).isTrue();
        });
    }

    @Test
    void refusesPinsOfAnotherLayoutAndLeavesThemAtWork() {
        inNamespace(namespace -> {
            DirectorDatapath.open(spec("a")).close();
            changeLayout(PINS.resolve("a"), 99);
            assertThatThrownBy(() -> DirectorDatapath.open(spec("a")))
                    .isInstanceOf(IncompatibleLayoutException.class)
                    .hasMessageContaining("1.99/64")
                    .hasMessageContaining("1.6/64")
                    .hasMessageContaining("'sluice director withdraw'");
            assertThatThrownBy(() -> DirectorDatapath.open(spec("a"), () -> List.of(TABLE)))
                    .isInstanceOf(IncompatibleLayoutException.class);
            assertThat(hasXdp(namespace)).isTrue();
        });
    }

    @Test
    void goesOnFromAnOlderLayoutWithTheTablesThatAreKnown() {
        inNamespace(namespace -> {
            DirectorDatapath.open(spec("a")).close();
            changeLayout(PINS.resolve("a"), 1);
            assertThatThrownBy(() -> DirectorDatapath.open(spec("a")))
                    .isInstanceOf(IncompatibleLayoutException.class);
            try (DirectorDatapath next = DirectorDatapath.open(spec("a"), () -> List.of(TABLE))) {
                assertThat(next.installed()).isEqualTo(Map.of("web", 7L));
            }
            try (DirectorDatapath third = DirectorDatapath.open(spec("a"))) {
                assertThat(third.installed()).isEqualTo(Map.of("web", 7L));
            }
        });
    }

    /** As if another version had made the pins. */
    static void changeLayout(Path directory, int version) {
        try (BpfMap config = BpfMap.openPinned("config", directory.resolve("config"));
                Arena arena = Arena.ofConfined()) {
            MemorySegment value = config.get(Keys.zero(arena), arena).orElseThrow();
            value.set(ValueLayout.JAVA_SHORT, 0, (short) version);
            config.put(Keys.zero(arena), value);
        }
    }

    @Test
    void attachesAgainWhenTheDeviceWasMadeAnew() {
        inNamespace(namespace -> {
            try (DirectorDatapath first = DirectorDatapath.open(spec("a"))) {
                first.install(TestPools.table(7, "p1"));
            }
            namespace.ip("link", "del", DEVICE);
            addDevice(namespace);
            assertThat(hasXdp(namespace)).isFalse();
            try (DirectorDatapath second = DirectorDatapath.open(spec("a"))) {
                assertThat(second.installed()).isEqualTo(Map.of("web", 7L));
            }
            assertThat(hasXdp(namespace)).isTrue();
        });
    }

    @Test
    void refusesAnUnknownDeviceByName() {
        inNamespace(namespace -> {
            DirectorDatapathSpec spec =
                    new DirectorDatapathSpec(
                            "eth9",
                            PINS.resolve("a"),
                            Address.parse("198.18.0.1"),
                            Transmit.toSender());
            assertThatThrownBy(() -> DirectorDatapath.open(spec))
                    .isInstanceOf(DatapathException.class)
                    .hasMessageContaining("eth9");
            assertThat(Files.exists(PINS.resolve("a"))).isFalse();
        });
    }

    @Test
    void refusesRoutesOfTheKernelWhereForwardingIsOff() {
        inNamespace(namespace -> {
            namespace.sysctl("net.ipv4.conf.eth0.forwarding=0");
            DirectorDatapathSpec spec =
                    new DirectorDatapathSpec(
                            DEVICE,
                            PINS.resolve("a"),
                            Address.parse("198.18.0.1"),
                            Transmit.byRoutes());
            assertThatThrownBy(() -> DirectorDatapath.open(spec))
                    .isInstanceOf(DatapathException.class)
                    .hasMessageContaining("net.ipv4.conf.eth0.forwarding=1");
        });
    }

    @Test
    void refusesAProxysAddressThatIsNotThisHosts() {
        inNamespace(namespace -> {
            RedirectDatapathSpec spec =
                    new RedirectDatapathSpec(
                            DEVICE,
                            PINS.resolve("a"),
                            Address.parse("198.18.0.9"),
                            Transmit.toSender());
            try (RedirectDatapath redirect = RedirectDatapath.open(spec)) {
                assertThatThrownBy(() -> redirect.install(TestPools.table(1, "p1"), "p1"))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("198.18.0.9");
                assertThat(redirect.installed()).isEmpty();
            }
        });
    }

    @Test
    void onlyTheThreadThatOpenedItMayUseIt() {
        inNamespace(namespace -> {
            try (DirectorDatapath director = DirectorDatapath.open(spec("a"));
                    TestNamespace other = TestNamespace.create("datapath-life2")) {
                assertThatThrownBy(() -> other.call(director::installed))
                        .isInstanceOf(IllegalStateException.class);
            }
        });
    }
}
