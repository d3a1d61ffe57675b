package dev.sluice.control;

import dev.sluice.cluster.record.AuditEvent;
import dev.sluice.cluster.record.DirectorMember;
import dev.sluice.cluster.zookeeper.MemberStore;
import dev.sluice.cluster.zookeeper.Seen;
import dev.sluice.cluster.zookeeper.StoreException;

import java.time.InstantSource;

/** Removes directors that are off for good. Blocks; any thread. */
final class DirectorCommands {
    private final Observer observer;
    private final MemberStore members;
    private final InstantSource clock;

    DirectorCommands(Observer observer, MemberStore members, InstantSource clock) {
        this.observer = observer;
        this.members = members;
        this.clock = clock;
    }

    /** Nobody waits for the director any more: only for one that surely forwards nothing. */
    Answer<String> remove(String id, String actor) throws StoreException {
        if (members.readDirectorMember(id) instanceof Seen.Value<DirectorMember>) {
            return Answer.refused(
                    "director " + id + " is running",
                    "stop it and take its host off the network first");
        }
        AuditEvent event =
                new AuditEvent(
                        clock.millis(),
                        actor,
                        "director-remove",
                        id,
                        "nobody waits for its acknowledgements",
                        0);
        if (!members.removeDirector(id, event)) {
            return Answer.unknown(
                    "there is no director '" + id + "'",
                    Scope.known(id, "directors", observer.view().directors().keySet()));
        }
        Audit.logged(event);
        return new Answer.Done<>(id);
    }
}
