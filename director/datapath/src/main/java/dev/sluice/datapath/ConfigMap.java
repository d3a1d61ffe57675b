package dev.sluice.datapath;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.sluice.cluster.packet.Underlay;
import dev.sluice.datapath.bpf.BpfMap;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.function.Consumer;

/** {@code struct config} of table.h. */
final class ConfigMap {
    private static final long LAYOUT = 0;
    private static final long TRANSMIT = 4;
    private static final long ADDRESS4 = 8;
    private static final long ADDRESS6 = 12;
    private static final long SUM = 28;
    private static final long GATEWAY = 32;
    private static final long MTU = 40;
    private static final long STRAY_RATE = 44;
    private static final long FILTERING_UNTIL = 48;
    private static final long WATCHING = 56;
    private static final long CAPTURING = 60;
    private static final int LENGTH = 64;
    private static final int TRANSMIT_SENDER = 0;
    private static final int TRANSMIT_FIB = 1;
    private static final int TRANSMIT_GATEWAY = 2;

    /** Version and type of service, "do not fragment", TTL and UDP, as a program loads words. */
    private static final int CONSTANT_SUM = 0x0045 + 0x0040 + 0x1140;

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
            throw new IncompatibleLayoutException(directory, found, expected, program.wayOut());
        }
    }

    /** Whether a version before this one filled the maps. */
    boolean isOlder(Program program) {
        int found = layout();
        return found >>> 16 == program.layout() >>> 16 && found < program.layout();
    }

    private static String describe(int layout, int length) {
        return (layout >>> 16) + "." + (layout & 0xffff) + "/" + length;
    }

    private int layout() {
        try (Arena arena = Arena.ofConfined()) {
            return map.get(Keys.zero(arena), arena).orElseThrow().get(JAVA_INT, LAYOUT);
        }
    }

    /**
     * Who may send and which flows are watched stays as it is.
     *
     * @param strayRate packets a second; 0: no limit
     */
    void write(Program program, Underlay underlay, Transmit transmit, int strayRate) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment config = map.get(Keys.zero(arena), arena).orElseThrow();
            config.asSlice(0, FILTERING_UNTIL).fill((byte) 0);
            config.set(JAVA_INT, LAYOUT, program.layout());
            underlay.ipv4()
                    .ifPresent(address -> {
                        Addresses.put(config, ADDRESS4, address);
                        config.set(JAVA_INT, SUM, CONSTANT_SUM + Addresses.sum(address));
                    });
            underlay.ipv6().ifPresent(address -> Addresses.put(config, ADDRESS6, address));
            config.set(JAVA_INT, MTU, underlay.mtu());
            config.set(JAVA_INT, STRAY_RATE, strayRate);
            writeTransmit(config, transmit);
            map.put(Keys.zero(arena), config);
        }
    }

    private static void writeTransmit(MemorySegment config, Transmit transmit) {
        switch (transmit) {
            case Transmit.Gateway gateway -> {
                boolean isKnown = gateway.mac().isPresent();
                config.set(JAVA_INT, TRANSMIT, isKnown ? TRANSMIT_GATEWAY : TRANSMIT_SENDER);
                gateway.mac().ifPresent(mac -> config.set(JAVA_LONG, GATEWAY, mac.number()));
            }
            case Transmit.Fib() -> config.set(JAVA_INT, TRANSMIT, TRANSMIT_FIB);
        }
    }

    /** Tells the program whether looking for watched flows is worth it. */
    void writeWatching(int flows) {
        change(config -> config.set(JAVA_INT, WATCHING, flows));
    }

    /**
     * Tells the program whether somebody captures.
     *
     * @param process its number; 0: nobody
     */
    void writeCapturing(int process) {
        change(config -> config.set(JAVA_INT, CAPTURING, process));
    }

    /** The process that captures; 0: nobody. */
    int capturing() {
        try (Arena arena = Arena.ofConfined()) {
            return map.get(Keys.zero(arena), arena).orElseThrow().get(JAVA_INT, CAPTURING);
        }
    }

    /** The same, but for who captures and what is watched: nobody and nothing. */
    void copyFrom(ConfigMap other) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment config = other.map.get(Keys.zero(arena), arena).orElseThrow();
            config.set(JAVA_INT, WATCHING, 0);
            config.set(JAVA_INT, CAPTURING, 0);
            map.put(Keys.zero(arena), config);
        }
    }

    /**
     * Tells the program how long only known hosts may send.
     *
     * @param untilKtimeNs 0: no longer
     */
    void writeFilteringUntil(long untilKtimeNs) {
        change(config -> config.set(JAVA_LONG, FILTERING_UNTIL, untilKtimeNs));
    }

    private void change(Consumer<MemorySegment> change) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment config = map.get(Keys.zero(arena), arena).orElseThrow();
            change.accept(config);
            map.put(Keys.zero(arena), config);
        }
    }
}
