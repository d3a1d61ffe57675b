package dev.sluice.lab.scenario;

import dev.sluice.lab.LabDirectory;
import dev.sluice.lab.LabException;
import dev.sluice.lab.LabSpec;
import dev.sluice.lab.Report;
import dev.sluice.lab.Topology;

import java.io.IOException;

/**
 * A busy hour: many pinned connections, two proxies filled and two drained at once, a director host
 * lost in the middle. By Sluice's rules nothing breaks; by others it is counted what does.
 */
public final class Rolling implements Scenario {
    private static final int UPSTREAMS = 2;

    private final RollingSpec spec;

    public Rolling(RollingSpec spec) {
        this.spec = spec;
    }

    @Override
    public LabSpec lab(LabDirectory directory) {
        return LabSpec.of(
                        directory.name(), Topology.of(spec.directors(), spec.proxies(), UPSTREAMS))
                .withWire(spec.discipline().wire());
    }

    @Override
    public Report run(Stage stage) throws IOException, LabException {
        return new RollingScript(spec, stage).run();
    }
}
