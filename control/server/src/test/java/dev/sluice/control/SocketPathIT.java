package dev.sluice.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.stream.Stream;

class SocketPathIT {
    @TempDir Path folder;

    private static ServerSocketChannel bind(Path path) throws IOException {
        ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        return channel.bind(UnixDomainSocketAddress.of(path));
    }

    private static Path folderOf(Path path) {
        return Objects.requireNonNull(path.getParent());
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    @Test
    void isBoundWhereNobodyElseMayEnterAndPublishedWithItsMode() throws Exception {
        Path socket = folder.resolve("run/control.sock");
        try (SocketPath path = SocketPath.prepare(socket);
                ServerSocketChannel channel = bind(path.bindTo())) {
            assertThat(mode(folderOf(path.bindTo()))).isEqualTo("rwx------");
            assertThat(socket).doesNotExist();
            path.publish();
            assertThat(mode(socket)).isEqualTo("rw-------");
            assertThat(mode(folderOf(socket))).isEqualTo("rwx------");
            assertThat(channel.isOpen()).isTrue();
            assertThat(folderOf(path.bindTo())).doesNotExist();
        }
        try (Stream<Path> left = Files.list(folder.resolve("run"))) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void replacesAFileWhereNobodyAnswers() throws Exception {
        Path socket = folder.resolve("control.sock");
        bind(socket).close();
        assertThat(socket).exists();
        try (SocketPath path = SocketPath.prepare(socket);
                ServerSocketChannel channel = bind(path.bindTo())) {
            path.publish();
            assertThat(channel.isOpen()).isTrue();
            assertThat(mode(socket)).isEqualTo("rw-------");
        }
    }

    @Test
    void leavesASocketAloneWhereSomebodyAnswers() throws Exception {
        Path socket = folder.resolve("control.sock");
        try (ServerSocketChannel living = bind(socket)) {
            assertThatThrownBy(() -> SocketPath.prepare(socket))
                    .hasMessageContaining("another control process answers on " + socket);
            assertThat(living.isOpen()).isTrue();
            assertThat(socket).exists();
        }
    }

    @Test
    void leavesAFileAloneThatIsNoSocket() throws Exception {
        Path file = Files.writeString(folder.resolve("control.sock"), "precious");
        assertThatThrownBy(() -> SocketPath.prepare(file)).hasMessageContaining("is no socket");
        assertThat(file).hasContent("precious");
    }

    @Test
    void refusesAPathThatTheKernelWouldCut() {
        Path socket = folder.resolve("x".repeat(120)).resolve("control.sock");
        assertThatThrownBy(() -> SocketPath.prepare(socket)).hasMessageContaining("too long");
    }

    @Test
    void doesNotRemoveASuccessorsSocket() throws Exception {
        Path socket = folder.resolve("control.sock");
        SocketPath first = SocketPath.prepare(socket);
        bind(first.bindTo()).close();
        first.publish();
        try (SocketPath second = SocketPath.prepare(socket);
                ServerSocketChannel channel = bind(second.bindTo())) {
            second.publish();
            first.close();
            assertThat(socket).exists();
            assertThat(channel.isOpen()).isTrue();
        }
    }
}
