package dev.sluice.cluster.config;

import dev.sluice.cluster.pool.Address;

import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.regex.Pattern;

/** The usual values of a configuration. */
public final class Scalars {
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?");

    private static final String A_NAME =
            "1 to 63 of a-z, 0-9, '.', '_', '-', with a letter or digit at both ends";

    /** Stands for one that is missing or wrong: no name is like it. */
    private static final String NO_NAME = "?";

    private Scalars() {}

    /** Any text that is not empty. */
    public static Scalar<String> text() {
        return scalar(
                "",
                text ->
                        text.isEmpty()
                                ? Reading.wrong("is empty", "some text")
                                : new Reading.Fits<>(text));
    }

    /** The name of a thing: usable in paths, labels, and commands. */
    public static Scalar<String> name() {
        return scalar(
                NO_NAME,
                text ->
                        NAME.matcher(text).matches()
                                ? new Reading.Fits<>(text)
                                : Reading.wrong("is not a name", A_NAME),
                new Shape.Text(A_NAME));
    }

    /** Some text that no problem shows. */
    public static Scalar<Secret> secret() {
        return secret(text().map(Secret::new));
    }

    /** The given one, with problems that do not show the value. */
    public static <T> Scalar<T> secret(Scalar<T> scalar) {
        return new Plain<>(scalar.placeholder(), scalar::read, true, scalar.shape());
    }

    /** The absolute path of a file or directory. */
    public static Scalar<String> path() {
        return text().where(Scalars::isAbsolute, "is not an absolute path", "/…");
    }

    /** Of a file with a secret: what is no path is not shown, for it may be the secret itself. */
    public static Scalar<String> secretPath() {
        Scalar<String> path = path();
        return new Scalar<>() {
            @Override
            public Reading<String> read(String text) {
                return path.read(text);
            }

            @Override
            public String placeholder() {
                return path.placeholder();
            }

            @Override
            public Shape shape() {
                return path.shape();
            }

            @Override
            public boolean shows(String text) {
                return isAbsolute(text);
            }
        };
    }

    private static boolean isAbsolute(String path) {
        return path.startsWith("/");
    }

    public static Scalar<Integer> integer(int min, int max) {
        return integer((long) min, max).map(Math::toIntExact);
    }

    public static Scalar<Long> integer(long min, long max) {
        return number(Unit.NONE, min, max, "is not a whole number");
    }

    /** With a unit: {@code 250us}, {@code 200ms}, {@code 10s}, {@code 30m}, {@code 2h}. */
    public static Scalar<Duration> duration(Duration min, Duration max) {
        return number(Unit.TIME, min.toNanos(), max.toNanos(), "is not a duration")
                .map(Duration::ofNanos);
    }

    /** Bytes with a unit: {@code 512B}, {@code 16KiB}, {@code 10MiB}, {@code 1GiB}. */
    public static Scalar<Long> size(long min, long max) {
        return number(Unit.SIZE, min, max, "is not a size");
    }

    public static Scalar<Boolean> flag() {
        Scalar<Boolean> words =
                oneOf(Map.of("true", true, "false", false), List.of("true", "false"));
        return scalar(words.placeholder(), words::read, new Shape.Flag());
    }

    /** The constants of an enum, written like {@code round-robin}. */
    public static <E extends Enum<E>> Scalar<E> oneOf(Class<E> type) {
        Map<String, E> byName = new LinkedHashMap<>();
        Arrays.stream(type.getEnumConstants()).forEach(e -> byName.put(written(e), e));
        return oneOf(byName, byName.keySet());
    }

    /** One of the given texts, e.g. names defined elsewhere in the file. */
    public static Scalar<String> oneOf(Collection<String> texts) {
        Map<String, String> byName = new LinkedHashMap<>();
        texts.stream()
                .filter(text -> !text.equals(NO_NAME))
                .forEach(text -> byName.put(text, text));
        return byName.isEmpty()
                ? scalar("", text -> Reading.wrong("is not known", "nothing: none is defined"))
                : oneOf(byName, byName.keySet());
    }

