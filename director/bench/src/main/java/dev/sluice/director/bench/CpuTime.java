package dev.sluice.director.bench;

import com.sun.management.OperatingSystemMXBean;

import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.ScalarResult;

import java.lang.management.ManagementFactory;
import java.util.Collection;
import java.util.List;

/**
 * Adds to each benchmark the CPU time that its process spent for an operation, in milliseconds:
 * what counts on a machine that is busy with something else. JMH's own time is the clock's. The
 * compiler and the collector are in it, so the first iterations are dearer.
 */
public final class CpuTime implements InternalProfiler {
    private static final double NANOS_PER_MILLISECOND = 1e6;
    private final OperatingSystemMXBean system =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    private long started;

    @Override
    public String getDescription() {
        return "CPU time of the process for an operation";
    }

    @Override
    public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {
        started = system.getProcessCpuTime();
    }

    @Override
    public Collection<? extends Result<?>> afterIteration(
            BenchmarkParams benchmark, IterationParams iteration, IterationResult result) {
        double spent = system.getProcessCpuTime() - started;
        long operations = result.getMetadata().getAllOps();
        return List.of(
                new ScalarResult(
                        "cpu",
                        spent / NANOS_PER_MILLISECOND / operations,
                        "ms/op",
                        AggregationPolicy.AVG));
    }
}
