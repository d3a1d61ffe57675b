package dev.sluice.cluster.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cluster.pool.Address;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

final class YamlTest {
    private enum Balance {
        ROUND_ROBIN,
        LEAST_REQUEST
    }

    private record Tls(String minVersion) {
        static Tls read(Section tls) {
            return new Tls(tls.required("minVersion", Scalars.oneOf(List.of("1.2", "1.3"))));
        }
    }

    private record Listener(String name, Optional<Tls> tls) {
        static Listener read(Section listener) {
            return new Listener(
                    listener.required("name", Scalars.name()),
                    listener.maybeSection("tls", Tls::read));
        }
    }

    @Test
    void readsEveryKindOfValue() {
        String text =
                """
                name: web
                port: 80
                timeout: 200ms
                size: 16KiB
                on: true
                balance: round-robin
                address: 2001:db8::1
                endpoints: ["198.18.0.1:80", "[2001:db8::2]:443"]
                block: 198.18.0.0/15
                password: hunter2
                """;
        record All(
                String name,
                int port,
                Duration timeout,
                long size,
                boolean on,
                Balance balance,
                Address address,
                List<HostPort> endpoints,
                AddressBlock block,
                Secret password) {}
        Parsed<All> parsed =
                Yaml.parse(
                        "a.yaml",
                        text,
                        s ->
                                new All(
                                        s.required("name", Scalars.name()),
                                        s.required("port", Scalars.integer(1, 65535)),
                                        s.required("timeout", seconds()),
                                        s.required("size", Scalars.size(1, 1 << 20)),
                                        s.required("on", Scalars.flag()),
                                        s.required("balance", Scalars.oneOf(Balance.class)),
                                        s.required("address", Scalars.address()),
                                        s.list("endpoints", Scalars.hostPort()),
                                        s.required("block", Scalars.addressBlock()),
                                        s.required("password", Scalars.secret())));
        assertThat(parsed.report()).isEmpty();
        assertThat(parsed.orElseThrow())
                .isEqualTo(
                        new All(
                                "web",
                                80,
                                Duration.ofMillis(200),
                                16384,
                                true,
                                Balance.ROUND_ROBIN,
                                Address.parse("2001:db8::1"),
                                List.of(
                                        HostPort.parse("198.18.0.1:80"),
                                        HostPort.parse("[2001:db8::2]:443")),
                                AddressBlock.parse("198.18.0.0/15"),
                                new Secret("hunter2")));
        assertThat(parsed.toString()).doesNotContain("hunter2");
    }

    @Test
    void missingOptionalKeysTakeTheirDefaults() {
        assertReads("{}", s -> s.optional("n", Scalars.integer(1, 9), 7), 7);
        assertReads("{}", s -> s.maybe("n", Scalars.text()), Optional.empty());
        assertReads("{}", s -> s.optionalList("n", Scalars.text()), List.of());
        assertReads("{}", s -> s.optionalSections("n", Listener::read), List.of());
        assertReads("{}", s -> s.map("n", Scalars.text()), Map.of());
        assertReads(
                "{}",
                s -> s.optionalSection("t", t -> t.optional("n", Scalars.integer(1, 9), 7)),
                7);
    }

    @Test
    void aProblemPrintsPlacePathValueAndWhatIsAllowed() {
        String text =
                """
                listeners:
                  - name: web
                    tls:
                      minVersion: "1.1"
                """;
        assertThat(problems(text, s -> s.sections("listeners", Listener::read)))
                .containsExactly(
                        "lab.yaml:4:19: listeners[0].tls.minVersion: '1.1' is not allowed;"
                                + " allowed: 1.2, 1.3; did you mean '1.2'?");
    }

    @Test
    void allProblemsAreCollectedInTheOrderOfTheText() {
        String text =
                """
                listners: []
                listeners:
                  - nam: web
                  - name: WEB
                  - tls
                port: 70000
                timeout: 30
                port: 1
                """;
        assertThat(
                        problems(
                                text,
                                s ->
                                        s.optional("timeout", seconds(), Duration.ZERO).toString()
                                                + s.required("port", Scalars.integer(1, 65535))
                                                + s.sections("listeners", Listener::read)
                                                + s.required("pool", Scalars.name())))
                .containsExactly(
                        "lab.yaml:1:1: pool: is missing",
                        "lab.yaml:1:1: listners: unknown key; allowed: timeout, port, listeners,"
                                + " pool; did you mean 'listeners'?",
                        "lab.yaml:3:5: listeners[0].name: is missing",
                        "lab.yaml:3:5: listeners[0].nam: unknown key; allowed: name, tls; did you"
                                + " mean 'name'?",
                        "lab.yaml:4:11: listeners[1].name: 'WEB' is not a name; allowed: 1 to 63"
                                + " of a-z, 0-9, '.', '_', '-', with a letter or digit at both"
                                + " ends",
                        "lab.yaml:5:5: listeners[2]: is a single value, not a mapping of keys",
                        "lab.yaml:6:7: port: '70000' is out of range; allowed: 1 to 65535",
                        "lab.yaml:7:10: timeout: '30' is not a duration; allowed: 1ms to 1h in"
                                + " us, ms, s, m or h",
                        "lab.yaml:8:1: port: is there twice; first at lab.yaml:6:1");
    }

