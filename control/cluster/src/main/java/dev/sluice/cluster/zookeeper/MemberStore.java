package dev.sluice.cluster.zookeeper;

import dev.sluice.cluster.record.AuditEvent;
import dev.sluice.cluster.record.Codecs;
import dev.sluice.cluster.record.DirectorMember;
import dev.sluice.cluster.record.DirectorRecord;
import dev.sluice.cluster.record.ProxyMember;

import org.apache.zookeeper.CreateMode;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Who is there: persistent records of directors, ephemeral ones of running processes. */
public final class MemberStore {
    private final WatchLoop loop;
    private final Nodes nodes;
    private final Layout layout;
    private final EventLog events;

    MemberStore(WatchLoop loop, Nodes nodes, Layout layout, EventLog events) {
        this.loop = loop;
        this.nodes = nodes;
        this.layout = layout;
        this.events = events;
    }

    public void watchDirectors(Consumer<Seen<DirectorRecord>> consumer) {
        loop.add(new ChildrenWatch<>(loop, layout.directors(), Codecs.DIRECTOR, consumer));
    }

    public void watchDirectorMembers(Consumer<Seen<DirectorMember>> consumer) {
        loop.add(
                new ChildrenWatch<>(
                        loop, layout.directorMembers(), Codecs.DIRECTOR_MEMBER, consumer));
    }

    public void watchProxyMembers(Consumer<Seen<ProxyMember>> consumer) {
        loop.add(new ChildrenWatch<>(loop, layout.proxyMembers(), Codecs.PROXY_MEMBER, consumer));
    }

    /** The director's own record, acknowledgements included; stays when the director goes. */
    public Published<DirectorRecord> publishDirector(String id) {
        return nodes.publish(layout.directors() + "/" + id, CreateMode.PERSISTENT, Codecs.DIRECTOR);
    }

    /** Gone soon after the director's session. */
    public Published<DirectorMember> publishDirectorMember(String id) {
        return nodes.publish(
                layout.directorMembers() + "/" + id, CreateMode.EPHEMERAL, Codecs.DIRECTOR_MEMBER);
    }

    /** Gone soon after the proxy's session. */
    public Published<ProxyMember> publishProxyMember(String id) {
        return nodes.publish(
                layout.proxyMembers() + "/" + id, CreateMode.EPHEMERAL, Codecs.PROXY_MEMBER);
    }

    /** Blocks: the record of every director there is, not older than what was read before. */
    public List<Seen<DirectorRecord>> readDirectors() throws StoreException {
        List<Seen<DirectorRecord>> records = new ArrayList<>();
        for (String id : nodes.children(layout.directors())) {
            records.add(readDirector(id));
        }
        return records;
    }

    /** Blocks: what an acknowledging director's own record says. */
    public Seen<DirectorRecord> readDirector(String id) throws StoreException {
        return nodes.read(layout.directors() + "/" + id, Codecs.DIRECTOR);
    }

    /** Blocks. {@link Seen.Gone}: the director's process has no session. */
    public Seen<DirectorMember> readDirectorMember(String id) throws StoreException {
        return nodes.read(layout.directorMembers() + "/" + id, Codecs.DIRECTOR_MEMBER);
    }

    /**
     * Blocks. Says on record that a director announces nothing, by compare-and-set: what it
     * acknowledged stays; one transaction with what the audit log says about it. A director without
     * a record is waited for by nobody, and gets none.
     *
     * @return false: the record is corrupt, or somebody else wrote it meanwhile
     */
    public boolean withdrawDirector(String id, AuditEvent event) throws StoreException {
        return switch (readDirector(id)) {
            case Seen.Gone<DirectorRecord> ignored -> true;
            case Seen.Corrupt<DirectorRecord> ignored -> false;
            case Seen.Value<DirectorRecord>(String name, DirectorRecord record, int version) ->
                    events.commit(
                            nodes.transaction()
                                    .set(
                                            layout.directors() + "/" + name,
                                            Codecs.DIRECTOR.encode(record.asWithdrawn()),
                                            version),
                            event);
        };
    }

    /** Blocks. As {@link #removeDirector(String, AuditEvent)}, without a word in the audit log. */
    public boolean removeDirector(String id) throws StoreException {
        return nodes.delete(layout.directors() + "/" + id);
    }

    /**
     * Blocks. An operator says that the director is off for good; one transaction with what the
     * audit log says about it. False: no such record.
     */
    public boolean removeDirector(String id, AuditEvent event) throws StoreException {
        return events.commit(nodes.transaction().delete(layout.directors() + "/" + id), event);
    }
}