    /** One of the keys of the map, which are shown in the given order. */
    public static <T> Scalar<T> oneOf(Map<String, T> byName, Collection<String> order) {
        String first = order.iterator().next();
        T placeholder = byName.getOrDefault(first, byName.values().iterator().next());
        return scalar(
                placeholder,
                text -> {
                    T found = byName.get(text);
                    return found != null
                            ? new Reading.Fits<>(found)
                            : new Reading.Wrong<>(
                                    "is not allowed",
                                    String.join(", ", order),
                                    Nearest.hint(text, order));
                },
                new Shape.OneOf(List.copyOf(order)));
    }

    public static Scalar<Address> address() {
        return parsed(Address.parse("0.0.0.0"), Address::parse, "an IPv4 or IPv6 address literal");
    }

    public static Scalar<HostPort> hostPort() {
        return parsed(
                HostPort.parse("0.0.0.0:1"),
                HostPort::parse,
                "IP:port, e.g. 198.18.0.1:80 or [2001:db8::1]:80");
    }

    public static Scalar<AddressBlock> addressBlock() {
        return parsed(
                AddressBlock.parse("0.0.0.0/0"),
                AddressBlock::parse,
                "an address or CIDR block, e.g. 198.18.0.0/16");
    }

    /** A value whose parser throws {@link IllegalArgumentException} when the text is wrong. */
    public static <T> Scalar<T> parsed(T placeholder, Function<String, T> parser, String allowed) {
        return scalar(
                placeholder,
                text -> {
                    try {
                        return new Reading.Fits<>(parser.apply(text));
                    } catch (IllegalArgumentException ignored) {
                        return Reading.wrong("is not valid", allowed);
                    }
                },
                new Shape.Text(allowed));
    }

    /** Like {@link #parsed(Object, Function, String)}, for values that print otherwise. */
    public static <T> Scalar<T> parsed(
            T placeholder, Function<String, T> parser, Function<T, String> writer, String allowed) {
        return new Printed<>(parsed(placeholder, parser, allowed), writer);
    }

    /**
     * Like {@link #parsed(Object, Function, String)}, but what the parser throws says what is
     * wrong: "is no …".
     */
    public static <T> Scalar<T> explained(
            T placeholder, Function<String, T> parser, String allowed) {
        return scalar(
                placeholder,
                text -> {
                    try {
                        return new Reading.Fits<>(parser.apply(text));
                    } catch (IllegalArgumentException e) {
                        return Reading.wrong(String.valueOf(e.getMessage()), allowed);
                    }
                },
                new Shape.Text(allowed));
    }

    /** How a configuration writes an enum constant. */
    public static String written(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static Scalar<Long> number(List<Unit> units, long min, long max, String otherwise) {
        String allowed = Unit.show(units, min) + " to " + Unit.show(units, max) + Unit.names(units);
        return scalar(
                min,
                text -> {
                    OptionalLong number = Unit.parse(units, text);
                    if (number.isEmpty()) {
                        return Reading.wrong(otherwise, allowed);
                    }
                    long value = number.getAsLong();
                    return value < min || value > max
                            ? Reading.wrong("is out of range", allowed)
                            : new Reading.Fits<>(value);
                },
                units.equals(Unit.NONE) ? new Shape.Whole(min, max) : amount(units, min, max));
    }

    private static Shape amount(List<Unit> units, long min, long max) {
        return new Shape.Amount(
                units.stream().map(Unit::name).toList(),
                Unit.show(units, min),
                Unit.show(units, max));
    }

    private static <T> Scalar<T> scalar(T placeholder, Function<String, Reading<T>> reader) {
        return scalar(placeholder, reader, new Shape.Text(""));
    }

    private static <T> Scalar<T> scalar(
            T placeholder, Function<String, Reading<T>> reader, Shape shape) {
        return new Plain<>(placeholder, reader, false, shape);
    }

    private record Printed<T>(Scalar<T> plain, Function<T, String> writer) implements Scalar<T> {
        @Override
        public Reading<T> read(String text) {
            return plain.read(text);
        }

        @Override
        public T placeholder() {
            return plain.placeholder();
        }

        @Override
        public Shape shape() {
            return plain.shape();
        }

        @Override
        public String written(T value) {
            return writer.apply(value);
        }
    }

    private record Plain<T>(
            T placeholder, Function<String, Reading<T>> reader, boolean secret, Shape shape)
            implements Scalar<T> {
        @Override
        public Reading<T> read(String text) {
            return reader.apply(text);
        }
    }
}
