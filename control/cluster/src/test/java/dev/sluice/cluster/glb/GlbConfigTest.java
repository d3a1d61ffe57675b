package dev.sluice.cluster.glb;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Collections;

class GlbConfigTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"port\": 80 | \"port\": 65536 | binds[0].port: '65536' is out of range; allowed: 0 to 65535",
                "\"port\": 80 | \"port\": -1 | binds[0].port: '-1' is out of range; allowed: 0 to 65535",
                "\"port\": 80 | \"port\": \"80\" | binds[0].port: is a string; allowed: a number",
                "\"port\": 80 | \"port\": 80.5 | binds[0].port: '80.5' is not a whole number",
                "\"port\": 80 | \"port_start\": 80 | binds[0].port_end: is missing",
                "\"port\": 80 | \"port_end\": 80 | binds[0].port_start: is missing",
                "\"port\": 80 | \"comment\": 80 | binds[0].port: is missing",
                "\"port\": 80 | \"port_start\": 9, \"port_end\": 8 | binds[0].port_end: is below port_start; allowed: 9 to 65535",
                "203.0.113.10 | 203.0.113.0/33 | binds[0].ip: '203.0.113.0/33' is not valid; allowed: an IPv4 or IPv6 address literal or a CIDR block",
                "203.0.113.10 | 2001:db8::/129 | binds[0].ip: '2001:db8::/129' is not valid",
                "203.0.113.10 | 203.0.113.0/ | binds[0].ip: '203.0.113.0/' is not valid",
                "203.0.113.10 | 203.0.113.0/x | binds[0].ip: '203.0.113.0/x' is not valid",
                "203.0.113.10 | 203.0.113 | binds[0].ip: '203.0.113' is not valid",
                "\"tcp\" | \"sctp\" | binds[0].proto: 'sctp' is not allowed; allowed: tcp, udp",
                "\"tcp\" | \"TCP\" | binds[0].proto: 'TCP' is not allowed; allowed: tcp, udp; did you mean 'tcp'?",
                "198.18.0.1 | 198.18.0.01 | backends[0].ip: '198.18.0.01' is not valid; allowed: an IPv4 or IPv6 address literal",
                "198.18.0.1 | 198.18.0.0/24 | backends[0].ip: '198.18.0.0/24' is not valid",
                "198.18.0.1 | proxy-1 | backends[0].ip: 'proxy-1' is not valid",
                "\"active\" | \"actve\" | backends[0].state: 'actve' is not allowed; allowed: filling, active, draining, inactive; did you mean 'active'?",
                "\"active\" | \"inactive\" | backends: has none to forward to; allowed: at least one not inactive",
                "\"active\" | 1 | backends[0].state: is a number; allowed: a string",
                "true | \"true\" | backends[0].healthy: is a string; allowed: true or false",
                "true | null | backends[0].healthy: is null; allowed: true or false",
                "0d0e0f | 0d0e | hash_key: has 30 hexadecimal digits; allowed: 32 hexadecimal digits (16 bytes)",
                "0d0e0f | 0d0eg0 | hash_key: is not hexadecimal; allowed: 32 hexadecimal digits (16 bytes)",
                "\"seed\" | \"sed\" | seed: is missing",
                "\"backends\" | \"backend\" | backends: is missing",
                "\"binds\" | \"bind\" | binds: is missing",
            })
    void saysWhereAndWhatIsWrongAndWhatIsAllowed(String right, String wrong, String problem) {
        String json =
                Tables.json(Tables.backends(Collections.nCopies(2, "active true")), Tables.BIND);
        assertThat(json).contains(right);

        String report = GlbConfig.parse("table.json", json.replace(right, wrong)).report();

        assertThat(report).contains(": tables[0]." + problem).startsWith("table.json:");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`` | table.json:1:1: is not JSON: ends too early",
                "[] | table.json:1:1: is a list; allowed: an object",
                "{} | table.json:1:1: tables: is missing",
                "{\"tables\": {}} | table.json:1:12: tables: is an object; allowed: a list of objects",
                "{\"tables\": [[]]} | table.json:1:13: tables[0]: is a list; allowed: an object",
            })
    void wantsAListOfTables(String json, String report) {
        assertThat(GlbConfig.parse("table.json", json).report()).startsWith(report);
    }

    @Test
    void refusesMoreThan256BackendsOrBinds() {
        String backends = Tables.backends(Collections.nCopies(257, "active true"));
        String binds = String.join(",", Collections.nCopies(257, Tables.BIND));

        assertThat(GlbConfig.parse("t", Tables.json(backends, Tables.BIND)).report())
                .isEqualTo("t:3:77: tables[0].backends: has 257 elements; allowed: at most 256");
        assertThat(GlbConfig.parse("t", Tables.json(Tables.TWO_BACKENDS, binds)).report())
                .contains("tables[0].binds: has 257 elements; allowed: at most 256");
        String most = Tables.backends(Collections.nCopies(256, "active true"));
        assertThat(GlbConfig.parse("t", Tables.json(most, Tables.BIND)).problems()).isEmpty();
    }

    @Test
    void collectsAllProblemsInTheOrderOfTheText() {
        String json =
                Tables.json(
                        "{\"ip\": \"x\", \"state\": \"y\"}",
                        "{\"ip\": \"z\", \"proto\": \"tcp\", \"port\": 1}");

        assertThat(GlbConfig.parse("t", json).problems())
                .extracting(problem -> problem.path())
                .containsExactly(
                        "tables[0].binds[0].ip",
                        "tables[0].backends[0].ip",
                        "tables[0].backends[0].state");
    }

    @Test
    void neverShowsAKey() {
        String json = Tables.json(Tables.TWO_BACKENDS, Tables.BIND).replace("0d0e0f", "0d0e0");

        assertThat(GlbConfig.parse("t", json).report()).doesNotContain("0102");
    }

    @Test
    void leavesKeysOfOtherSystemsAlone() {
        String json =
                Tables.json(Tables.TWO_BACKENDS, Tables.BIND)
                        .replace(
                                "\"healthy\": true",
                                "\"healthy\": true, \"healthchecks\": {\"http\": 80, \"gue\": 19523}")
                        .replace("{\"tables\"", "{\"timeout_ms\": 1.5e3,\t\"tables\"");

        assertThat(GlbConfig.parse("t", json).problems()).isEmpty();
    }

    @Test
    void aSinglePortWinsOverARange() {
        String json =
                Tables.json(
                        Tables.TWO_BACKENDS,
                        "{\"ip\": \"203.0.113.1\", \"proto\": \"tcp\", \"port\": 7, \"port_start\": 1, \"port_end\": 9}");

        GlbBind bind = GlbConfig.parse("t", json).orElseThrow().getFirst().binds().getFirst();
        assertThat(bind.firstPort()).isEqualTo(7);
        assertThat(bind.lastPort()).isEqualTo(7);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "::",
                "::1",
                "1::",
                "2001:db8::1",
                "1:2:3:4:5:6:7:8",
                "1:2:3:4:5:6:7::",
                "::ffff:1.2.3.4",
                "1:2:3:4:5:6:1.2.3.4",
                "ABCD::",
                "0.0.0.0",
                "255.255.255.255"
            })
    void readsAddressLiterals(String literal) {
        assertThat(GlbLiteral.parse(literal).bits()).isEqualTo(literal.contains(":") ? 128 : 32);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":",
                ":::",
                "1:::2",
                "1::2::3",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:8:9",
                "1:2:3:4:5:6:7:8::",
                ":1:2:3:4:5:6:7",
                "12345::",
                "g::",
                "::1%lo",
                "[::1]",
                "1.2.3.4::",
                "::1.2.3",
                "::1.2.3.4:5",
                "1.2.3",
                "1.2.3.4.5",
                "256.1.1.1",
                "01.2.3.4",
                "1.2.3.4 ",
                "1..3.4"
            })
    void refusesWhatIsNoAddressLiteral(String text) {
        org.assertj.core.api.Assertions.assertThatIllegalArgumentException()
                .isThrownBy(() -> GlbLiteral.parse(text));
    }
}
