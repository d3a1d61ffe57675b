package dev.sluice.cluster.l7;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The published schema says what the readers do. */
final class L7SchemaTest {
    private static final Path ROOT = Path.of("..", "..");
    private static final Path PUBLISHED = ROOT.resolve("docs/l7.schema.json");
    private static final Schema SCHEMA =
            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                    .getSchema(L7Config.schema(), InputFormat.JSON);

    private static List<String> problems(String yaml) {
        return SCHEMA.validate(yaml, InputFormat.YAML).stream().map(Object::toString).toList();
    }

    /** Those of the pages, and the files that are one. */
    static List<String> examples() throws IOException {
        List<String> examples = new ArrayList<>();
        for (Path file : files("docs", ".md")) {
            Stream.of(Files.readString(file).split("\n```yaml\n", -1))
                    .skip(1)
                    .map(after -> after.substring(0, after.indexOf("\n```")))
                    .forEach(examples::add);
        }
        for (Path file : files("deploy", ".yaml")) {
            examples.add(Files.readString(file));
        }
        examples.removeIf(text -> !text.contains("listeners:"));
        return examples;
    }

    private static List<Path> files(String folder, String suffix) throws IOException {
        try (Stream<Path> files = Files.walk(ROOT.resolve(folder))) {
            return files.filter(file -> file.toString().endsWith(suffix))
                    .filter(file -> !file.toString().contains("/target/"))
                    .toList();
        }
    }

    @Test
    void thePublishedOneIsDrawnFromTheReaders() throws IOException {
        String drawn = L7Config.schema();
        String published = Files.exists(PUBLISHED) ? Files.readString(PUBLISHED) : "";
        if (!published.equals(drawn)) {
            Files.writeString(PUBLISHED, drawn);
        }
        assertThat(published)
                .as("%s was behind the readers; it is written anew now: commit it", PUBLISHED)
                .isEqualTo(drawn);
    }

    @Test
    void thereAreExamples() throws IOException {
        assertThat(examples()).hasSizeGreaterThanOrEqualTo(3);
    }

    @ParameterizedTest
    @MethodSource("examples")
    void itAllowsEveryExample(String yaml) {
        assertThat(problems(yaml)).isEmpty();
    }

    @Test
    void itAllowsWhatTheReadersDo() {
        assertThat(problems(L7ConfigTest.EVERYTHING)).isEmpty();
        assertThat(problems(L7ConfigTest.MINIMAL)).isEmpty();
    }

    /** Each is wrong in one way, which the readers find as well. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "addresses|adresses",
                "minVersion: 1.3|minVersion: 1.1",
                "identifyProxy: true|identifyProxy: perhaps",
                "fields: 50|fields: 5",
                "fields: 50|fields: 50B",
                "body: 30s|body: 30",
                "header: 8KiB|header: 8kb",
                "upstream: app|upstream: []",
                "versions: [h1, h2]|versions: h1",
                "versions: [h1, h2]|versions: [h3]",
                "versions: [h1, h2]|kind: tcp",
                "streams: 10|stream: 10",
                "name: app|title: app",
                "trustedPeers: [198.18.0.0/16]|trustedPeers: {}",
                "certificate: /etc/sluice/a.crt|certificate: [a]",
            })
    void itRefusesWhatTheReadersDo(String right, String wrong) {
        String yaml = L7ConfigTest.EVERYTHING.replaceFirst(Pattern.quote(right), wrong);
        assertThat(yaml).isNotEqualTo(L7ConfigTest.EVERYTHING);
        assertThat(L7Config.parse("l7.yaml", yaml).problems()).isNotEmpty();
        assertThat(problems(yaml)).isNotEmpty();
    }

    @Test
    void itHasDefaultsThatAreNotWrittenAsTheyPrint() {
        assertThat(L7Config.schema()).contains("\"default\": \"1%\"");
    }

    @Test
    void whatAKeyAsksForDependsOnTheKind() {
        String tcp =
                """
                listeners:
                  - {name: db, kind: tcp, addresses: ["198.18.0.1:1"], upstream: app}
                upstreams: [{name: app}]
                """;
        assertThat(problems(tcp)).isEmpty();
        assertThat(problems(tcp.replace("kind: tcp", "kind: http"))).isNotEmpty();
        assertThat(problems(tcp.replace("kind: tcp, ", ""))).isNotEmpty();
        assertThat(problems(tcp.replace(", upstream: app}", "}"))).isNotEmpty();
    }
}
