package dev.sluice.cluster.zookeeper;

import dev.sluice.cluster.record.AuditEvent;
import dev.sluice.cluster.record.Codecs;

import java.util.ArrayList;
import java.util.List;

/** The audit log: the newest {@link #KEPT} events of the cluster. */
public final class EventLog {
    /** More than these are never listed, and deleted before long. */
    public static final int KEPT = 1000;

    /** Deleting in lots keeps the appends cheap. */
    private static final int LOT = 50;

    private static final String PREFIX = "/e";

    private final Nodes nodes;
    private final Layout layout;

    EventLog(Nodes nodes, Layout layout) {
        this.nodes = nodes;
        this.layout = layout;
    }

    /** Blocks. */
    public void append(AuditEvent event) throws StoreException {
        String path = nodes.createSequential(layout.events() + PREFIX, Codecs.EVENT.encode(event));
        long sequence = Long.parseLong(path.substring(path.lastIndexOf(PREFIX) + PREFIX.length()));
        if (sequence % LOT == 0) {
            prune();
        }
    }

    /**
     * Blocks. Oldest first. An unreadable event is left out.
     *
     * @param limit the newest so many
     */
    public List<AuditEvent> newest(int limit) throws StoreException {
        List<String> names = names();
        int first = Math.max(0, names.size() - Math.min(limit, KEPT));
        List<AuditEvent> events = new ArrayList<>();
        for (String name : names.subList(first, names.size())) {
            if (nodes.read(layout.events() + "/" + name, Codecs.EVENT)
                    instanceof Seen.Value<AuditEvent>(String n, AuditEvent event, int version)) {
                events.add(event);
            }
        }
        return events;
    }

    private void prune() throws StoreException {
        List<String> names = names();
        for (String name : names.subList(0, Math.max(0, names.size() - KEPT))) {
            nodes.delete(layout.events() + "/" + name);
        }
    }

    private List<String> names() throws StoreException {
        return nodes.children(layout.events()).stream().sorted().toList();
    }
}
