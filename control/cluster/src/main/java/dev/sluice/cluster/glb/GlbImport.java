package dev.sluice.cluster.glb;

import dev.sluice.cluster.config.Scalars;
import dev.sluice.cluster.glb.GlbBackend.State;
import dev.sluice.cluster.hash.SipHash;
import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.pool.PoolSpec.HashField;
import dev.sluice.cluster.pool.PoolSpec.Wire;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * GLB's tables as the {@code pools} of a control process's file, and what such a pool cannot say. A
 * pool with {@code wire: glb} forwards as the table did.
 *
 * @param yaml the key {@code pools} with its value; keys of the tables are in it
 * @param notes sentences on what is not carried over, or means something else
 */
public record GlbImport(String yaml, List<String> notes) {
    public GlbImport {
        notes = List.copyOf(notes);
    }

    /**
     * @param fields what GLB's director configuration says; a table does not
     */
    public static GlbImport of(List<GlbTable> tables, Wire wire, Set<HashField> fields) {
        Writer writer = new Writer(wire, fields);
        for (int i = 0; i < tables.size(); i++) {
            writer.pool(tables.get(i), i);
        }
        return new GlbImport(writer.yaml.toString(), writer.notes);
    }

    /** One import under way. */
    private static final class Writer {
        private static final int LONGEST_NAME = 48;

        private final Wire wire;
        private final Set<HashField> fields;
        private final Set<String> names = new HashSet<>();
        private final Set<GlbBind> binds = new HashSet<>();
        private final StringBuilder yaml = new StringBuilder("pools:\n");
        private final List<String> notes = new ArrayList<>();

        Writer(Wire wire, Set<HashField> fields) {
            this.wire = wire;
            this.fields = fields;
        }

        void pool(GlbTable table, int index) {
            String name = name(table, index);
            List<String> destinations = destinations(table, name);
            if (destinations.isEmpty()) {
                note(name, "is left out: it has no bind that a pool can have");
                return;
            }
            line("  - name: " + name);
            line("    wire: " + Scalars.written(wire));
            line("    hashFields: [" + written(fields) + "]");
            line("    hashKey: \"" + hex(table.hashKey()) + "\"");
            line("    seed: \"" + hex(table.seed()) + "\"");
            line("    binds:");
            destinations.forEach(bind -> line("      - \"" + bind + "\""));
            line("    proxies:");
            proxies(table, name);
        }

        private List<String> destinations(GlbTable table, String pool) {
            List<String> destinations = new ArrayList<>();
            for (GlbBind bind : table.binds()) {
                if (bind.lastPort() == 0) {
                    note(pool, "bind " + bind.address() + ", port 0: no client can reach it");
                } else if (binds.add(bind)) {
                    destinations.add(bind.toPool().toString());
                } else {
                    note(pool, "bind " + bind.toPool() + " is there twice: the first one counts");
                }
            }
            return destinations;
        }

        private void proxies(GlbTable table, String pool) {
            boolean nobodyTakesFlows = table.backends().stream().noneMatch(Writer::takesFlows);
            if (nobodyTakesFlows) {
                note(
                        pool,
                        "all backends drain, so GLB treats them as active: they are active here");
            }
            Set<Address> addresses = new HashSet<>();
            for (GlbBackend backend : table.backends()) {
                if (addresses.add(backend.address())) {
                    proxy(backend, nobodyTakesFlows);
                    explain(backend, pool);
                } else {
                    note(pool, "backend " + backend.address() + " is there twice: it is one proxy");
                }
            }
            explain(table, pool);
        }

        private void proxy(GlbBackend backend, boolean nobodyTakesFlows) {
            String state =
                    switch (backend.state()) {
                        case ACTIVE, FILLING -> "";
                        case DRAINING -> nobodyTakesFlows ? "" : ", state: draining";
                        case INACTIVE -> ", state: drained";
                    };
            String address = backend.address().toString();
            line("      - {id: \"%s\", address: \"%s\"%s}".formatted(id(address), address, state));
        }

        private void explain(GlbBackend backend, String pool) {
            String name = "backend " + backend.address() + " ";
            if (backend.state() == State.FILLING) {
                note(pool, name + "is filling: it is active here, for it takes new flows");
            }
            if (!backend.healthy() && backend.state() != State.INACTIVE) {
                note(
                        pool,
                        name
                                + "is unhealthy: that is not carried over, directors probe proxies"
                                + " themselves");
            }
        }

        private void explain(GlbTable table, String pool) {
            if (any(table, b -> b.state() == State.FILLING) && any(table, GlbBackend::isBad)) {
                note(
                        pool,
                        "GLB leaves a draining or unhealthy backend first where the second one is"
                                + " filling; here the second comes first");
            }
            if (table.backends().stream().filter(b -> b.state() != State.INACTIVE).count() == 1) {
                note(pool, "has one backend: packets carry no second hop");
            }
        }

        private static boolean any(GlbTable table, Predicate<GlbBackend> condition) {
            return table.backends().stream()
                    .anyMatch(b -> b.state() != State.INACTIVE && condition.test(b));
        }

        private static boolean takesFlows(GlbBackend backend) {
            return backend.state() == State.ACTIVE || backend.state() == State.FILLING;
        }

        /** The table's name as far as it is one of ours, and unlike the others'. */
        private String name(GlbTable table, int index) {
            String name =
                    table.name()
                            .toLowerCase(Locale.ROOT)
                            .replaceAll("[^a-z0-9._-]", "-")
                            .replaceAll("^[^a-z0-9]+", "");
            name = name.substring(0, Math.min(name.length(), LONGEST_NAME));
            name = name.replaceAll("[^a-z0-9]+$", "");
            if (name.isEmpty() || !names.add(name)) {
                name = (name.isEmpty() ? "table" : name) + "-" + (index + 1);
                names.add(name);
            }
            if (!name.equals(table.name()) && !table.name().isEmpty()) {
                note(name, "is table " + (index + 1) + ", whose name no pool can have");
            }
            return name;
        }

        private static String id(String address) {
            return address.replace(':', '-');
        }

        private static String hex(SipHash.Key key) {
            return HexFormat.of().formatHex(key.bytes());
        }

        private static String written(Set<HashField> fields) {
            return fields.stream().sorted().map(Scalars::written).collect(Collectors.joining(", "));
        }

        private void note(String pool, String what) {
            notes.add("pool " + pool + ": " + what);
        }

        private void line(String text) {
            yaml.append(text).append('\n');
        }
    }
}
