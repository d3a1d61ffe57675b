package dev.sluice.proxy;

import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.table.FlowKey;
import dev.sluice.cluster.table.ForwardingTable;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A kernel that only remembers: outlives the processes that use it. */
final class RecordedRedirect implements Redirect {
    final Map<String, ForwardingTable> tables = new ConcurrentHashMap<>();
    volatile Collection<FlowKey> sockets = List.of();
    volatile long confirmedUntilNanos;
    volatile boolean resets = true;
    volatile Set<Address> senders = Set.of();

    @Override
    public Map<String, Long> installed() {
        Map<String, Long> generations = new ConcurrentHashMap<>();
        tables.forEach((pool, table) -> generations.put(pool, table.generation()));
        return generations;
    }

    @Override
    public void install(ForwardingTable table) {
        tables.put(table.pool(), table);
    }

    @Override
    public void confirm(long untilNanos) {
        confirmedUntilNanos = untilNanos;
    }

    @Override
    public void allowSenders(Set<Address> allowed) {
        senders = allowed;
    }

    @Override
    public Collection<FlowKey> flows() {
        return sockets;
    }

    @Override
    public int reset(Collection<FlowKey> flows) throws IOException {
        if (!resets) {
            throw new IOException("this kernel cannot");
        }
        sockets = sockets.stream().filter(s -> !flows.contains(s)).toList();
        return flows.size();
    }

    @Override
    public boolean cookiesSentLately() {
        return false;
    }

    @Override
    public void close() {}
}
