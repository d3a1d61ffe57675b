package dev.sluice.director;

import dev.sluice.cluster.table.ForwardingTable;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A kernel that only remembers: outlives the processes that use it. */
final class RecordedForwarder implements Forwarder {
    final Map<String, ForwardingTable> tables = new ConcurrentHashMap<>();
    volatile boolean broken;

    @Override
    public String name() {
        return "recorded";
    }

    @Override
    public Map<String, Long> installed() {
        Map<String, Long> generations = new ConcurrentHashMap<>();
        tables.forEach((pool, table) -> generations.put(pool, table.generation()));
        return generations;
    }

    @Override
    public void install(ForwardingTable table) throws IOException {
        if (broken) {
            throw new IOException("no such device");
        }
        tables.put(table.pool(), table);
    }

    long generation() {
        return installed().getOrDefault("web", 0L);
    }

    @Override
    public void close() {}
}
