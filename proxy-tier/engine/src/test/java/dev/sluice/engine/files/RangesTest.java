package dev.sluice.engine.files;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Of a file of 100 bytes; parts are written as first byte + length. */
final class RangesTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "bytes=0-0 | 0+1",
                "bytes=0-99 | 0+100",
                "BYTES=10- | 10+90",
                "bytes=90-1000 | 90+10",
                "bytes=-5 | 95+5",
                "bytes=-500 | 0+100",
                "bytes= 0-1 , 50-59 | 0+2 50+10",
                "bytes=50-59,0-1 | 50+10 0+2",
                "bytes=0-1,200-300 | 0+2",
                "bytes=100- | nowhere",
                "bytes=100-200,300- | nowhere",
                "bytes=-0 | nowhere",
                "bytes=5-1 | whole",
                "bytes=- | whole",
                "bytes=a-b | whole",
                "bytes=0-1,x | whole",
                "bytes= | whole",
                "bytes=0-99999999999999999999 | whole",
                "lines=0-1 | whole",
                "bytes=0-50,50-99 | whole",
                "bytes=0-,0-,0- | whole",
                " | whole",
            })
    void aFieldAsksForParts(@Nullable String field, String parts) {
        assertThat(text(Ranges.of(field, 100))).isEqualTo(parts);
    }

    @Test
    void moreThanSixteenAreNotHeeded() {
        String sixteen =
                IntStream.range(0, 16)
                        .mapToObj(i -> i * 2 + "-" + i * 2)
                        .collect(Collectors.joining(","));
        assertThat(Ranges.of("bytes=" + sixteen, 100)).isInstanceOf(Ranges.Parts.class);
        assertThat(Ranges.of("bytes=" + sixteen + ",90-91", 100)).isEqualTo(new Ranges.Whole());
    }

    @Test
    void thereIsNothingInAnEmptyFile() {
        assertThat(Ranges.of("bytes=0-", 0)).isEqualTo(new Ranges.Nowhere());
        assertThat(Ranges.of("bytes=-5", 0)).isEqualTo(new Ranges.Nowhere());
        assertThat(Ranges.of(null, 0)).isEqualTo(new Ranges.Whole());
    }

    private static String text(Ranges ranges) {
        return switch (ranges) {
            case Ranges.Whole _ -> "whole";
            case Ranges.Nowhere _ -> "nowhere";
            case Ranges.Parts(var parts) ->
                    parts.stream()
                            .map(part -> part.from() + "+" + part.length())
                            .collect(Collectors.joining(" "));
        };
    }
}
