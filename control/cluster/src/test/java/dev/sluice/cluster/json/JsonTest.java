package dev.sluice.cluster.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cluster.config.Scalars;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                " {\t\"a\"\r\n:[ ] }\n",
                "{\"a\":[1,-0,0.5,1e9,-1.25E-3,true,false,null,\"\",{\"b\":{}}]}"
            })
    void acceptsJson(String text) {
        assertThat(Json.parse("f", text, fields -> "read").orElseThrow()).isEqualTo("read");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{ | 1:2: is not JSON: ends too early",
                "{\"a\" 1} | 1:6: is not JSON: ':' after the key was expected here",
                "{\"a\":1,} | 1:8: is not JSON: a key in double quotes was expected here",
                "{\"a\":[1,]} | 1:9: is not JSON: a value was expected here",
                "{\"a\":[1 2]} | 1:9: is not JSON: ',' or ']' was expected here",
                "{'a':1} | 1:2: is not JSON: a key in double quotes was expected here",
                "{\"a\":01} | 1:7: is not JSON: ',' or '}' was expected here",
                "{\"a\":.5} | 1:6: is not JSON: a value was expected here",
                "{\"a\":True} | 1:6: is not JSON: a value was expected here",
                "{\"a\":\"\\x\"} | 1:9: is not JSON: a string holds an unknown escape",
                "{\"a\":\"\\u12g4\"} | 1:9: is not JSON: \\u needs four hexadecimal digits",
                "{\"a\":\"x} | 1:9: is not JSON: a string has no end",
                "{\"a\":1,\"a\":2} | 1:8: is not JSON: the key \"a\" is there twice",
                "{} {} | 1:4: is not JSON: something follows the end of the value",
            })
    void saysWhereATextIsNoJson(String text, String problem) {
        assertThat(Json.parse("f", text, fields -> "").report()).isEqualTo("f:" + problem);
    }

    @Test
    void refusesAControlCharacterInAString() {
        assertThat(Json.parse("f", "{\"a\":\"x\ny\"}", fields -> "").report())
                .contains("a string holds an unescaped control character");
    }

    @Test
    void refusesToNestDeeperThanItCanRead() {
        String text = "[".repeat(100_000);

        assertThat(Json.parse("f", text, fields -> "").report())
                .contains("is nested deeper than 64 levels");
    }

    @Test
    void countsLinesAndColumnsFromOne() {
        String text = "{\n  \"a\": 1,\r\n\t\"b\": 2\n}";

        assertThat(Json.parse("f", text, fields -> fields.text("b", Scalars.text())).report())
                .isEqualTo("f:3:7: b: is a number; allowed: a string");
    }

    @Test
    void decodesEscapes() {
        String text = "{\"\\u0061\": \"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e4\\uD83D\\ude00\"}";

        assertThat(Json.parse("f", text, fields -> fields.text("a", Scalars.text())).orElseThrow())
                .isEqualTo("\"\\/\b\f\n\r\tä😀");
    }
}
