package dev.sluice.director.bench;

import dev.sluice.cluster.packet.DirectorCounter;
import dev.sluice.cluster.pool.Address;
import dev.sluice.datapath.DirectorTrial;
import dev.sluice.datapath.Transmit;
import dev.sluice.datapath.bpf.XdpLink;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Measures the director program on one core, beside the least that any program could do.
 *
 * <p>The kernel feeds frames to a program and really transmits what it returns, over a veth pair
 * whose other end counts and drops. Every round measures the peers and the director one after the
 * other, so that what else the machine does meets all of them; ratios are taken within rounds. Each
 * gets as many packets ahead that do not count, for the others have filled the caches. What a
 * single frame got lost of is no measurement, and is done again, a few times at most.
 */
public final class DirectorBench {
    private static final Address SOURCE = Address.parse("198.18.255.1");

    private final int rounds;
    private final int packets;

    /**
     * @param rounds of each case, at least 1
     * @param packets that each program gets in a round, and as many ahead of them
     */
    public DirectorBench(int rounds, int packets) {
        this.rounds = rounds;
        this.packets = packets;
    }

    /**
     * @param progress told of each case when it is measured
     * @throws IOException if the namespace cannot be made, or a frame got lost
     */
    public List<BenchResult> run(List<BenchCase> cases, Consumer<BenchResult> progress)
            throws IOException {
        try (BenchWire wire = BenchWire.create()) {
            return wire.call(() -> measure(cases, progress));
        }
    }

    private List<BenchResult> measure(List<BenchCase> cases, Consumer<BenchResult> progress)
            throws IOException {
        List<BenchResult> results = new ArrayList<>();
        try (BenchPrograms programs = new BenchPrograms();
                XdpLink sink = BenchWire.attachFar(programs.sink())) {
            for (BenchCase c : cases) {
                BenchResult result = measure(c, programs);
                results.add(result);
                progress.accept(result);
            }
        }
        return results;
    }

    private BenchResult measure(BenchCase c, BenchPrograms programs) throws IOException {
        byte[] frame = BenchFrames.of(c);
        programs.generate(c, frame);
        try (DirectorTrial director = new DirectorTrial(SOURCE, Transmit.toSender())) {
            BenchPools.of(c).forEach(director::install);
            List<Meter> meters =
                    Stream.of(
                                    programs.swap(),
                                    programs.wrap(c.overhead()),
                                    programs.lookUp(c.family(), c.overhead()),
                                    director.program())
                            .map(program -> new Meter(programs, program, c.family(), frame))
                            .toList();
            double[][] nanos = new double[meters.size()][rounds];
            for (int round = 0; round < rounds; round++) {
                for (int i = 0; i < meters.size(); i++) {
                    nanos[i][round] = meters.get(i).nanos(packets);
                }
            }
            requireForwarded(director, meters.getLast().fed());
            return new BenchResult(
                    c,
                    Samples.of(nanos[0]),
                    Samples.of(nanos[1]),
                    Samples.of(nanos[2]),
                    Samples.of(nanos[3]),
                    Samples.ratio(nanos[3], nanos[1]),
                    Samples.ratio(nanos[3], nanos[2]));
        }
    }

    private static void requireForwarded(DirectorTrial director, long fed) throws IOException {
        long forwarded = director.counters().getOrDefault(DirectorCounter.FORWARDED, 0L);
        if (forwarded != fed) {
            throw new IOException(
                    "of "
                            + fed
                            + " frames the director forwarded "
                            + forwarded
                            + ": "
                            + director.counters());
        }
    }
}
