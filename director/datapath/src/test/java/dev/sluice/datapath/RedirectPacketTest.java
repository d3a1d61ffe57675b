package dev.sluice.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cluster.packet.FrameVerdict;
import dev.sluice.cluster.packet.RedirectCounter;
import dev.sluice.cluster.packet.RedirectModel;
import dev.sluice.cluster.packet.RedirectRule.Socket;
import dev.sluice.cluster.table.FlowKey;
import dev.sluice.datapath.RedirectCase.Local;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The rules of a proxy host through the model and through the program, with real sockets. */
class RedirectPacketTest {
    private static @Nullable TestNamespace namespace;

    @AfterAll
    static void remove() {
        if (namespace != null) {
            namespace.close();
        }
    }

    static Stream<RedirectCase> cases() {
        return RedirectCases.all();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void modelFollowsTheRules(RedirectCase c) {
        assertThat(model(c).process(c.frame())).isEqualTo(c.expected());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void programFollowsTheRules(RedirectCase c) {
        Capability.BPF.require();
        Capability.NAMESPACES.require();
        FrameVerdict<RedirectCounter> verdict = namespace().call(() -> run(c));

        assertThat(verdict).isEqualTo(c.expected());
    }

    private static RedirectModel model(RedirectCase c) {
        Socket socket =
                switch (c.local()) {
                    case NONE -> new Socket.None();
                    case LISTENER -> new Socket.Listener(false);
                    case ESTABLISHED -> new Socket.Flow();
                };
        return new RedirectModel(
                c.self(), Optional.empty(), List.of(c.table()), f -> socket, p -> c.confirmed());
    }

    private static FrameVerdict<RedirectCounter> run(RedirectCase c) throws IOException {
        try (LoadedRedirect redirect = new LoadedRedirect(c.self(), Transmit.toSender());
                TestSockets _ = sockets(c.local())) {
            redirect.install(c.table(), c.confirmed());
            return redirect.run(c.frame());
        }
    }

    /** Of the cases' flow, in the namespace of the calling thread. */
    static TestSockets sockets(Local local) throws IOException {
        TestSockets sockets = new TestSockets(client(), vip());
        switch (local) {
            case NONE -> {}
            case LISTENER -> sockets.listen();
            case ESTABLISHED -> sockets.establish();
        }
        return sockets;
    }

    static InetSocketAddress client() {
        FlowKey flow = RedirectCase.FLOW;
        return new InetSocketAddress(flow.source().inet(), flow.sourcePort());
    }

    static InetSocketAddress vip() {
        FlowKey flow = RedirectCase.FLOW;
        return new InetSocketAddress(flow.destination().inet(), flow.destinationPort());
    }

    /** With both ends of the flow's addresses on its loopback. */
    static TestNamespace withAddresses(String name) {
        TestNamespace there = TestNamespace.create(name);
        there.ip("addr", "add", RedirectCase.FLOW.source() + "/32", "dev", "lo");
        there.ip("addr", "add", RedirectCase.FLOW.destination() + "/32", "dev", "lo");
        return there;
    }

    private static TestNamespace namespace() {
        TestNamespace there = namespace;
        if (there == null) {
            there = withAddresses("datapath-redirect");
            namespace = there;
        }
        return there;
    }
}
