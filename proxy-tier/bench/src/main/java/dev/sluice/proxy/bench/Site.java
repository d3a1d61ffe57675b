package dev.sluice.proxy.bench;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where a proxy under test lives: all on loopback.
 *
 * @param folder of its own
 * @param origins ports of the servers behind it
 * @param balance how it is told in its own words to choose among them; empty for its default
 * @param certificate what it serves TLS with
 */
record Site(
        Path folder,
        int plain,
        int tls,
        List<Integer> origins,
        String balance,
        TestCertificate certificate) {
    Site {
        origins = List.copyOf(origins);
    }

    static Site in(Path folder, int origin, TestCertificate certificate) throws IOException {
        return in(folder, List.of(origin), "", certificate);
    }

    static Site in(Path folder, List<Integer> origins, String balance, TestCertificate certificate)
            throws IOException {
        Files.createDirectories(folder);
        return new Site(folder, freePort(), freePort(), origins, balance, certificate);
    }

    /** A line for each origin, made of its port. */
    String origins(String line) {
        return origins.stream().map(line::formatted).collect(joining());
    }

    Path file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** With all that is in it. */
    static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
