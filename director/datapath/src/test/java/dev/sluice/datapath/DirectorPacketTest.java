package dev.sluice.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cluster.packet.DirectorCounter;
import dev.sluice.cluster.packet.DirectorModel;
import dev.sluice.cluster.packet.FlowVerdict;
import dev.sluice.cluster.packet.FrameVerdict.Action;
import dev.sluice.cluster.table.ForwardingTable;
import dev.sluice.datapath.bpf.BpfMap;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The director's table of cases through the model and through the program. */
class DirectorPacketTest {
    /** To load a program costs more than to run it a thousand times. */
    private static final Map<ForwardingTable, LoadedDirector> SHARED = new HashMap<>();

    static Stream<DirectorCase> cases() {
        return DirectorCases.all();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void modelDecides(DirectorCase c) {
        assertThat(model(c).process(c.frame())).isEqualTo(c.expected());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void programDecides(DirectorCase c) {
        Capability.BPF.require();
        assertThat(shared(c).run(c.frame())).isEqualTo(c.expected());
    }

    @Test
    void modelAndProgramAgreeOnFramesCutAtEveryLength() {
        Capability.BPF.require();
        List<DirectorCase> forwarded =
                cases().filter(c -> c.expected().action() == Action.TX).toList();
        assertThat(forwarded).hasSizeGreaterThan(8);
        for (DirectorCase c : forwarded) {
            for (int length = 14; length < c.frame().length; length++) {
                byte[] frame = Arrays.copyOf(c.frame(), length);
                assertThat(shared(c).run(frame))
                        .as("%s, %d bytes", c, length)
                        .isEqualTo(model(c).process(frame));
            }
        }
    }

    @Test
    void dropsPacketsOfABindWithoutTable() {
        Capability.BPF.require();
        DirectorCase c = cases().findFirst().orElseThrow();
        try (LoadedDirector director = director(c);
                Arena arena = Arena.ofConfined()) {
            BpfMap pools = director.maps().get("pools");
            assertThat(pools.remove(Keys.zero(arena))).isTrue();

            assertThat(director.run(c.frame()).counters())
                    .containsExactly(DirectorCounter.DROP_NO_TABLE);
        }
    }

    @Test
    void countsTheVerdictsOfAWatchedFlowOnly() {
        Capability.BPF.require();
        DirectorCase c = cases().findFirst().orElseThrow();
        try (LoadedDirector director = director(c)) {
            director.run(c.frame());
            director.watched().watch(RedirectCase.FLOW);
            director.run(c.frame());
            director.run(c.frame());

            WatchedFlow flow = director.watched().read().getFirst();
            assertThat(flow.flow()).isEqualTo(RedirectCase.FLOW);
            assertThat(flow.packets(FlowVerdict.FORWARDED)).isEqualTo(2);
            assertThat(flow.packets(FlowVerdict.DROPPED)).isZero();
            assertThat(flow.tallies().get(FlowVerdict.FORWARDED))
                    .isEqualTo(new WatchedFlow.Tally(2, 80));
            director.watched().unwatch(RedirectCase.FLOW);
            assertThat(director.watched().read()).isEmpty();
        }
    }

    /** For who changes nothing in it. */
    private static LoadedDirector shared(DirectorCase c) {
        return SHARED.computeIfAbsent(c.table(), table -> director(c));
    }

    @AfterAll
    static void closeShared() {
        SHARED.values().forEach(LoadedDirector::close);
        SHARED.clear();
    }

    static DirectorModel model(DirectorCase c) {
        return new DirectorModel(DirectorCase.DIRECTOR, Optional.empty(), List.of(c.table()));
    }

    static LoadedDirector director(DirectorCase c) {
        LoadedDirector director = new LoadedDirector(DirectorCase.DIRECTOR, Transmit.toSender());
        director.install(c.table());
        return director;
    }
}
