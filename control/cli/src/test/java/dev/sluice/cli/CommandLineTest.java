package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.TypeConversionException;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

class CommandLineTest {
    @TempDir Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Command(name = "sluice")
    static final class Root {}

    private static CommandLine commandLine() {
        CommandLine line = new CommandLine(new Root());
        SluiceCommands.addTo(line);
        return line;
    }

    private int run(String... args) {
        return commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(args);
    }

    private static DrainCommand drain(String... args) {
        CommandLine line = commandLine();
        CommandLine.ParseResult parsed = line.parseArgs(args);
        return (DrainCommand) parsed.subcommand().commandSpec().userObject();
    }

    static Stream<List<String>> commands() {
        return Stream.of(
                List.of("status"),
                List.of("drain"),
                List.of("fill"),
                List.of("weight"),
                List.of("replace"),
                List.of("add"),
                List.of("remove"),
                List.of("plan"),
                List.of("plan", "drain"),
                List.of("plan", "fill"),
                List.of("plan", "weight"),
                List.of("plan", "replace"),
                List.of("plan", "add"),
                List.of("plan", "remove"),
                List.of("plan", "settle"),
                List.of("queue"),
                List.of("queue", "cancel"),
                List.of("epochs"),
                List.of("abort"),
                List.of("confirm-off"),
                List.of("settle"),
                List.of("pool"),
                List.of("pool", "repair"),
                List.of("config"),
                List.of("config", "apply"),
                List.of("config", "show"),
                List.of("events"),
                List.of("directors"),
                List.of("directors", "remove"),
                List.of("trace"));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyHelpHasAnExample(List<String> command) {
        List<String> args = Stream.concat(command.stream(), Stream.of("--help")).toList();
        assertThat(run(args.toArray(String[]::new))).isZero();
        assertThat(out.toString())
                .contains("Usage: sluice " + String.join(" ", command))
                .containsPattern(
                        "Examples?:\\s+sluice (drain \\S+ --wait && sluice |drain \\S+; sluice )?"
                                + command.getFirst());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "drain",
                "fill",
                "weight",
                "weight a",
                "weight a=",
                "weight a=0",
                "weight a=65536",
                "weight =3",
                "replace a",
                "replace a b c",
                "add a",
                "add a --address 198.18.0.1 --weight 0",
                "remove",
                "remove a b",
                "confirm-off",
                "settle",
                "settle x",
                "plan",
                "plan drain",
                "plan abort",
                "queue cancel",
                "queue cancel x",
                "queue -o xml",
                "epochs a",
                "abort a b",
                "pool",
                "pool repair",
                "drain a --wait=forever",
                "drain a --wait=",
                "replace a b --wait=Drained",
                "directors remove a -o xml",
                "pool repair a -o xml",
                "queue cancel 1 -o xml",
                "config apply -f a -o xml",
                "drain a --deadline soon",
                "drain a --deadline 31d",
                "status -o xml",
                "config",
                "directors -o xml",
                "trace",
                "trace 198.18.0.1:40000",
                "trace client:40000 203.0.113.10:80",
                "trace 198.18.0.1:40000 203.0.113.10:0",
                "trace 198.18.0.1:40000 203.0.113.10:80 --proto sctp",
                "config apply",
                "events -n many",
            })
    void wrongUseEndsWithTwo(String args) {
        assertThat(run(args.split(" "))).isEqualTo(2);
        assertThat(err.toString()).isNotEmpty();
    }

    @Test
    void waitTakesItsStageButNeverTheProxy() {
        assertThat(drain("drain", "--wait", "p1").arguments.proxies).containsExactly("p1");
        assertThat(drain("drain", "p1", "--wait", "p2").arguments.proxies)
                .containsExactly("p1", "p2");
        assertThat(drain("drain", "--wait", "p1").goal).isEqualTo(ChangeWait.Goal.drained);
        assertThat(drain("drain", "p1", "--wait").goal).isEqualTo(ChangeWait.Goal.drained);
        assertThat(drain("drain", "p1", "--wait=acknowledged").goal)
                .isEqualTo(ChangeWait.Goal.acknowledged);
        assertThat(drain("drain", "--wait=drained", "p1").goal).isEqualTo(ChangeWait.Goal.drained);
        assertThat(drain("drain", "p1", "--wait", "acknowledged").goal)
                .isEqualTo(ChangeWait.Goal.acknowledged);
        assertThat(drain("drain", "--wait", "--yes", "p1").goal).isEqualTo(ChangeWait.Goal.drained);
        assertThat(drain("drain", "p1").goal).isNull();
    }

    @Test
    void severalWeightsAreOneChange() {
        CommandLine.ParseResult parsed = commandLine().parseArgs("weight", "a=3", "b=1");
        WeightCommand weight = (WeightCommand) parsed.subcommand().commandSpec().userObject();
        assertThat(weight.arguments().change().getWeight().getWeightsList())
                .extracting(w -> w.getProxy() + w.getWeight())
                .containsExactly("a3", "b1");
    }

    @Test
    void insistingIsSaidByOptions() {
        DrainCommand asked = drain("drain", "p1", "--force", "--yes");
        assertThat(asked.insistence().force()).isTrue();
        assertThat(asked.insistence().yes()).isTrue();
        assertThat(asked.insistence().queue()).isFalse();
        assertThat(drain("drain", "p1", "--queue").insistence().queue()).isTrue();
        assertThat(drain("drain", "p1").insistence().force()).isFalse();
    }

    @Test
    void deadlinesHaveUnits() {
        DeadlineConverter converter = new DeadlineConverter();
        assertThat(converter.convert("90s")).isEqualTo(Duration.ofSeconds(90));
        assertThat(converter.convert("1h30m")).isEqualTo(Duration.ofMinutes(90));
        assertThat(converter.convert("30d")).isEqualTo(Duration.ofDays(30));
        for (String wrong : List.of("", "30", "0s", "31d", "-1m", "1.5h", "m")) {
            assertThat(
                            org.assertj.core.api.Assertions.catchThrowable(
                                    () -> converter.convert(wrong)))
                    .isInstanceOf(TypeConversionException.class)
                    .hasMessageContaining("allowed: 1s to 30d");
        }
    }

    @Test
    void withoutAControlProcessItSaysHowToStartOne() {
        Path socket = folder.resolve("none.sock");
        assertThat(run("status", "--control=" + socket)).isEqualTo(1);
        assertThat(err.toString().strip().lines()).hasSize(1);
        assertThat(err.toString())
                .contains("no control process answers on " + socket)
                .contains("sluice control run --config FILE")
                .contains("SLUICE_CONTROL");
    }
}
