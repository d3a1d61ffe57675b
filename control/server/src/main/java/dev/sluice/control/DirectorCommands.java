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
    private final Audit audit;
    private final InstantSource clock;

    DirectorCommands(Observer observer, MemberStore members, Audit audit, InstantSource clock) {
        this.observer = observer;
        this.members = members;
        this.audit = audit;
        this.clock = clock;
    }

    /** Nobody waits for the director any more: only for one that surely forwards nothing. */
    Answer<String> remove(String id, String actor) throws StoreException {
        if (members.readDirectorMember(id) instanceof Seen.Value<DirectorMember>) {
            return Answer.refused(
                    "director " + id + " is running",
                    "stop it and take its host off the network first");
        }
        if (!members.removeDirector(id)) {
            return Answer.unknown(
                    "there is no director '" + id + "'",
                    ChangeCommands.known(id, "directors", observer.view().directors().keySet()));
        }
        audit.record(
                new AuditEvent(
                        clock.millis(),
                        actor,
                        "director-remove",
                        id,
                        "nobody waits for its acknowledgements",
                        0));
        return new Answer.Done<>(id);
    }
}
