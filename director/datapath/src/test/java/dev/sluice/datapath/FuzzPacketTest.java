package dev.sluice.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cluster.packet.DirectorCounter;
import dev.sluice.cluster.packet.DirectorModel;
import dev.sluice.cluster.packet.FrameVerdict;
import dev.sluice.cluster.packet.RedirectCounter;
import dev.sluice.cluster.packet.RedirectModel;
import dev.sluice.cluster.packet.RedirectRule.Socket;
import dev.sluice.datapath.RedirectCase.Local;

import org.junit.jupiter.api.Test;

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
        List<RedirectCase> withoutSockets =
                RedirectCases.all().filter(c -> c.local() == Local.NONE).toList();
        try (TestNamespace namespace = TestNamespace.create("datapath-fuzz")) {
            namespace.call(() -> withoutSockets.stream().map(c -> fuzz(c, met)).toList());
        }
        assertThat(met).hasSizeGreaterThanOrEqualTo(16);
    }

    private static RedirectCase fuzz(RedirectCase c, Set<RedirectCounter> met) {
        RedirectModel model =
                new RedirectModel(
                        c.self(),
                        Optional.empty(),
                        List.of(c.table()),
                        f -> new Socket.None(),
                        p -> c.confirmed());
        Mutation mutation = new Mutation(SEED ^ c.name().hashCode());
        try (LoadedRedirect redirect = new LoadedRedirect(c.self(), Transmit.toSender())) {
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
        return c;
    }
}
