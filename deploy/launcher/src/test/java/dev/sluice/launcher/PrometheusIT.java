package dev.sluice.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testing.Dashboards;
import dev.sluice.testing.Needs;
import dev.sluice.testing.Program;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Prometheus' own judge of the example, the alarms and the dashboards in deploy/grafana. */
class PrometheusIT {
    private static final Path FOLDER = Dashboards.folder();
    private static final Pattern ALARM = Pattern.compile("^ +- alert: (\\w+)$", Pattern.MULTILINE);
    private static final Pattern SILENT =
            Pattern.compile("\\{eval_time: \\w+, alertname: (\\w+)\\}");
    private static final Pattern RINGING =
            Pattern.compile("alertname: (\\w+)\\n +exp_alerts:\\n +- exp_labels:");

    @TempDir Path scratch;

    @BeforeAll
    static void requireJudge() {
        Needs.program("promtool", "prometheus");
    }

    @Test
    void acceptsTheExample() throws Exception {
        assertAccepted("check", "config", FOLDER.resolve("prometheus.yml"));
    }

    @Test
    void alarmsRingWhenTheyShould() throws Exception {
        assertAccepted("test", "rules", FOLDER.resolve("alerts.test.yml"));
    }

    @Test
    void everyAlarmIsHeardOnceAndOnceNot() throws Exception {
        Set<String> alarms = names(ALARM, "alerts.yml");

        assertThat(alarms).isNotEmpty();
        assertThat(names(SILENT, "alerts.test.yml")).isEqualTo(alarms);
        assertThat(names(RINGING, "alerts.test.yml")).isEqualTo(alarms);
    }

    @ParameterizedTest
    @ValueSource(strings = {"directors.json", "proxies.json", "control.json"})
    void acceptsWhatEachPanelAsks(String dashboard) throws Exception {
        List<String> asked = asked(new ObjectMapper().readTree(FOLDER.resolve(dashboard)));

        assertThat(asked).isNotEmpty();
        assertAccepted("check", "rules", rules(asked));
    }

    @Test
    void refusesAPanelThatAsksNonsense() throws Exception {
        Path nonsense = rules(List.of("sum by (verdict) rate(sluice_director_packets_total)"));

        assertThat(Program.run("promtool", "check", "rules", nonsense.toString()).status())
                .isNotZero();
    }

    private static void assertAccepted(String verb, String what, Path file) throws Exception {
        Program.Answer answer = Program.run("promtool", verb, what, file.toString());
        assertThat(answer.status()).as(answer.text()).isZero();
    }

    private static Set<String> names(Pattern pattern, String file) throws IOException {
        Set<String> names = new TreeSet<>();
        Matcher matcher = pattern.matcher(Files.readString(FOLDER.resolve(file)));
        while (matcher.find()) {
            names.add(matcher.group(1));
        }
        return names;
    }

    /** As Grafana sends it when all instances are chosen. */
    private static List<String> asked(JsonNode dashboard) {
        List<String> asked = new ArrayList<>();
        for (JsonNode expression : dashboard.findValues("expr")) {
            asked.add(expression.asString().replace("$instance", ".*"));
        }
        return asked;
    }

    /** A file of recording rules: JSON is YAML, too. */
    private Path rules(List<String> expressions) throws IOException {
        List<Map<String, String>> rules = new ArrayList<>();
        for (String expression : expressions) {
            rules.add(Map.of("record", "panel:" + rules.size(), "expr", expression));
        }
        Path file = scratch.resolve("panels.json");
        new ObjectMapper()
                .writeValue(
                        file, Map.of("groups", List.of(Map.of("name", "panels", "rules", rules))));
        return file;
    }
}
