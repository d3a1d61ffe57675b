package dev.sluice.lab;

import dev.sluice.lab.process.ProcessId;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.Properties;

/**
 * What a lab writes down about itself, for later launchers.
 *
 * @param launcher who is bringing it up, or holds it in the foreground; empty once it stands alone
 */
record LabRecord(Topology topology, boolean ready, Optional<ProcessId> launcher) {

    void write(LabDirectory directory) throws IOException {
        Properties properties = new Properties();
        properties.setProperty("zookeepers", Integer.toString(topology.zookeepers()));
        properties.setProperty("controls", Integer.toString(topology.controls()));
        properties.setProperty("directors", Integer.toString(topology.directors()));
        properties.setProperty("proxies", Integer.toString(topology.proxies()));
        properties.setProperty("upstreams", Integer.toString(topology.upstreams()));
        properties.setProperty("ready", Boolean.toString(ready));
        launcher.ifPresent(id -> properties.setProperty("launcher", id.toString()));
        Path next = directory.root().resolve("lab.properties.next");
        try (Writer out = Files.newBufferedWriter(next)) {
            properties.store(out, null);
        }
        Files.move(next, directory.record(), StandardCopyOption.ATOMIC_MOVE);
    }

    /** Empty if there is none, or a crash left half of one. */
    static Optional<LabRecord> read(LabDirectory directory) throws IOException {
        if (!Files.exists(directory.record())) {
            return Optional.empty();
        }
        Properties properties = new Properties();
        try (Reader in = Files.newBufferedReader(directory.record())) {
            properties.load(in);
            return Optional.of(parse(properties));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static LabRecord parse(Properties properties) {
        Topology topology =
                new Topology(
                        number(properties, "zookeepers"),
                        number(properties, "controls"),
                        number(properties, "directors"),
                        number(properties, "proxies"),
                        number(properties, "upstreams"));
        return new LabRecord(
                topology,
                Boolean.parseBoolean(properties.getProperty("ready")),
                Optional.ofNullable(properties.getProperty("launcher")).map(ProcessId::parse));
    }

    private static int number(Properties properties, String key) {
        return Integer.parseInt(properties.getProperty(key, ""));
    }

    boolean launcherIsAlive() {
        return launcher.filter(ProcessId::isAlive).isPresent();
    }
}
