package dev.sluice.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cluster.packet.FrameVerdict;
import dev.sluice.cluster.packet.FrameVerdict.Action;
import dev.sluice.cluster.packet.RedirectCounter;
import dev.sluice.cluster.packet.RedirectModel;
import dev.sluice.cluster.packet.RedirectRule.Socket;
import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.pool.Bind;
import dev.sluice.cluster.pool.PoolSpec.HashField;
import dev.sluice.cluster.table.ForwardingTable;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** GLB's second chance, case by case, through the model and through the program. */
class RedirectGlbPacketTest {
    private static final InetSocketAddress CLIENT = new InetSocketAddress("192.168.40.50", 37877);
    private static final InetSocketAddress VIP = new InetSocketAddress("10.10.10.10", 80);
    private static final Address IPV6_VIP = Address.parse("fd2c:394c:33a3:26bf::1");
    private static final HexFormat HEX = HexFormat.of();
    private static final int ETHERNET = 14;
    private static final int OUTER_DESTINATION = ETHERNET + 16;

    private static final Map<String, RedirectCounter> COUNTERS =
            Map.of(
                    "accepted_syn_packets", RedirectCounter.KEPT_SYN,
                    "accepted_established_packets", RedirectCounter.KEPT_KNOWN,
                    "accepted_syn_cookie_packets", RedirectCounter.KEPT_COOKIE,
                    "accepted_last_resort_packets", RedirectCounter.KEPT_LAST_RESORT,
                    "forwarded_to_alternate_packets", RedirectCounter.NEXT_HOP,
                    "forwarded_to_self_packets", RedirectCounter.KEPT_SELF);

    private static @Nullable TestNamespace namespace;

    @AfterAll
    static void remove() {
        if (namespace != null) {
            namespace.close();
        }
    }

    private static TestNamespace namespace() {
        TestNamespace there = namespace;
        if (there == null) {
            there = TestNamespace.create("datapath-glb");
            there.ip("addr", "add", VIP.getHostString() + "/32", "dev", "lo");
            there.ip("addr", "add", CLIENT.getHostString() + "/32", "dev", "lo");
            namespace = there;
        }
        return there;
    }

    record Case(JsonNode json) {
        String name() {
            return json.get("name").asString();
        }

        String localState() {
            return json.get("local_state").asString();
        }

        byte[] frame() {
            return TestFrames.ethernet(GlbVectors.hex(json.get("in_l3")));
        }

        Address self() {
            return Address.of(
                    Arrays.copyOfRange(frame(), OUTER_DESTINATION, OUTER_DESTINATION + 4));
        }

        @Override
        public String toString() {
            return name();
        }
    }

    static Stream<Case> cases() {
        JsonNode cases = GlbVectors.read("redirect_cases.json").get("cases");
        return StreamSupport.stream(cases.spliterator(), false).map(Case::new);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void modelDoesWhatGlbDoes(Case c) {
        assertDoesWhatGlbDoes(c, model(c.self(), socket(c.localState())).process(c.frame()));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void programDoesWhatGlbDoes(Case c) {
        Capability.BPF.require();
        Capability.NAMESPACES.require();
        if (c.name().equals("ack_valid_syncookie")) {
            // Its acknowledgement is no cookie of this kernel: RedirectSocketPacketTest has one.
            return;
        }
        FrameVerdict<RedirectCounter> verdict =
                namespace()
                        .call(() -> {
                            try (LoadedRedirect redirect = redirect(c.self());
                                    TestSockets sockets = sockets(c.localState())) {
                                assertThat(sockets).isNotNull();
                                return redirect.run(c.frame());
                            }
                        });
        assertDoesWhatGlbDoes(c, verdict);
    }

    private static void assertDoesWhatGlbDoes(Case c, FrameVerdict<RedirectCounter> verdict) {
        switch (c.json().get("verdict").asString()) {
            case "ACCEPT" -> assertAccepted(c, verdict);
            case "FORWARD" -> {
                assertThat(verdict.action()).isEqualTo(Action.TX);
                assertThat(verdict.counters()).containsExactly(RedirectCounter.NEXT_HOP);
                assertThat(HEX.formatHex(verdict.frame()).substring(2 * ETHERNET))
                        .isEqualTo(c.json().get("out_l3").asString());
            }
            default -> assertThat(verdict.action()).isEqualTo(Action.DROP);
        }
    }

    private static void assertAccepted(Case c, FrameVerdict<RedirectCounter> verdict) {
        JsonNode counter = c.json().get("glb_redirect_counter");
        RedirectCounter expected =
                counter.isNull()
                        ? RedirectCounter.KEPT_STATELESS
                        : COUNTERS.getOrDefault(counter.asString(), RedirectCounter.DROP_MALFORMED);
        assertThat(verdict.action()).isEqualTo(Action.PASS);
        assertThat(verdict.counters()).contains(expected);
        assertThat(HEX.formatHex(verdict.frame())).endsWith(innerPacket(c));
    }

    /** From the first 0x45 after the outer headers on. */
    private static String innerPacket(Case c) {
        int hlen = c.frame()[ETHERNET + 28] & 0x1f;
        return HEX.formatHex(c.frame()).substring(2 * (ETHERNET + 32 + hlen * 4));
    }

    private static Socket socket(String localState) {
        return switch (localState.split("[ ,]", 2)[0]) {
            case "ESTABLISHED", "TIME_WAIT" -> new Socket.Flow();
            case "NEW_SYN_RECV" -> new Socket.Request(1);
            case "LISTEN" -> new Socket.Listener(localState.contains("valid cookie"));
            default -> new Socket.None();
        };
    }

    private static TestSockets sockets(String localState) throws IOException {
        TestSockets sockets = new TestSockets(CLIENT, VIP);
        switch (localState.split("[ ,]", 2)[0]) {
            case "ESTABLISHED" -> sockets.establish();
            case "TIME_WAIT" -> sockets.timeWait();
            case "NEW_SYN_RECV" -> sockets.request();
            case "LISTEN" -> sockets.listen();
            default -> assertThat(localState).isNotEmpty();
        }
        return sockets;
    }

    private static RedirectModel model(Address self, Socket socket) {
        return new RedirectModel(self, Optional.empty(), List.of(table()), f -> socket, p -> true);
    }

    private static LoadedRedirect redirect(Address self) {
        LoadedRedirect redirect = new LoadedRedirect(self, Transmit.toSender());
        redirect.install(table(), true);
        return redirect;
    }

    private static ForwardingTable table() {
        Bind udp = new Bind(Address.parse("10.10.10.10"), 32, Bind.Protocol.UDP, 80, 80);
        Bind ipv6 = Bind.tcp(IPV6_VIP, 80);
        return GlbVectors.tables("h2_active", Set.of(HashField.SOURCE_ADDRESS), udp, ipv6)
                .getFirst();
    }
}
