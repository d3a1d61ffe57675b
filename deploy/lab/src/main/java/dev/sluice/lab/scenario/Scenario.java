package dev.sluice.lab.scenario;

import dev.sluice.lab.Cluster;
import dev.sluice.lab.LabDirectory;
import dev.sluice.lab.LabException;
import dev.sluice.lab.LabSpec;
import dev.sluice.lab.Operator;
import dev.sluice.lab.Progress;
import dev.sluice.lab.Report;

import java.io.IOException;

/** Traffic, faults and changes in some order, and what must hold. Used by one thread. */
public interface Scenario {
    /** The lab that it needs: all its hosts at work, no change open. */
    LabSpec lab(LabDirectory directory);

    /** Leaves the cluster as it ends up. */
    Report run(Stage stage) throws IOException, LabException;

    /**
     * Where it is played.
     *
     * @param operator what an operator can ask of the control plane
     */
    record Stage(Cluster cluster, Operator operator, Progress progress) {}
}
