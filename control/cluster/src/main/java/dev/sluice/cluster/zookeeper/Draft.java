package dev.sluice.cluster.zookeeper;

import dev.sluice.cluster.record.ConfigRevision;
import dev.sluice.cluster.record.Source;
import dev.sluice.cluster.record.StoredRevision;

/**
 * The text of a configuration that is no revision yet: proxies can read it already, to try it.
 * Thrown away by {@link #close} if it has become none; of a process that dies before, by the next
 * {@link ConfigStore#prune} of any.
 */
public final class Draft implements AutoCloseable {
    private final ConfigStore store;
    private final String text;
    private final Source source;
    private boolean kept;

    Draft(ConfigStore store, String text, Source source) {
        this.store = store;
        this.text = text;
        this.source = source;
    }

    public Source source() {
        return source;
    }

    /** Blocks. Makes it a revision, under the next free number. */
    public ConfigRevision keep(String origin, String appliedBy, long nowUnixMs)
            throws StoreException {
        StoredRevision stored = store.add(source, origin, appliedBy, nowUnixMs);
        kept = true;
        return stored.with(text);
    }

    /** Blocks. */
    @Override
    public void close() throws StoreException {
        if (!kept) {
            store.discard(source);
        }
    }
}
