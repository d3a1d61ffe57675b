package dev.sluice.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import picocli.CommandLine;

import java.io.PrintWriter;
import java.io.StringWriter;

class MainTest {
    private static final int USAGE = 2;
    private static final int REFUSED = 3;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void saysItsVersion() {
        assertThat(run("--version")).isZero();
        assertThat(out.toString()).contains("sluice 0.").contains("Java 25");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "demo",
                "simulate",
                "up",
                "down",
                "lab",
                "status",
                "drain",
                "fill",
                "config",
                "chaos",
                "zookeeper",
                "control",
                "director",
                "proxy",
                "capture",
                "bench",
                "cert",
                "glb"
            })
    void everyCommandHasHelp(String command) {
        assertThat(run(command, "--help")).isZero();
        assertThat(out.toString()).startsWith("Usage: sluice " + command);
        assertThat(run("--help")).isZero();
        assertThat(out.toString()).contains("\n  " + command);
    }

    @Test
    void theSchemaOfTheConfigurationIsPrinted() {
        assertThat(run("config", "schema")).isZero();
        assertThat(out.toString())
                .startsWith("{\n  \"$schema\": ")
                .contains("\"listeners\"")
                .endsWith("}\n");
        assertThat(run("config", "--help")).isZero();
        assertThat(out.toString()).contains("\n  schema ");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nonsense              | Unmatched argument",
                "up --directors 0      | a lab has 1 to 32 directors, not 0",
                "up --proxies 41       | a lab has 1 to 40 proxies, not 41",
                "up --zookeepers 2     | a lab has 1, 3 or 5 ZooKeeper nodes, not 2",
                "up --controls 6       | a lab has 1 to 5 controllers, not 6",
                "chaos run rolling --proxies 5 | rolling needs at least 6 proxies",
                "chaos run proxy-kil   | There is no scenario 'proxy-kil': see 'sluice chaos list'.",
                "chaos run soak --minutes 0 | --minutes is 1 to 10080",
                "chaos run rolling --discipline glob | expected one of [SLUICE, GLB, UNCHECKED]",
                "up --lab Upper        | a lab's name is 1 to 16 of a-z and 0-9",
                "demo --datapath magic | expected one of [xdp]",
                "proxy run             | Error: Missing required argument",
                "proxy run --config a --zone b | see zone in the file",
                "proxy run --config a --standalone b | mutually exclusive",
                "director run          | Missing required option: '--config=FILE'",
                "zookeeper run         | Missing required option: '--config=FILE'",
                "control run           | Missing required option: '--config=FILE'",
                "lab exec client       | Missing required parameter: 'COMMAND'",
            })
    void wrongUsageSaysWhatIsWrong(String line, String reason) {
        assertThat(run(line.split(" ", -1))).isEqualTo(USAGE);
        assertThat(err.toString()).contains(reason);
    }

    @Test
    void aLabThatIsNotThereIsARefusal() {
        assertThat(run("lab", "list", "--lab", "nosuchlab")).isEqualTo(REFUSED);
        assertThat(err.toString()).contains("No lab is up: start one with 'sluice up'.");
    }

    @Test
    void simulateMeasuresTheSeedsThatItIsGiven() {
        assertThat(run("simulate", "--measure", "--seeds", "1..2", "-o", "json")).isZero();
        assertThat(out.toString().lines())
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("{\"directors\":2,\"drains\":2,"),
                        line -> assertThat(line).startsWith("{\"directors\":20,\"drains\":2,"),
                        line -> assertThat(line).startsWith("{\"directors\":200,\"drains\":2,"),
                        line ->
                                assertThat(line)
                                        .startsWith("{\"first\":1,\"last\":2,\"sluice\":{")
                                        .matches(".*\"sluice\":\\{[^}]*\"cut\":0}.*")
                                        .matches(".*\"glb_unchecked\":\\{[^}]*\"cut\":[1-9].*"));
    }

    @Test
    void simulateMeasuresNoSingleRun() {
        assertThat(run("simulate", "--measure", "--seed", "1")).isEqualTo(USAGE);
        assertThat(err.toString()).contains("--measure goes with --seeds and -o only");
    }

    @Test
    void simulateRunsGlbsWireToo() {
        assertThat(run("simulate", "--wire", "glb", "--seed", "2")).isZero();
        assertThat(out.toString()).contains("seed 2: every promise was kept");
    }

    private int run(String... arguments) {
        CommandLine line = Main.commandLine();
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        return line.execute(arguments);
    }
}
