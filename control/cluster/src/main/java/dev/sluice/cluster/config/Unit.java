package dev.sluice.cluster.config;

import java.math.BigInteger;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A unit that a configuration writes behind a number.
 *
 * @param factor how many of the smallest unit it is
 */
record Unit(String name, long factor) {
    static final List<Unit> NONE = List.of(new Unit("", 1));
    static final List<Unit> TIME =
            List.of(
                    new Unit("us", 1_000L),
                    new Unit("ms", 1_000_000L),
                    new Unit("s", 1_000_000_000L),
                    new Unit("m", 60_000_000_000L),
                    new Unit("h", 3_600_000_000_000L));
    static final List<Unit> SIZE =
            List.of(
                    new Unit("B", 1L),
                    new Unit("KiB", 1L << 10),
                    new Unit("MiB", 1L << 20),
                    new Unit("GiB", 1L << 30));
    private static final Pattern AMOUNT = Pattern.compile("(-?[0-9]{1,19})([A-Za-z]*)");

    /** Empty if it is no number, has another unit or none; out-of-range numbers saturate. */
    static OptionalLong parse(List<Unit> units, String text) {
        Matcher amount = AMOUNT.matcher(text);
        if (!amount.matches()) {
            return OptionalLong.empty();
        }
        return units.stream()
                .filter(unit -> unit.name.equals(amount.group(2)))
                .mapToLong(unit -> unit.times(new BigInteger(amount.group(1))))
                .findFirst();
    }

    /** In the largest unit that needs no fraction. */
    static String show(List<Unit> units, long value) {
        Unit best = units.getFirst();
        for (Unit unit : units) {
            best = value != 0 && value % unit.factor == 0 ? unit : best;
        }
        return value / best.factor + best.name;
    }

    /** {@code " in us, ms or s"}; nothing for numbers without a unit. */
    static String names(List<Unit> units) {
        if (units.size() == 1) {
            return "";
        }
        return units.subList(0, units.size() - 1).stream()
                .map(Unit::name)
                .collect(Collectors.joining(", ", " in ", " or " + units.getLast().name));
    }

    private long times(BigInteger number) {
        BigInteger product = number.multiply(BigInteger.valueOf(factor));
        return product.min(BigInteger.valueOf(Long.MAX_VALUE))
                .max(BigInteger.valueOf(Long.MIN_VALUE))
                .longValue();
    }
}
