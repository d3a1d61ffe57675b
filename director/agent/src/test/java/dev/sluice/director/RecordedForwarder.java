package dev.sluice.director;

import dev.sluice.cluster.table.ForwardingTable;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A kernel that only remembers: outlives the processes that use it. */
final class RecordedForwarder implements Forwarder {
    final Map<String, ForwardingTable> tables = new ConcurrentHashMap<>();
    final List<Long> generations = new CopyOnWriteArrayList<>();
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
        generations.add(table.generation());
        tables.put(table.pool(), table);
    }

    long generation() {
        return installed().getOrDefault("web", 0L);
    }

    @Override
    public void close() {}
}
