package dev.sluice.datapath;

import dev.sluice.datapath.bpf.BpfFs;
import dev.sluice.datapath.bpf.BpfMap;
import dev.sluice.datapath.bpf.BpfObject;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The maps of one program under their C names. Owned by one thread. */
final class DatapathMaps implements AutoCloseable {
    static final String CONFIG = "config";
    static final String LEASES = "leases";
    private static final String LINK = "link";
    private static final String NEXT_CONFIG = "config-next"; // no dots on this file system

    private final Map<String, BpfMap> byName;

    private DatapathMaps(Map<String, BpfMap> byName) {
        this.byName = byName;
    }

    static DatapathMaps of(Program program, BpfObject object) {
        return open(program, object::map);
    }

    static DatapathMaps openPinned(Program program, Path directory) {
        return open(program, name -> BpfMap.openPinned(name, directory.resolve(name)));
    }

    private static DatapathMaps open(Program program, Function<String, BpfMap> opener) {
        DatapathMaps maps = new DatapathMaps(new LinkedHashMap<>());
        try {
            for (String name : program.maps()) {
                maps.byName.put(name, opener.apply(name));
            }
            return maps;
        } catch (RuntimeException e) {
            maps.close();
            throw e;
        }
    }

    static boolean arePinned(Path directory) {
        return Files.exists(directory.resolve(CONFIG));
    }

    /**
     * @throws IncompatibleLayoutException if another version made the pins
     */
    static void requireLayout(Program program, Path directory) {
        try (BpfMap config = BpfMap.openPinned(CONFIG, directory.resolve(CONFIG))) {
            new ConfigMap(config).requireLayout(program, directory);
        }
    }

    /** Whether a version before this one made the pins. */
    static boolean areOlder(Program program, Path directory) {
        try (BpfMap config = BpfMap.openPinned(CONFIG, directory.resolve(CONFIG))) {
            return new ConfigMap(config).isOlder(program);
        }
    }

    static Path linkPin(Path directory) {
        return directory.resolve(LINK);
    }

    BpfMap get(String name) {
        BpfMap map = byName.get(name);
        if (map == null) {
            throw new IllegalArgumentException("no map " + name);
        }
        return map;
    }

    void reuseIn(BpfObject object) {
        byName.forEach(object::reuse);
    }

    /** The configuration last, in place of any other: where it is, all others are. */
    void pin(Path directory) {
        byName.forEach((name, map) -> {
            if (!name.equals(CONFIG)) {
                map.pin(directory.resolve(name));
            }
        });
        Path beside = directory.resolve(NEXT_CONFIG);
        get(CONFIG).pin(beside);
        BpfFs.rename(beside, directory.resolve(CONFIG));
    }

    /** Whatever has a pin there but the link and the configuration, which says whose they were. */
    static void unpin(Path directory) {
        List<Path> kept = List.of(linkPin(directory), directory.resolve(CONFIG));
        BpfFs.clear(directory, pin -> !kept.contains(pin));
    }

    @Override
    public void close() {
        byName.values().forEach(BpfMap::close);
    }
}
