package dev.sluice.proxy;

import dev.sluice.cluster.node.AnswerDesk;
import dev.sluice.cluster.record.ConfigTrial;
import dev.sluice.cluster.record.TrialResult;

import java.util.List;

/** Says whether this proxy would serve a configuration. */
record TrialClerk(Configuration configuration)
        implements AnswerDesk.Clerk<ConfigTrial, TrialResult> {
    @Override
    public TrialResult answer(ConfigTrial trial) {
        return configuration.attempt(trial);
    }

    @Override
    public TrialResult unreadable(String problem) {
        return new TrialResult(List.of("cannot read the trial: " + problem));
    }
}