    @Test
    void wrongShapesAreNamed() {
        assertThat(problems("a: [1]", s -> s.required("a", Scalars.text())))
                .containsExactly("lab.yaml:1:4: a: is a list, not a single value");
        assertThat(problems("a: {b: 1}", s -> s.list("a", Scalars.text())))
                .containsExactly("lab.yaml:1:4: a: is a mapping, not a list");
        assertThat(problems("a: 1", s -> s.section("a", Listener::read)))
                .containsExactly("lab.yaml:1:4: a: is a single value, not a mapping of keys");
        assertThat(problems("a:\n", s -> s.required("a", Scalars.text())))
                .containsExactly("lab.yaml:1:3: a: has no value; remove the key or set it");
        assertThat(problems("tls:\n", s -> s.maybeSection("tls", Tls::read)))
                .containsExactly("lab.yaml:1:5: tls: has no value; remove the key or set it");
        assertThat(problems("a: []", s -> s.list("a", Scalars.text())))
                .containsExactly("lab.yaml:1:4: a: is an empty list; give it at least one element");
        assertThat(problems("[x]: 1", s -> s.keys()))
                .containsExactly("lab.yaml:1:1: a key must be plain text");
    }

    @Test
    void aMissingMappingIsOneProblemNotOneForEachOfItsKeys() {
        assertThat(problems("{}", s -> s.section("listener", Listener::read)))
                .containsExactly("lab.yaml:1:1: listener: is missing");
    }

    @Test
    void whatIsNoYamlIsOneProblemWithItsPlace() {
        assertThat(problems("a: b: c", Section::keys))
                .containsExactly("lab.yaml:1:5: is not YAML: mapping values are not allowed here");
        assertThat(problems("", Section::keys))
                .containsExactly("lab.yaml: is empty; allowed: keys with values");
        assertThat(problems("- a", Section::keys))
                .containsExactly("lab.yaml:1:1: is not a mapping; allowed: keys with values");
        assertThat(problems("a: 1\n---\nb: 2\n", Section::keys))
                .singleElement()
                .asString()
                .contains("but found another document");
        assertThat(problems("a: \u0007", Section::keys))
                .singleElement()
                .asString()
                .contains("is not YAML: ");
        assertThat(problems("a: ".repeat(3) + "[".repeat(100_000), Section::keys)).hasSize(1);
        assertThat(problems("[".repeat(100_000), Section::keys))
                .containsExactly("lab.yaml: is not YAML: nested deeper than 32 levels");
    }

    @Test
    void aSelfContainingDocumentDoesNotLoop() {
        assertThat(problems("a: &x {a: *x, b: 1}", s -> s.section("a", Listener::read)))
                .isNotEmpty();
    }

    @Test
    void namesChosenByTheOperatorAreKeysOfAMap() {
        assertReads(
                "m: {x: 1, y: 2}", s -> s.map("m", Scalars.integer(0, 9)), Map.of("x", 1, "y", 2));
        assertReads(
                "m: {x: {name: web}}",
                s -> s.sectionMap("m", (_, inner) -> Listener.read(inner)),
                Map.of("x", new Listener("web", Optional.empty())));
        assertThat(problems("m: {x: z}", s -> s.map("m", Scalars.integer(0, 9))))
                .containsExactly("lab.yaml:1:8: m.x: 'z' is not a whole number; allowed: 0 to 9");
    }

    @Test
    void readersAddTheirOwnProblems() {
        assertThat(
                        problems(
                                "a: 5",
                                s -> {
                                    s.problem("a", "is used", "6", "take 6");
                                    s.problem("is odd", "", "");
                                    return s.has("a");
                                }))
                .containsExactly(
                        "lab.yaml:1:1: is odd", "lab.yaml:1:4: a: '5' is used; allowed: 6; take 6");
    }

    @Test
    void secretsAreNeverShown() {
        assertThat(problems("key: ''", s -> s.required("key", Scalars.secret())))
                .containsExactly("lab.yaml:1:6: key: is empty; allowed: some text");
        assertThat(
                        problems(
                                "key: hunter2",
                                s ->
                                        s.required(
                                                "key",
                                                Scalars.secret(Scalars.integer(1, 2))
                                                        .map(String::valueOf))))
                .containsExactly("lab.yaml:1:6: key: is not a whole number; allowed: 1 to 2");
    }

    @Test
    void aValueCannotForgeALineOrFloodTheTerminal() {
        assertThat(problems("a: \"x\\ny\"", s -> s.required("a", Scalars.flag())))
                .containsExactly(
                        "lab.yaml:1:4: a: 'x\\u000ay' is not allowed; allowed: true, false");
        String shown =
                problems("a: " + "x".repeat(500), s -> s.required("a", Scalars.flag())).getFirst();
        assertThat(shown).contains("xxx…' is not allowed").hasSizeLessThan(160);
    }

    private static Scalar<Duration> seconds() {
        return Scalars.duration(Duration.ofMillis(1), Duration.ofHours(1));
    }

    private static <T> void assertReads(String text, Function<Section, T> reader, Object expected) {
        T value = Yaml.parse("lab.yaml", text, reader).orElseThrow();
        assertThat((Object) value).isEqualTo(expected);
    }

    private static <T> List<String> problems(String text, Function<Section, T> reader) {
        return Yaml.parse("lab.yaml", text, reader).problems().stream()
                .map(Problem::toString)
                .toList();
    }
}
