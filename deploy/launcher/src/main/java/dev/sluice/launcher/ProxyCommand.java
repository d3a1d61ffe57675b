package dev.sluice.launcher;

import dev.sluice.proxy.ProxyRole;

import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.util.Optional;
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
            Optional<Path> config = Optional.empty();

            @Option(
                    names = "--standalone",
                    paramLabel = "FILE",
                    description =
                            "An L7 configuration, served without ZooKeeper or redirect: for trials.")
            Optional<Path> standalone = Optional.empty();
        }

        @Override
        public Integer call() throws InterruptedException {
            return file.config.isPresent()
                    ? ProxyRole.run(file.config.get())
                    : ProxyRole.standalone(file.standalone.orElseThrow());
        }
    }
}
