package dev.sluice.cluster.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.cluster.pool.Address;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

final class ScalarsTest {
    private static final Scalar<Duration> DURATION =
            Scalars.duration(Duration.ofMillis(1), Duration.ofHours(2));

    @ParameterizedTest
    @CsvSource({"1ms,PT0.001S", "250000us,PT0.25S", "10s,PT10S", "30m,PT30M", "2h,PT2H"})
    void durationsHaveUnits(String text, Duration expected) {
        assertThat(read(DURATION, text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "10",
                "s",
                "-1s",
                "1.5s",
                "1d",
                "3h",
                "999us",
                "1 s",
                "999999999999999999h"
            })
    void otherDurationsAreRefused(String text) {
        assertThat(DURATION.read(text))
                .isInstanceOfSatisfying(
                        Reading.Wrong.class,
                        wrong ->
                                assertThat(wrong.allowed())
                                        .isEqualTo("1ms to 2h in us, ms, s, m or h"));
    }

    @ParameterizedTest
    @CsvSource({"1B,1", "16KiB,16384", "1MiB,1048576", "1GiB,1073741824"})
    void sizesHaveUnits(String text, long expected) {
        assertThat(read(Scalars.size(1, 1L << 30), text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0B", "2GiB", "16K", "16kb", "16", "-1B"})
    void otherSizesAreRefused(String text) {
        assertThat(Scalars.size(1, 1L << 30).read(text)).isInstanceOf(Reading.Wrong.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0x10", "1e3", "+1", "1_000", "one", "", "99999999999999999999"})
    void integersArePlainDigits(String text) {
        assertThat(Scalars.integer(0, 10_000).read(text)).isInstanceOf(Reading.Wrong.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "198.18.0.1",
                "198.18.0.1:",
                "198.18.0.1:0",
                "198.18.0.1:65536",
                "web:80",
                "2001:db8::1:80",
                "[198.18.0.1]:80",
                "[2001:db8::1]",
                "198.18.0.1:+80",
                "198.18.0.1:8 "
            })
    void hostPortsAreLiteralAddressesWithAPort(String text) {
        assertThat(Scalars.hostPort().read(text)).isInstanceOf(Reading.Wrong.class);
    }

    @Test
    void hostPortsPrintAsTheyAreWritten() {
        assertThat(HostPort.parse("198.18.0.1:80")).hasToString("198.18.0.1:80");
        assertThat(HostPort.parse("[2001:db8::1]:80").inet().getPort()).isEqualTo(80);
    }

    @Test
    void blocksContainTheirAddresses() {
        AddressBlock block = AddressBlock.parse("198.18.0.0/15");
        assertThat(block.contains(Address.parse("198.19.255.255"))).isTrue();
        assertThat(block.contains(Address.parse("198.20.0.0"))).isFalse();
        assertThat(block.contains(Address.parse("2001:db8::1"))).isFalse();
        assertThat(AddressBlock.parse("0.0.0.0/0").contains(Address.parse("203.0.113.9"))).isTrue();
        assertThat(AddressBlock.parse("2001:db8::1").prefixBits()).isEqualTo(128);
    }

    @ParameterizedTest
    @ValueSource(strings = {"198.18.0.1/15", "198.18.0.0/33", "198.18.0.0/", "198.18.0.0/-1", "x"})
    void blocksWithStrayBitsAreRefused(String text) {
        assertThatThrownBy(() -> AddressBlock.parse(text))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aConditionNarrowsAScalar() {
        Set<String> seen = new HashSet<>();
        Scalar<String> unique = Scalars.text().where(seen::add, "is listed twice", "");
        assertThat(read(unique, "a")).isEqualTo("a");
        assertThat(unique.read("a")).isEqualTo(Reading.wrong("is listed twice", ""));
    }

    @Test
    void nothingIsAllowedWhenNothingIsDefined() {
        assertThat(Scalars.oneOf(List.of()).read("web"))
                .isEqualTo(Reading.wrong("is not known", "nothing: none is defined"));
    }

    @ParameterizedTest
    @CsvSource({"listners,listeners", "NAME,name", "timeuot,timeout"})
    void misspeltNamesAreGuessed(String written, String meant) {
        assertThat(Nearest.of(written, List.of("listeners", "name", "timeout"))).contains(meant);
    }

    @Test
    void distantNamesAreNotGuessed() {
        assertThat(Nearest.of("idel", List.of("name", "idle"))).contains("idle");
        assertThat(Nearest.of("routes", List.of("listeners", "name"))).isEmpty();
        assertThat(Nearest.of("x".repeat(1000), List.of("x".repeat(1000)))).isEmpty();
    }

    private static <T> T read(Scalar<T> scalar, String text) {
        return switch (scalar.read(text)) {
            case Reading.Fits<T>(T value) -> value;
            case Reading.Wrong<T> wrong -> throw new AssertionError(wrong);
        };
    }
}
