package dev.sluice.proxy;

import dev.sluice.cluster.node.AnswerDesk;
import dev.sluice.cluster.record.ConfigTrial;
import dev.sluice.cluster.record.TrialResult;
import dev.sluice.cluster.zookeeper.ConfigStore;
import dev.sluice.cluster.zookeeper.Seen;
import dev.sluice.cluster.zookeeper.StoreException;

import java.util.List;

/** Says whether this proxy would serve a configuration. */
record TrialClerk(ConfigStore store, Configuration configuration)
        implements AnswerDesk.Clerk<ConfigTrial, TrialResult> {
    @Override
    public TrialResult answer(ConfigTrial trial) {
        try {
            return switch (store.text(trial.source())) {
                case Seen.Value<String> text -> configuration.attempt(trial.origin(), text.value());
                case Seen.Corrupt<String> corrupt -> unreadable(corrupt.problem().toString());
                case Seen.Gone<String> _ -> unreadable("it is gone");
            };
        } catch (StoreException e) {
            return unreadable(String.valueOf(e.getMessage()));
        }
    }

    @Override
    public TrialResult unreadable(String problem) {
        return new TrialResult(List.of("cannot read the trial: " + problem));
    }
}
