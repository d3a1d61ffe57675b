package dev.sluice.launcher;

import dev.sluice.cluster.config.AddressBlock;
import dev.sluice.cluster.packet.DirectorCounter;
import dev.sluice.cluster.pool.Bind.Protocol;
import dev.sluice.datapath.CaptureFilter;
import dev.sluice.director.DirectorRole;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;

/** Packets of this host's director with its verdicts, as a pcapng file. */
@Command(
        name = "capture",
        description = {
            "Write packets that this director met, with what it did to each, as pcapng: the verdict,"
                    + " pool, bind, generation, hash, row and chain are the packet's comment"
                    + " (tshark: frame.comment).",
            "Forwarded packets are written as the client sent them, or with --outer as they left.",
            "The program takes at most --rate packets a second on each CPU, counts what it misses,"
                    + " and stops by itself 3 s after this command was killed."
        },
        footer = {
            "",
            "Examples:",
            "  sluice director capture --config director.yaml -w out.pcapng --vip 203.0.113.10",
            "  sluice director capture --config director.yaml -w - --verdict drop_fragment"
                    + " --seconds 60 | tshark -r - -T fields -e frame.comment"
        })
final class DirectorCaptureCommand implements Callable<Integer> {
    private static final String STANDARD_OUTPUT = "-";
    private static final int MAX_PORT = 0xffff;

    @Mixin HelpOption help = new HelpOption();

    @Mixin OutputOption output = new OutputOption();

    @Spec CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--config",
            paramLabel = "FILE",
            required = true,
            description = "The director's file.")
    Path config = Path.of("");

    @Option(
            names = {"-w", "--write"},
            paramLabel = "FILE",
            required = true,
            description = "Where to; - is standard output.")
    String file = STANDARD_OUTPUT;

    @Option(
            names = "--client",
            paramLabel = "CIDR",
            converter = BlockConverter.class,
            description = "Only of these clients.")
    @Nullable AddressBlock client;

    @Option(names = "--client-port", paramLabel = "PORT", description = "Only from this port.")
    int clientPort;

    @Option(
            names = "--vip",
            paramLabel = "CIDR",
            converter = BlockConverter.class,
            description = "Only to these addresses.")
    @Nullable AddressBlock vip;

    @Option(names = "--vip-port", paramLabel = "PORT", description = "Only to this port.")
    int vipPort;

    @Option(
            names = "--proto",
            paramLabel = "tcp|udp",
            converter = ProtocolConverter.class,
            description = "Only of this protocol.")
    @Nullable Protocol proto;

    @Option(
            names = "--verdict",
            paramLabel = "VERDICT",
            split = ",",
            converter = VerdictConverter.class,
            description = "Only with these, e.g. forwarded,drop_too_big (default: all).")
    List<DirectorCounter> verdicts = List.of();

    @Option(
            names = "--count",
            paramLabel = "N",
            defaultValue = "1000",
            description = "End after so many packets (default: ${DEFAULT-VALUE}).")
    long count;

    @Option(
            names = "--seconds",
            paramLabel = "S",
            defaultValue = "30",
            description = "End after so long (default: ${DEFAULT-VALUE}).")
    int seconds;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "1000",
            description = "Packets a second on each CPU, 1 to 100000 (default: ${DEFAULT-VALUE}).")
    int rate;

    @Option(names = "--outer", description = "Forwarded frames as they left.")
    boolean outer;

    @Override
    public Integer call() throws InterruptedException {
        DirectorRole.CaptureOrder order =
                new DirectorRole.CaptureOrder(filter(), count, Duration.ofSeconds(seconds), outer);
        try (OutputStream out = open()) {
            return DirectorRole.capture(config, order, out, this::tell);
        } catch (IOException e) {
            spec.commandLine().getErr().println(file + ": cannot be written: " + e.getMessage());
            return 1;
        }
    }

    private CaptureFilter filter() {
        try {
            require(count >= 1, "--count " + count + ": at least 1");
            require(seconds >= 1, "--seconds " + seconds + ": at least 1");
            requirePort("--client-port", clientPort);
            requirePort("--vip-port", vipPort);
            return new CaptureFilter(
                    Optional.ofNullable(client),
                    clientPort,
                    Optional.ofNullable(vip),
                    vipPort,
                    Optional.ofNullable(proto),
                    verdicts.isEmpty()
                            ? EnumSet.allOf(DirectorCounter.class)
                            : Set.copyOf(verdicts),
                    rate);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private static void requirePort(String option, int port) {
        require(port >= 0 && port <= MAX_PORT, option + " " + port + ": allowed are 1 to 65535");
    }

    private static void require(boolean holds, String problem) {
        if (!holds) {
            throw new IllegalArgumentException(problem);
        }
    }

    private OutputStream open() throws IOException {
        return file.equals(STANDARD_OUTPUT)
                ? new BufferedOutputStream(System.out)
                : new BufferedOutputStream(Files.newOutputStream(Path.of(file)));
    }

    /** Packets may be on standard output. */
    private void tell(DirectorRole.CaptureResult result) {
        PrintWriter to =
                file.equals(STANDARD_OUTPUT)
                        ? spec.commandLine().getErr()
                        : spec.commandLine().getOut();
        to.println(
                output.isJson()
                        ? "{\"captured\":%d,\"missed\":%d}"
                                .formatted(result.captured(), result.missed())
                        : result.captured()
                                + " packets captured, "
                                + result.missed()
                                + " missed: above --rate, or faster than they were written");
        to.flush();
    }

    /** {@code 203.0.113.0/24}, or an address. */
    static final class BlockConverter implements ITypeConverter<AddressBlock> {
        @Override
        public AddressBlock convert(String text) {
            try {
                return AddressBlock.parse(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }

    /** As in metrics. */
    static final class VerdictConverter implements ITypeConverter<DirectorCounter> {
        @Override
        public DirectorCounter convert(String text) {
            for (DirectorCounter counter : DirectorCounter.values()) {
                if (counter.name().toLowerCase(Locale.ROOT).equals(text)) {
                    return counter;
                }
            }
            throw new TypeConversionException(
                    "'"
                            + text
                            + "' is no verdict; there are "
                            + EnumSet.allOf(DirectorCounter.class)
                                    .toString()
                                    .toLowerCase(Locale.ROOT));
        }
    }
}
