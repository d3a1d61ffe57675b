package dev.sluice.launcher;

import dev.sluice.cluster.l7.L7Config;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

import java.util.concurrent.Callable;

/** What may stand in an L7 configuration, for editors and pipelines; asks nobody. */
@Command(
        name = "schema",
        description = {
            "Print the JSON schema (draft 2020-12) of what 'apply' takes.",
            "Editors complete and check keys and values by it. It is drawn from the readers; what",
            "only they can tell (names that do not exist, keys that exclude each other) is found",
            "by 'validate'.",
        },
        footer = {"", "Example:", "  sluice config schema > l7.schema.json"})
final class ConfigSchemaCommand implements Callable<Integer> {
    @Mixin HelpOption help = new HelpOption();

    @Spec CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        spec.commandLine().getOut().print(L7Config.schema());
        spec.commandLine().getOut().flush();
        return 0;
    }
}
