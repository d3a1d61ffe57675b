package dev.sluice.datapath;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.sluice.cluster.pool.Address;
import dev.sluice.datapath.bpf.BpfMap;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/** {@code struct config} of table.h. */
final class ConfigMap {
    private static final long LAYOUT = 0;
    private static final long TRANSMIT = 4;
    private static final long ADDRESS = 8;
    private static final long GATEWAY = 12;
    private static final long WATCHING = 18;
    private static final int LENGTH = 20;
    private static final int TRANSMIT_GATEWAY = 0;
    private static final int TRANSMIT_FIB = 1;

    private final BpfMap map;

    ConfigMap(BpfMap map) {
        this.map = map;
    }

    /**
     * @throws IncompatibleLayoutException if another version filled the maps
     */
    void requireLayout(Program program, Path directory) {
        String expected = describe(program.layout(), LENGTH);
        String found = describe(layout(), map.valueSize());
        if (!found.equals(expected)) {
            throw new IncompatibleLayoutException(directory, found, expected);
        }
    }

    private static String describe(int layout, int length) {
        return (layout >>> 16) + "." + (layout & 0xffff) + "/" + length;
    }

    private int layout() {
        try (Arena arena = Arena.ofConfined()) {
            return map.get(Keys.zero(arena), arena).orElseThrow().get(JAVA_INT, LAYOUT);
        }
    }

    void write(Program program, Address address, Transmit transmit, int watching) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment config = arena.allocate(LENGTH, 8);
            config.set(JAVA_INT, LAYOUT, program.layout());
            Ipv4.put(config, ADDRESS, address);
            switch (transmit) {
                case Transmit.Gateway gateway -> writeGateway(config, gateway);
                case Transmit.Fib() -> config.set(JAVA_INT, TRANSMIT, TRANSMIT_FIB);
            }
            config.set(JAVA_SHORT, WATCHING, (short) watching);
            map.put(Keys.zero(arena), config);
        }
    }

    private static void writeGateway(MemorySegment config, Transmit.Gateway gateway) {
        config.set(JAVA_INT, TRANSMIT, TRANSMIT_GATEWAY);
        gateway.mac()
                .ifPresent(mac ->
                        MemorySegment.copy(
                                mac.bytes(), 0, config, JAVA_BYTE, GATEWAY, MacAddress.LENGTH));
    }

    /** Tells the program whether looking for watched flows is worth it. */
    void writeWatching(int flows) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment config = map.get(Keys.zero(arena), arena).orElseThrow();
            config.set(JAVA_SHORT, WATCHING, (short) flows);
            map.put(Keys.zero(arena), config);
        }
    }
}
