package dev.sluice.launcher;

import dev.sluice.cluster.glb.GlbImport;
import dev.sluice.cluster.glb.GlbTable;
import dev.sluice.cluster.pool.PoolSpec.HashField;
import dev.sluice.cluster.pool.PoolSpec.Wire;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;

/** From a GLB table to a pool. */
@Command(
        name = "import",
        description = {
            "Print GLB's forwarding tables as pools, for the file of 'sluice control run'.",
            "What a pool cannot say is on standard error and in comments. The output holds the keys"
                    + " of the tables."
        },
        footer = {"", "Example: sluice glb import forwarding_table.json >> control.yaml"})
final class GlbImportCommand implements Callable<Integer> {
    @Mixin HelpOption help = new HelpOption();

    @Spec CommandSpec spec = CommandSpec.create();

    @Parameters(index = "0", paramLabel = "SRC.json", description = "GLB's JSON format.")
    Path source = Path.of("");

    @Option(
            names = "--wire",
            paramLabel = "FORMAT",
            converter = WireConverter.class,
            defaultValue = "glb",
            description = "glb (default): GLB's bytes exactly; sluice: with generations.")
    Wire wire = Wire.GLB;

    @Option(
            names = "--hash-fields",
            paramLabel = "LIST",
            split = ",",
            converter = HashFieldConverter.class,
            defaultValue = "src_addr",
            description =
                    "Those of GLB's director.conf, of src_addr,dst_addr,src_port,dst_port; default"
                            + " src_addr.")
    Set<HashField> hashFields = EnumSet.noneOf(HashField.class);

    @Override
    public Integer call() throws IOException {
        Optional<List<GlbTable>> tables = GlbSource.read(source, spec.commandLine().getErr());
        if (tables.isEmpty()) {
            return 1;
        }
        GlbImport imported = GlbImport.of(tables.get(), wire, hashFields);
        for (String note : imported.notes()) {
            spec.commandLine().getErr().println("note: " + note);
            spec.commandLine().getOut().println("# " + note);
        }
        spec.commandLine().getOut().print(imported.yaml());
        spec.commandLine().getOut().flush();
        return 0;
    }
}
