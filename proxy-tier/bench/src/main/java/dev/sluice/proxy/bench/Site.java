package dev.sluice.proxy.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where a proxy under test lives: all on loopback.
 *
 * @param folder of its own
 * @param origin port of the server behind it
 * @param certificate what it serves TLS with
 */
record Site(Path folder, int plain, int tls, int origin, TestCertificate certificate) {

    static Site in(Path folder, int origin, TestCertificate certificate) throws IOException {
        Files.createDirectories(folder);
        return new Site(folder, freePort(), freePort(), origin, certificate);
    }

    Path file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
