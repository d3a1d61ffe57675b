package dev.sluice.cluster.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.cluster.config.Parsed;
import dev.sluice.cluster.config.Problem;
import dev.sluice.cluster.l7.L7Config;
import dev.sluice.cluster.l7.Upstream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

final class ConfigTextTest {
    private static final String LISTENERS =
            """
            listeners:
              - {name: web, addresses: ["198.18.0.1:80"]}
            """;

    @TempDir Path folder;

    private void write(String file, String text) throws IOException {
        Files.writeString(folder.resolve(file), text);
    }

    private Parsed<L7Config> parse() throws IOException {
        return L7Config.parse("site", ConfigText.read(folder));
    }

    private List<String> problems() throws IOException {
        return parse().problems().stream().map(Problem::toString).toList();
    }

    @Test
    void theFilesOfAFolderAreOneConfigurationInTheOrderOfTheirNames() throws IOException {
        write("20-shop.yaml", "upstreams: [{name: shop}]");
        write("10-web.yaml", "---\n" + LISTENERS + "upstreams: [{name: web}]\n");
        write("30-nothing.yaml", "# to come\n");
        write("notes.txt", "not: [read");
        L7Config config = parse().orElseThrow();
        assertThat(config.listeners()).hasSize(1);
        assertThat(config.upstreams()).map(Upstream::name).containsExactly("web", "shop");
        assertThat(ConfigText.read(folder))
                .isEqualTo(
                        "--- # file: 10-web.yaml\n---\n"
                                + LISTENERS
                                + "upstreams: [{name: web}]\n"
                                + "--- # file: 20-shop.yaml\nupstreams: [{name: shop}]\n"
                                + "--- # file: 30-nothing.yaml\n# to come\n");
    }

    @Test
    void problemsNameTheirFile() throws IOException {
        write("a.yaml", LISTENERS + "identifyProxy: perhaps\n");
        write("b.yaml", "\nupstreams: [{nam: shop}]\n");
        write("c.yaml", "upstreams: [{name: a}\n");
        assertThat(problems())
                .hasSize(4)
                .anyMatch(problem -> problem.startsWith("site/a.yaml:3:16: identifyProxy: "))
                .anyMatch(problem ->
                        problem.startsWith("site/b.yaml:2:13: upstreams[0].name: is missing"))
                .anyMatch(problem -> problem.startsWith("site/b.yaml:2:14: upstreams[0].nam: "))
                .anyMatch(problem -> problem.startsWith("site/c.yaml:2:1: is not YAML"));
    }

    @Test
    void aNameInTwoFilesIsOneProblemWithBothPlaces() throws IOException {
        write("a.yaml", LISTENERS + "upstreams: [{name: app}]\n");
        write("b.yaml", "upstreams:\n  - {name: app}\n");
        assertThat(problems())
                .containsExactly(
                        "site/b.yaml:2:12: upstreams[1].name: 'app' is there twice;"
                                + " first at site/a.yaml:3:20; give it another name");
    }

    @Test
    void aKeyThatIsNoListIsInOneFileOnly() throws IOException {
        write("a.yaml", LISTENERS + "identifyProxy: true\n");
        write("b.yaml", "identifyProxy: true\n");
        assertThat(problems())
                .containsExactly(
                        "site/b.yaml:1:1: identifyProxy: is there twice; first at site/a.yaml:3:1");
    }

    @Test
    void aListIsInAFileOnlyOnce() throws IOException {
        write("a b.yaml", LISTENERS);
        write("c.yaml", "upstreams: [{name: one}]\nupstreams: [{name: two}]\n");
        assertThat(problems())
                .singleElement()
                .asString()
                .startsWith("site/c.yaml:2:1: upstreams: is there twice; first at site/c.yaml:1:1");
        write("c.yaml", "upstreams: [{name: one}]\n");
        write("a b.yaml", LISTENERS + "identifyProxy: perhaps\n");
        assertThat(problems())
                .singleElement()
                .asString()
                .startsWith("site/a b.yaml:3:16: identifyProxy: ");
    }

    @Test
    void aFolderWithoutFilesIsRefused() {
        assertThatThrownBy(() -> ConfigText.read(folder)).hasMessage("has no *.yaml");
    }

    @Test
    void filesThatAreAllEmptyAreNothing() throws IOException {
        write("a.yaml", "# nothing\n");
        assertThat(problems()).containsExactly("site/a.yaml: is empty; allowed: keys with values");
    }
}
