package dev.sluice.launcher;

import dev.sluice.cluster.glb.GlbBinary;
import dev.sluice.cluster.glb.GlbTable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/** GLB's own table compiler, for its directors. */
@Command(
        name = "build-config",
        description = {
            "Compile a GLB forwarding table, as 'glb-director-cli build-config' does: the same file,"
                    + " byte for byte.",
            "The file appears whole or not at all; one that was there is replaced."
        },
        footer = {
            "",
            "Example: sluice glb build-config forwarding_table.json forwarding_table.bin"
        })
final class GlbBuildConfigCommand implements Callable<Integer> {
    @Mixin HelpOption help = new HelpOption();

    @Spec CommandSpec spec = CommandSpec.create();

    @Parameters(index = "0", paramLabel = "SRC.json", description = "GLB's JSON format.")
    Path source = Path.of("");

    @Parameters(
            index = "1",
            paramLabel = "DST.bin",
            description = "GLB's binary format, version 2.")
    Path destination = Path.of("");

    @Override
    public Integer call() throws IOException {
        Optional<List<GlbTable>> tables = GlbSource.read(source, spec.commandLine().getErr());
        if (tables.isEmpty()) {
            return 1;
        }
        Path file = destination.toAbsolutePath();
        Path directory = file.getParent();
        if (directory == null || !Files.isDirectory(directory) || Files.isDirectory(file)) {
            throw new IOException(destination + ": is not a file in a folder that exists");
        }
        write(tables.get(), directory, file);
        return 0;
    }

    /** Beside it first, so that a director never reads half a table. */
    private static void write(List<GlbTable> tables, Path directory, Path file) throws IOException {
        Path next = Files.createTempFile(directory, ".glb-table-", "");
        try {
            try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(next))) {
                GlbBinary.write(tables, out);
            }
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(next);
        }
    }
}
