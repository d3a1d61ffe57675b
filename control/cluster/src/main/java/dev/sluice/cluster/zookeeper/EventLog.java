package dev.sluice.cluster.zookeeper;

import dev.sluice.cluster.record.AuditEvent;
import dev.sluice.cluster.record.Codecs;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** The audit log: the newest {@link #KEPT} events of the cluster. */
public final class EventLog {
    /** More than these are never listed, and deleted before long. */
    public static final int KEPT = 1000;

    /** Deleting in lots keeps the appends cheap; the first append of a process deletes. */
    private static final int LOT = 50;

    private static final String PREFIX = "/e";

    private final Nodes nodes;
    private final Layout layout;
    private final AtomicInteger appended = new AtomicInteger();

    EventLog(Nodes nodes, Layout layout) {
        this.nodes = nodes;
        this.layout = layout;
    }

    /**
     * An event and its place in the log.
     *
     * @param sequence grows with every event; gaps mean nothing
     */
    public record Logged(long sequence, AuditEvent event) {}

    /** Blocks. */
    public void append(AuditEvent event) throws StoreException {
        nodes.createSequential(layout.events() + PREFIX, Codecs.EVENT.encode(event));
        pruneSometimes();
    }

    /** Blocks. Commits writes together with the event that tells of them. */
    boolean commit(Transaction transaction, AuditEvent event) throws StoreException {
        nodes.ensure(layout.events());
        boolean written =
                transaction.append(layout.events() + PREFIX, Codecs.EVENT.encode(event)).commit();
        if (written) {
            pruneSometimes();
        }
        return written;
    }

    private void pruneSometimes() throws StoreException {
        if (appended.getAndIncrement() % LOT == 0) {
            prune();
        }
    }

    /**
     * Blocks. Oldest first. An unreadable event is left out.
     *
     * @param limit the newest so many
     */
    public List<Logged> newest(int limit) throws StoreException {
        List<String> names = names();
        int first = Math.max(0, names.size() - Math.min(limit, KEPT));
        return read(names.subList(first, names.size()));
    }

    /** Blocks. Oldest first: the events that came after one. */
    public List<Logged> after(long sequence) throws StoreException {
        return read(names().stream().filter(name -> sequence(name) > sequence).toList());
    }

    private List<Logged> read(List<String> names) throws StoreException {
        List<Logged> events = new ArrayList<>();
        for (String name : names) {
            if (nodes.read(layout.events() + "/" + name, Codecs.EVENT)
                    instanceof Seen.Value<AuditEvent>(String n, AuditEvent event, int version)) {
                events.add(new Logged(sequence(name), event));
            }
        }
        return events;
    }

    private static long sequence(String name) {
        return Long.parseLong(name.substring(PREFIX.length() - 1));
    }

    private void prune() throws StoreException {
        List<String> names = names();
        for (String name : names.subList(0, Math.max(0, names.size() - KEPT))) {
            nodes.delete(layout.events() + "/" + name);
        }
    }

    /** Those that we wrote; ZooKeeper numbers them with ten digits. */
    private List<String> names() throws StoreException {
        return nodes.children(layout.events()).stream()
                .filter(name -> name.matches("e[0-9]{10}"))
                .sorted()
                .toList();
    }
}
