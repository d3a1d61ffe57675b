package dev.sluice.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cluster.packet.DirectorCounter;
import dev.sluice.cluster.packet.DirectorModel;
import dev.sluice.cluster.packet.FrameVerdict;
import dev.sluice.cluster.packet.RedirectCounter;
import dev.sluice.cluster.packet.RedirectModel;
import dev.sluice.cluster.packet.RedirectRule.Socket;
import dev.sluice.cluster.table.FlowKey;
import dev.sluice.datapath.RedirectCase.Local;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Thousands of broken frames: model and program agree on every one. */
class FuzzPacketTest {
    private static final HexFormat HEX = HexFormat.of();
    private static final long SEED = Long.getLong("sluice.seed", 20_261_123);
    private static final int MUTANTS = Integer.getInteger("sluice.mutants", 400);

    @Test
    void directorModelAndProgramAgree() {
        Capability.BPF.require();
        Set<DirectorCounter> met = EnumSet.noneOf(DirectorCounter.class);
        DirectorCases.all()
                .collect(Collectors.groupingBy(DirectorCase::table))
                .values()
                .forEach(cases -> {
                    try (LoadedDirector director = DirectorPacketTest.director(cases.getFirst())) {
                        cases.forEach(c -> fuzz(c, director, met));
                    }
                });
        assertThat(met).hasSizeGreaterThanOrEqualTo(10);
    }

    private static void fuzz(DirectorCase c, LoadedDirector director, Set<DirectorCounter> met) {
        DirectorModel model = DirectorPacketTest.model(c);
        Mutation mutation = new Mutation(SEED ^ c.name().hashCode());
        for (int i = 0; i < MUTANTS; i++) {
            byte[] frame = mutation.of(c.frame());
            FrameVerdict<DirectorCounter> verdict = director.run(frame);
            assertThat(verdict)
                    .as("seed %d, %s: %s", SEED, c, HEX.formatHex(frame))
                    .isEqualTo(model.process(frame));
            met.addAll(verdict.counters());
        }
    }

    @Test
    void redirectModelAndProgramAgree() {
        Capability.BPF.require();
        Capability.NAMESPACES.require();
        Set<RedirectCounter> met = EnumSet.noneOf(RedirectCounter.class);
        try (TestNamespace namespace = RedirectPacketTest.withAddresses("datapath-fuzz")) {
            namespace.call(() -> {
                for (RedirectCase c : RedirectCases.all().toList()) {
                    fuzz(c, met);
                }
                return true;
            });
        }
        assertThat(met)
                .hasSizeGreaterThanOrEqualTo(17)
                .contains(RedirectCounter.KEPT_KNOWN, RedirectCounter.NEXT_HOP);
    }

    /** What a host with these sockets has for a flow, which may be another one than was meant. */
    private static Socket socket(Local local, FlowKey flow) {
        return switch (local) {
            case NONE -> new Socket.None();
            case LISTENER -> isForListener(flow) ? new Socket.Listener(false) : new Socket.None();
            case ESTABLISHED ->
                    flow.equals(RedirectCase.FLOW) ? new Socket.Flow() : new Socket.None();
        };
    }

    private static boolean isForListener(FlowKey flow) {
        FlowKey meant = RedirectCase.FLOW;
        return flow.protocol() == meant.protocol()
                && flow.destination().equals(meant.destination())
                && flow.destinationPort() == meant.destinationPort();
    }

    private static void fuzz(RedirectCase c, Set<RedirectCounter> met) throws IOException {
        RedirectModel model =
                new RedirectModel(
                        c.self(),
                        Optional.empty(),
                        List.of(c.table()),
                        f -> socket(c.local(), f),
                        p -> c.confirmed());
        Mutation mutation = new Mutation(SEED ^ c.name().hashCode());
        try (LoadedRedirect redirect = new LoadedRedirect(c.self(), Transmit.toSender());
                TestSockets _ = RedirectPacketTest.sockets(c.local())) {
            redirect.install(c.table(), c.confirmed());
            for (int i = 0; i < MUTANTS; i++) {
                byte[] frame = mutation.of(c.frame());
                FrameVerdict<RedirectCounter> verdict = redirect.run(frame);
                assertThat(verdict)
                        .as("seed %d, %s: %s", SEED, c, HEX.formatHex(frame))
                        .isEqualTo(model.process(frame));
                met.addAll(verdict.counters());
            }
        }
    }
}
