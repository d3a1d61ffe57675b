package dev.sluice.datapath;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.sluice.cluster.pool.Bind;
import dev.sluice.datapath.bpf.BpfMap;
import dev.sluice.datapath.bpf.DatapathException;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which pool a packet belongs to, by destination. Keeps a copy of the kernel's map, which only this
 * object's owner changes.
 */
final class BindMap {
    static final int MAX_BINDS = 16_384;

    private final BpfMap map;
    private Map<BindKey, Integer> current;

    BindMap(BpfMap map) {
        this.map = map;
        this.current = read();
    }

    private Map<BindKey, Integer> read() {
        try (Arena arena = Arena.ofConfined()) {
            Map<BindKey, Integer> binds = new HashMap<>();
            for (MemorySegment key : map.keys(arena)) {
                map.get(key, arena)
                        .ifPresent(v -> binds.put(BindKey.read(key), v.get(JAVA_INT, 0)));
            }
            return binds;
        }
    }

    /**
     * All binds as they would be if a pool had exactly these.
     *
     * @throws IllegalArgumentException if another pool has one of them, or they are too many
     */
    Map<BindKey, Integer> planned(int slot, List<Bind> binds) {
        Map<BindKey, Integer> planned = new HashMap<>(current);
        planned.entrySet().removeIf(e -> e.getKey().isIcmp() || e.getValue() == slot);
        for (Bind bind : binds) {
            Integer taken = planned.put(BindKey.of(bind), slot);
            if (taken != null && taken != slot) {
                throw new IllegalArgumentException("bind " + bind + " belongs to another pool");
            }
        }
        Map<BindKey, Integer> icmp = new HashMap<>();
        planned.forEach((key, pool) -> icmp.merge(key.icmp(), pool, Math::min));
        planned.putAll(icmp);
        if (planned.size() > MAX_BINDS) {
            throw new IllegalArgumentException(
                    planned.size() + " binds: the datapath has room for " + MAX_BINDS);
        }
        return planned;
    }

    /** Makes the kernel's map so; if that fails, as it was before. */
    void apply(Map<BindKey, Integer> planned) {
        Map<BindKey, Integer> before = current;
        try {
            write(planned);
        } catch (DatapathException e) {
            current = read();
            write(before);
            throw e;
        }
    }

    /** New ones first, so that a packet never meets less than it has to. */
    private void write(Map<BindKey, Integer> planned) {
        try (Arena arena = Arena.ofConfined()) {
            planned.forEach((key, slot) -> {
                if (!slot.equals(current.get(key))) {
                    map.put(key.write(arena), arena.allocateFrom(JAVA_INT, slot));
                }
            });
            current.keySet().stream()
                    .filter(key -> !planned.containsKey(key))
                    .forEach(key -> map.remove(key.write(arena)));
        }
        current = Map.copyOf(planned);
    }
}
