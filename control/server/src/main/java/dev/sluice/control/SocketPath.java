package dev.sluice.control;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Set;

/**
 * The file of a Unix socket that only its owner may use.
 *
 * <p>The socket is bound in a folder that nobody else may enter, gets its mode there, and is then
 * renamed: at no moment can another user connect.
 */
final class SocketPath implements AutoCloseable {
    /** {@code sun_path} of Linux, less its final zero. */
    static final int MAX_BYTES = 107;

    private static final Set<PosixFilePermission> OWNER_ONLY =
            PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> OWNER_ONLY_FOLDER =
            PosixFilePermissions.fromString("rwx------");

    private final Path path;
    private final Path folder;
    private @Nullable Object publishedKey;

    private SocketPath(Path path, Path folder) {
        this.path = path;
        this.folder = folder;
    }

    /** Makes the folders; refuses a path where somebody answers or where something else is. */
    static SocketPath prepare(Path socket) throws IOException {
        Path path = socket.toAbsolutePath().normalize();
        Path parent = Objects.requireNonNull(path.getParent(), "a socket needs a folder");
        Files.createDirectories(parent, PosixFilePermissions.asFileAttribute(OWNER_ONLY_FOLDER));
        refuseLiving(path);
        Path folder =
                Files.createTempDirectory(
                        parent, ".s", PosixFilePermissions.asFileAttribute(OWNER_ONLY_FOLDER));
        SocketPath prepared = new SocketPath(path, folder);
        int bytes = prepared.bindTo().toString().getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MAX_BYTES) {
            prepared.close();
            throw new IOException(
                    "the socket path "
                            + path
                            + " is too long by "
                            + (bytes - MAX_BYTES)
                            + " bytes; choose a shorter one");
        }
        return prepared;
    }

    /** Where to bind. */
    Path bindTo() {
        return folder.resolve("s");
    }

    /** After the bind: gives the socket its mode and its name. */
    void publish() throws IOException {
        Files.setPosixFilePermissions(bindTo(), OWNER_ONLY);
        publishedKey = attributes(bindTo()).fileKey();
        Files.move(bindTo(), path, StandardCopyOption.ATOMIC_MOVE);
        Files.delete(folder);
    }

    private static void refuseLiving(Path path) throws IOException {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        if (!attributes(path).isOther()) {
            throw new IOException(path + " exists and is no socket; remove it or name another");
        }
        if (answers(path)) {
            throw new IOException(
                    "another control process answers on " + path + "; stop it or name another");
        }
    }

    private static boolean answers(Path path) {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            return channel.connect(UnixDomainSocketAddress.of(path));
        } catch (IOException refused) {
            return false;
        }
    }

    private static BasicFileAttributes attributes(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }

    /** Removes the socket unless somebody else's is there by now. */
    @Override
    public void close() throws IOException {
        Files.deleteIfExists(bindTo());
        Files.deleteIfExists(folder);
        if (publishedKey != null
                && Files.exists(path, LinkOption.NOFOLLOW_LINKS)
                && publishedKey.equals(attributes(path).fileKey())) {
            Files.delete(path);
        }
    }
}
