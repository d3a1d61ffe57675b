package dev.sluice.lab.scenario;

import dev.sluice.lab.LabException;

import java.io.IOException;

/** What is done to a cluster while traffic flows. */
@FunctionalInterface
public interface Script {
    /** Every fault it begins is healed when it returns. */
    void play(Play play) throws IOException, LabException;
}
