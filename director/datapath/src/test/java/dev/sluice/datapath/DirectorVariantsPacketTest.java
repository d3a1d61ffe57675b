package dev.sluice.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cluster.packet.DirectorCounter;
import dev.sluice.cluster.packet.DirectorModel;
import dev.sluice.cluster.packet.FrameVerdict;
import dev.sluice.cluster.packet.Underlay;
import dev.sluice.cluster.pool.PoolSpec;
import dev.sluice.cluster.pool.Proxy;
import dev.sluice.cluster.table.ForwardingTable;
import dev.sluice.datapath.DirectorVariants.Variant;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What is more than one IPv4 header and TCP: IPv6, tags, extension headers, options, fragments,
 * other binds, other underlays. Model and program say the same, and what each line says.
 */
class DirectorVariantsPacketTest {
    private static final long SEED = Long.getLong("sluice.seed", 20_261_123);
    private static final int MUTANTS = Integer.getInteger("sluice.mutants", 60);
    private static final Map<Setup, LoadedDirector> DIRECTORS = new HashMap<>();

    static Stream<Variant> variants() {
        return DirectorVariants.all();
    }

    @ParameterizedTest
    @MethodSource("variants")
    void modelDecides(Variant variant) {
        FrameVerdict<DirectorCounter> verdict = model(variant).process(variant.frame());
        assertThat(verdict.counters()).containsExactly(variant.expected());
        variant.bytes()
                .ifPresent(bytes ->
                        assertThat(HexFormat.of().formatHex(verdict.frame()))
                                .isEqualTo(HexFormat.of().formatHex(bytes)));
    }

    @ParameterizedTest
    @MethodSource("variants")
    void programDoesWhatTheModelDoes(Variant variant) {
        Capability.BPF.require();
        assertThat(director(variant).run(variant.frame()))
                .isEqualTo(model(variant).process(variant.frame()));
    }

    @Test
    void theyAgreeOnFramesCutAtEveryLength() {
        Capability.BPF.require();
        for (Variant variant : variants().toList()) {
            DirectorModel model = model(variant);
            LoadedDirector director = director(variant);
            int longest = Math.min(variant.frame().length, 200);
            for (int length = 14; length < longest; length++) {
                byte[] frame = Arrays.copyOf(variant.frame(), length);
                assertThat(director.run(frame))
                        .as("%s, %d bytes", variant, length)
                        .isEqualTo(model.process(frame));
            }
        }
    }

    @Test
    void theyAgreeOnBrokenFrames() {
        Capability.BPF.require();
        Set<DirectorCounter> met = EnumSet.noneOf(DirectorCounter.class);
        for (Variant variant : variants().toList()) {
            Mutation mutation = new Mutation(SEED ^ variant.name().hashCode());
            DirectorModel model = model(variant);
            LoadedDirector director = director(variant);
            for (int i = 0; i < MUTANTS; i++) {
                byte[] frame = mutation.of(variant.frame());
                FrameVerdict<DirectorCounter> verdict = director.run(frame);
                assertThat(verdict)
                        .as("seed %d, %s: %s", SEED, variant, HexFormat.of().formatHex(frame))
                        .isEqualTo(model.process(frame));
                met.addAll(verdict.counters());
            }
        }
        assertThat(met).hasSizeGreaterThanOrEqualTo(11);
    }

    private static DirectorModel model(Variant variant) {
        return new DirectorModel(variant.underlay(), Optional.empty(), variant.tables());
    }

    /** What a director works with: variants with the same share one. */
    private record Setup(Underlay underlay, List<Pool> pools) {
        static Setup of(Variant variant) {
            return new Setup(variant.underlay(), variant.tables().stream().map(Pool::of).toList());
        }
    }

    private record Pool(String name, PoolSpec spec, List<Proxy> proxies) {
        static Pool of(ForwardingTable table) {
            return new Pool(table.pool(), table.spec(), table.proxies());
        }
    }

    private static LoadedDirector director(Variant variant) {
        return DIRECTORS.computeIfAbsent(Setup.of(variant), s -> load(variant));
    }

    private static LoadedDirector load(Variant variant) {
        LoadedDirector director = new LoadedDirector(variant.underlay(), Transmit.toSender());
        variant.tables().forEach(director::install);
        return director;
    }

    @AfterAll
    static void closeDirectors() {
        DIRECTORS.values().forEach(LoadedDirector::close);
        DIRECTORS.clear();
    }
}
