package dev.sluice.launcher;

import dev.sluice.cluster.config.HostPort;
import dev.sluice.cluster.l7.Zones;
import dev.sluice.proxy.ProxyRole;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.nio.file.Path;
import java.util.Objects;
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
            @Nullable Path config;

            @Option(
                    names = "--standalone",
                    paramLabel = "FILE",
                    description =
                            "An L7 configuration (a file, or a folder with its *.yaml), served without"
                                    + " ZooKeeper or redirect: for trials.")
            @Nullable Path standalone;
        }

        @Option(
                names = "--redirect-only",
                description =
                        "Serve nothing: another L7 server (HAProxy, nginx) listens on this host. The"
                                + " file names its addresses under 'server'.")
        boolean redirectOnly;

        @Option(
                names = "--metrics",
                paramLabel = "IP:PORT",
                converter = HostPortConverter.class,
                description =
                        "Answer Prometheus there; for --standalone, as a cluster's proxies say it in"
                                + " their file.")
        @Nullable HostPort metrics;

        @Option(
                names = "--zone",
                paramLabel = "NAME",
                description =
                        "Where this host is: requests stay with endpoints of that zone as long as it"
                                + " can take them; for --standalone, as above.")
        @Nullable String zone;

        @Spec CommandSpec spec = CommandSpec.create();

        @Override
        public Integer call() throws InterruptedException {
            Path config = file.config;
            if (config == null && redirectOnly) {
                throw new ParameterException(
                        spec.commandLine(), "--redirect-only goes with --config");
            }
            if (config != null && metrics != null) {
                throw new ParameterException(
                        spec.commandLine(), "--metrics goes with --standalone; see metrics.listen");
            }
            if (config != null && zone != null) {
                throw new ParameterException(
                        spec.commandLine(), "--zone goes with --standalone; see zone in the file");
            }
            if (config == null) {
                return ProxyRole.standalone(
                        Objects.requireNonNull(file.standalone),
                        Optional.ofNullable(metrics),
                        zone == null ? Zones.NONE : zone);
            }
            return redirectOnly ? ProxyRole.redirectOnly(config) : ProxyRole.run(config);
        }
    }
}
