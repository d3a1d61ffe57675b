package dev.sluice.engine.discovery;

import dev.sluice.cluster.config.HostPort;
import dev.sluice.cluster.pool.Address;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The servers that a host asks (resolv.conf(5)); read anew for each look, as it may change. */
final class NameServers {
    private static final Path FILE = Path.of("/etc/resolv.conf");
    private static final int PORT = 53;

    private NameServers() {}

    static List<HostPort> ofHost() throws DnsException {
        try {
            List<HostPort> servers = parse(Files.readAllLines(FILE));
            if (servers.isEmpty()) {
                throw new DnsException(FILE + " names no server; add servers to dns");
            }
            return servers;
        } catch (IOException e) {
            throw new DnsException("cannot read " + FILE + ": " + e.getMessage());
        }
    }

    /** Lines that say anything else, or name no address, are passed over. */
    static List<HostPort> parse(List<String> lines) {
        List<HostPort> servers = new ArrayList<>();
        for (String line : lines) {
            String[] words = line.strip().split("\\s+", -1);
            // One with a % is of one link only.
            if (words.length > 1 && words[0].equals("nameserver") && !words[1].contains("%")) {
                try {
                    servers.add(new HostPort(Address.parse(words[1]), PORT));
                } catch (IllegalArgumentException ignored) {
                    // The host's own resolver passes it over, too.
                }
            }
        }
        return servers;
    }
}
