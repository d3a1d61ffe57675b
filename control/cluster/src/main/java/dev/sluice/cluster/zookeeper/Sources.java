package dev.sluice.cluster.zookeeper;

import dev.sluice.cluster.record.RecordProblem;
import dev.sluice.cluster.record.Source;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;

/**
 * Texts of configurations that are too long for one node, in several.
 *
 * <p>A text has one writer ever, which marks it by an ephemeral node until something names it; the
 * transaction that names it takes the mark away. So a text without a mark is named already, or its
 * writer is gone and nobody will ever name it.
 */
record Sources(Nodes nodes, Layout layout) {
    private static final String MARK = "writing";

    /** Blocks. A long one is there for others when this returns, and until it is swept. */
    Source write(String text) throws StoreException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length <= Source.MAX_WHOLE_BYTES) {
            return new Source.Whole(text);
        }
        Source.Parts parts = Source.Parts.of(UUID.randomUUID().toString(), bytes);
        nodes.ensure(layout.sources());
        if (!nodes.transaction()
                .create(folder(parts.id()), new byte[0])
                .createEphemeral(mark(parts))
                .commit()) {
            throw new StoreException("ZooKeeper refused to begin " + folder(parts.id()));
        }
        try {
            for (int i = 0; i < parts.count(); i++) {
                nodes.create(part(parts, i), parts.part(bytes, i));
            }
        } catch (StoreException e) {
            unmark(parts, e);
            throw e;
        }
        return parts;
    }

    /** So that it is swept, as nobody will name it. */
    private void unmark(Source.Parts parts, StoreException cause) {
        try {
            nodes.delete(mark(parts));
        } catch (StoreException e) {
            cause.addSuppressed(e);
        }
    }

    /** As part of the transaction that names it. */
    Transaction named(Source source, Transaction transaction) throws StoreException {
        return switch (source) {
            case Source.Whole _ -> transaction;
            case Source.Parts parts -> transaction.delete(mark(parts));
        };
    }

    /** Blocks. Whether the writer's session, and with it the mark, has held until now. */
    boolean isMarked(Source source) throws StoreException {
        return switch (source) {
            case Source.Whole _ -> true;
            case Source.Parts parts -> nodes.children(folder(parts.id())).contains(MARK);
        };
    }

    /** Blocks. The text, or why it cannot be had. */
    Seen<String> read(Source source) throws StoreException {
        return switch (source) {
            case Source.Whole(String text) -> new Seen.Value<>("", text, 0);
            case Source.Parts parts -> {
                List<byte[]> all = new ArrayList<>();
                for (int i = 0; i < parts.count(); i++) {
                    all.add(nodes.bytes(part(parts, i)).orElse(new byte[0]));
                }
                yield join(parts, all);
            }
        };
    }

    /** Of parts, each empty if its node is not there. */
    Seen<String> join(Source.Parts parts, List<byte[]> all) {
        return parts.join(all)
                .<Seen<String>>map(text -> new Seen.Value<>(parts.id(), text, 0))
                .orElseGet(() ->
                        new Seen.Corrupt<>(
                                parts.id(),
                                new NodeProblem(
                                        folder(parts.id()),
                                        new RecordProblem(
                                                "",
                                                "not what was written",
                                                parts.bytes()
                                                        + " bytes in "
                                                        + parts.count()
                                                        + " nodes, with SHA-256 "
                                                        + parts.sha256()))));
    }

    /** Blocks. Those whose writer is gone or has named them. */
    List<String> unmarked() throws StoreException {
        List<String> ids = new ArrayList<>();
        for (String id : nodes.children(layout.sources())) {
            if (!nodes.children(folder(id)).contains(MARK)) {
                ids.add(id);
            }
        }
        return ids;
    }

    /** Blocks. Whole ones only. */
    void delete(Collection<String> ids) throws StoreException {
        for (String id : ids) {
            Transaction all = nodes.transaction();
            for (String child : nodes.children(folder(id))) {
                all.delete(folder(id) + "/" + child);
            }
            all.delete(folder(id)).commit();
        }
    }

    String part(Source.Parts parts, int index) {
        return folder(parts.id()) + "/" + index;
    }

    private String folder(String id) {
        return layout.sources() + "/" + id;
    }

    private String mark(Source.Parts parts) {
        return folder(parts.id()) + "/" + MARK;
    }
}
