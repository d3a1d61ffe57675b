package dev.sluice.engine.tls;

import dev.sluice.cluster.config.Problem;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Reads the files of a section of the configuration, and says for each step that fails what was
 * tried on which file; never what is in it. Blocks: not for event loops.
 *
 * @param path of the section; empty outside of configurations
 */
record TlsFiles(String origin, String path, Consumer<Problem> problems) {
    private static final long MAX_BYTES = 4 << 20;
    private static final Set<PosixFilePermission> FOR_OTHERS =
            EnumSet.of(
                    PosixFilePermission.GROUP_READ,
                    PosixFilePermission.GROUP_WRITE,
                    PosixFilePermission.OTHERS_READ,
                    PosixFilePermission.OTHERS_WRITE);

    /** Null if a problem was reported. */
    byte @Nullable [] read(String key, Path file) {
        try {
            if (Files.size(file) > MAX_BYTES) {
                report(key, file + " is larger than 4 MiB", "");
                return null;
            }
            return Files.readAllBytes(file);
        } catch (IOException e) {
            report(key, "cannot read " + file + ": " + reason(e), "");
            return null;
        }
    }

    /** Null if a problem was reported, above all that others than the owner can read it. */
    byte @Nullable [] readPrivate(String key, Path file) {
        try {
            Set<PosixFilePermission> open = Files.getPosixFilePermissions(file);
            open.retainAll(FOR_OTHERS);
            if (open.isEmpty()) {
                return read(key, file);
            }
            report(key, file + " is open to other users than its owner", "chmod 600 " + file);
        } catch (IOException e) {
            report(key, "cannot read " + file + ": " + reason(e), "");
        }
        return null;
    }

    /** In the file's order; empty if a problem was reported. */
    List<X509Certificate> certificates(String key, Path file) {
        byte[] pem = read(key, file);
        if (pem == null) {
            return List.of();
        }
        try {
            List<X509Certificate> chain = Pem.chain(pem);
            if (chain.isEmpty()) {
                report(key, file + " holds no certificate", "it must be PEM");
            }
            return chain;
        } catch (GeneralSecurityException e) {
            report(key, file + " is not a certificate: " + reason(e), "");
            return List.of();
        }
    }

    void report(String key, String what, String hint) {
        problems.accept(
                Problem.general(origin, path.isEmpty() ? key : path + "." + key, what, hint));
    }

    private static String reason(Exception e) {
        return e instanceof NoSuchFileException
                ? "it does not exist"
                : e.getClass().getSimpleName();
    }
}
