package dev.sluice.datapath;

import dev.sluice.cluster.packet.Underlay;
import dev.sluice.cluster.table.ForwardingTable;
import dev.sluice.datapath.bpf.BpfFs;
import dev.sluice.datapath.bpf.BpfObject;
import dev.sluice.datapath.bpf.BpfProgram;
import dev.sluice.datapath.bpf.DatapathException;
import dev.sluice.datapath.bpf.EgressFilter;
import dev.sluice.datapath.bpf.Libc;
import dev.sluice.datapath.bpf.XdpLink;
import dev.sluice.datapath.bpf.XdpMode;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/**
 * A program attached to a device, with link and maps pinned in a folder: they outlive this object
 * and its process, and the next one takes them over without a packet being lost.
 */
final class PinnedProgram {
    /** For the process before to end, and for whoever looks whether one is there. */
    private static final Duration TAKEOVER_PATIENCE = Duration.ofSeconds(2);

    private static final String CLAMP_MSS = "clamp_mss";

    private final Program program;
    private final Path directory;
    private final String device;
    private final XdpMode mode;
    private final int strayRate;
    private final boolean clampsMss;

    /**
     * @param strayRate of the redirect; else 0
     * @param clampsMss of the redirect: what leaves the device is looked at, too
     */
    PinnedProgram(
            Program program,
            Path directory,
            String device,
            XdpMode mode,
            int strayRate,
            boolean clampsMss) {
        this.program = program;
        this.directory = directory;
        this.device = device;
        this.mode = mode;
        this.strayRate = strayRate;
        this.clampsMss = clampsMss;
    }

    /** Ends what is pinned in a folder, and removes it; nothing happens if there is none. */
    static void end(Program program, Path directory) {
        detach(program, directory);
        BpfFs.removeDirectory(directory);
    }

    private static void detach(Program program, Path directory) {
        Path link = DatapathMaps.linkPin(directory);
        if (Files.exists(link)) {
            try (XdpLink attached = XdpLink.openPinned(link)) {
                if (program == Program.REDIRECT && attached.deviceIndex() != 0) {
                    EgressFilter.detach(attached.deviceIndex());
                }
                attached.detach();
            }
        }
    }

    /** Leaves the folder itself, which is locked. */
    private void clear() {
        detach(program, directory);
        BpfFs.clear(directory);
    }

    /**
     * Keeps every other process away from the pins.
     *
     * @throws DatapathException if one is there and stays
     */
    static DirectoryLock lock(Path directory) {
        BpfFs.createDirectory(directory);
        return DirectoryLock.acquire(directory, TAKEOVER_PATIENCE);
    }

    /**
     * Attaches, or replaces the program of the process before. Under {@link #lock}.
     *
     * @param known the tables to go on with where that was an older version; empty: refused then
     */
    DatapathMaps open(Underlay underlay, Transmit transmit, Supplier<List<ForwardingTable>> known) {
        if (transmit instanceof Transmit.Fib) {
            requireForwarding();
        }
        try (BpfObject object = BpfObject.open(Program.class, program.resource())) {
            if (!DatapathMaps.arePinned(directory)) {
                return start(object, underlay, transmit);
            }
            List<ForwardingTable> tables =
                    DatapathMaps.areOlder(program, directory) ? known.get() : List.of();
            return tables.isEmpty()
                    ? takeOver(object, underlay, transmit)
                    : upgrade(object, underlay, transmit, tables);
        }
    }

    /**
     * Maps of another layout cannot be taken over: new ones are filled beside, and the program that
     * goes with them replaces the attached one in one step. A process that dies on the way leaves
     * either program at work and the older pins, so that the next one does the same again.
     */
    private DatapathMaps upgrade(
            BpfObject object, Underlay underlay, Transmit transmit, List<ForwardingTable> known) {
        object.load();
        DatapathMaps maps = DatapathMaps.of(program, object);
        try {
            writeConfig(maps, underlay, transmit);
            PoolTables tables = new PoolTables(maps);
            known.forEach(tables::install);
            replace(object.program(program.function()));
            filterEgress(object);
            DatapathMaps.unpin(directory);
            maps.pin(directory);
            return maps;
        } catch (RuntimeException e) {
            maps.close();
            throw e;
        }
    }

    private DatapathMaps start(BpfObject object, Underlay underlay, Transmit transmit) {
        // What a start that did not get to its end left behind.
        clear();
        object.load();
        DatapathMaps maps = DatapathMaps.of(program, object);
        try {
            writeConfig(maps, underlay, transmit);
            maps.pin(directory);
            attach(object.program(program.function()));
            filterEgress(object);
            return maps;
        } catch (RuntimeException e) {
            maps.close();
            end(program, directory);
            throw e;
        }
    }

    private DatapathMaps takeOver(BpfObject object, Underlay underlay, Transmit transmit) {
        DatapathMaps.requireLayout(program, directory);
        DatapathMaps maps = DatapathMaps.openPinned(program, directory);
        try {
            maps.reuseIn(object);
            object.load();
            writeConfig(maps, underlay, transmit);
            replace(object.program(program.function()));
            filterEgress(object);
            return maps;
        } catch (RuntimeException e) {
            maps.close();
            throw e;
        }
    }

    private void writeConfig(DatapathMaps maps, Underlay underlay, Transmit transmit) {
        ConfigMap config = new ConfigMap(maps.get(DatapathMaps.CONFIG));
        config.write(program, underlay, transmit, strayRate);
    }

    private void replace(BpfProgram replacement) {
        Path pin = DatapathMaps.linkPin(directory);
        if (!Files.exists(pin)) {
            attach(replacement);
            return;
        }
        try (XdpLink link = XdpLink.openPinned(pin)) {
            int attachedTo = link.deviceIndex();
            if (attachedTo == Libc.deviceIndex(device)) {
                link.update(replacement);
                return;
            }
            if (attachedTo != 0) {
                throw new DatapathException(
                        "the pins in "
                                + directory
                                + " are attached to the device with index "
                                + attachedTo
                                + ", which is not "
                                + device);
            }
        }
        // The device was deleted and made again: the link has nothing left to hold.
        BpfFs.remove(pin);
        attach(replacement);
    }

    private void attach(BpfProgram attached) {
        try (XdpLink link = XdpLink.attach(attached, device, mode)) {
            link.pin(DatapathMaps.linkPin(directory));
        }
    }

    private void filterEgress(BpfObject object) {
        if (clampsMss) {
            EgressFilter.attach(object.program(CLAMP_MSS), device);
        } else if (program == Program.REDIRECT) {
            EgressFilter.detach(Libc.deviceIndex(device));
        }
    }

    private void requireForwarding() {
        Path setting = Path.of("/proc/sys/net/ipv4/conf", device, "forwarding");
        try {
            if (Files.readString(setting).strip().equals("0")) {
                throw new DatapathException(
                        "sending by the kernel's routes needs net.ipv4.conf."
                                + device
                                + ".forwarding=1, and it is 0");
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + setting, e);
        }
    }
}
