package dev.sluice.engine.files;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.engine.http.ListFields;
import dev.sluice.engine.http.RequestHead;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Instant;

/** Of a file that was changed at 08:49:37.5. */
final class VersionTest {
    private static final String DATE = "Sun, 06 Nov 1994 08:49:37 GMT";
    private static final Instant MODIFIED = Instant.parse("1994-11-06T08:49:37.500Z");
    private static final Version VERSION = new Version(5, MODIFIED, "\"t\"");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "if-none-match | \"t\" | NOT_MODIFIED",
                "if-none-match | \"x\", W/\"t\" | NOT_MODIFIED",
                "if-none-match | * | NOT_MODIFIED",
                "if-none-match | \"x\" | SEND",
                "if-modified-since | Sun, 06 Nov 1994 08:49:37 GMT | NOT_MODIFIED",
                "if-modified-since | Sun, 06 Nov 1994 08:49:36 GMT | SEND",
                "if-modified-since | yesterday | SEND",
                "if-match | \"t\" | SEND",
                "if-match | * | SEND",
                "if-match | W/\"t\" | FAILED",
                "if-match | \"x\" | FAILED",
                "if-unmodified-since | Sun, 06 Nov 1994 08:49:37 GMT | SEND",
                "if-unmodified-since | Sun, 06 Nov 1994 08:49:36 GMT | FAILED",
                "if-unmodified-since | yesterday | SEND",
            })
    void aConditionHoldsOrNot(String field, String value, Version.Verdict verdict) {
        assertThat(VERSION.verdict(asked(field, value))).isEqualTo(verdict);
    }

    @ParameterizedTest
    @CsvSource({"'\"x\"', SEND", "'\"t\"', NOT_MODIFIED"})
    void aTagCountsMoreThanADate(String tag, Version.Verdict verdict) {
        assertThat(VERSION.verdict(asked("if-none-match", tag, "if-modified-since", DATE)))
                .isEqualTo(verdict);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                " | 1 | true",
                "\"t\" | 1 | true",
                "W/\"t\" | 60 | false",
                "\"x\" | 60 | false",
                "Sun, 06 Nov 1994 08:49:37 GMT | 60 | true",
                "Sun, 06 Nov 1994 08:49:37 GMT | 1 | false",
                "Sun, 06 Nov 1994 08:49:38 GMT | 60 | false",
            })
    void aPartMustBeOfTheSame(@Nullable String ifRange, int secondsLater, boolean same) {
        Instant now = Instant.parse("1994-11-06T08:49:37Z").plusSeconds(secondsLater);
        assertThat(VERSION.isRangeOf(ifRange, now)).isEqualTo(same);
    }

    private static Asked asked(String... fields) {
        return Asked.of(
                new RequestHead(
                        "GET", false, "test", "test", "/", "", ListFields.of(fields), 0, ""));
    }
}
