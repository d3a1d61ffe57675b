package dev.sluice.launcher;

import dev.sluice.proxy.ProxyRole;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;

/** The proxy's role. */
@Command(
        name = "proxy",
        description = "Be a proxy.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = ProxyCommand.Run.class)
final class ProxyCommand {
    @Mixin HelpOption help = new HelpOption();

    /** Exactly one of its two files. */
    @Command(name = "run", description = "Run a proxy until it is told to stop.")
    static final class Run implements Callable<Integer> {
        @Mixin HelpOption help = new HelpOption();

        @ArgGroup(multiplicity = "1")
        File file = new File();

        /** What to run by. */
        static final class File {
            @Option(
                    names = "--config",
                    paramLabel = "FILE",
                    description =
                            "A proxy of a cluster: redirect, and the cluster's L7 configuration.")
            @Nullable Path config;

            @Option(
                    names = "--standalone",
                    paramLabel = "FILE",
                    description =
                            "An L7 configuration, served without ZooKeeper or redirect: for trials.")
            @Nullable Path standalone;
        }

        @Override
        public Integer call() throws InterruptedException {
            Path config = file.config;
            return config == null
                    ? ProxyRole.standalone(Objects.requireNonNull(file.standalone))
                    : ProxyRole.run(config);
        }
    }
}
