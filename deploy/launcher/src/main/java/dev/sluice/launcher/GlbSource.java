package dev.sluice.launcher;

import dev.sluice.cluster.config.Parsed;
import dev.sluice.cluster.glb.GlbConfig;
import dev.sluice.cluster.glb.GlbTable;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A file with GLB's forwarding tables. */
final class GlbSource {
    private GlbSource() {}

    /** Its tables; empty, after saying why, if it is not a valid file. */
    static Optional<List<GlbTable>> read(Path file, PrintWriter err) throws IOException {
        return switch (GlbConfig.parse(file.toString(), text(file))) {
            case Parsed.Valid<List<GlbTable>>(List<GlbTable> tables) -> Optional.of(tables);
            case Parsed.Invalid<List<GlbTable>> invalid -> {
                err.println(invalid.report());
                yield Optional.empty();
            }
        };
    }

    private static String text(Path file) throws IOException {
        try {
            return Files.readString(file);
        } catch (CharacterCodingException e) {
            throw new IOException(file + ": is not UTF-8", e);
        } catch (NoSuchFileException e) {
            throw new IOException(file + ": there is no such file", e);
        } catch (AccessDeniedException e) {
            throw new IOException(file + ": may not be read", e);
        }
    }
}
