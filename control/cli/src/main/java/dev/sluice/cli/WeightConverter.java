package dev.sluice.cli;

import dev.sluice.proto.admin.v1.MemberStatus;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** {@code proxy-1=3}. */
final class WeightConverter implements ITypeConverter<MemberStatus> {
    private static final int MAX = 65_535;

    @Override
    public MemberStatus convert(String text) {
        int equals = text.lastIndexOf('=');
        if (equals < 1) {
            throw new TypeConversionException("'" + text + "' is not PROXY=WEIGHT, e.g. proxy-1=3");
        }
        return MemberStatus.newBuilder()
                .setProxy(text.substring(0, equals))
                .setWeight(weight(text.substring(equals + 1)))
                .build();
    }

    private static int weight(String text) {
        if (!text.matches("[0-9]{1,5}") || isOutOfRange(Integer.parseInt(text))) {
            throw new TypeConversionException(
                    "weight '"
                            + text
                            + "'; allowed: 1 to "
                            + MAX
                            + "; to take all from a proxy, drain it");
        }
        return Integer.parseInt(text);
    }

    private static boolean isOutOfRange(int weight) {
        return weight < 1 || weight > MAX;
    }

    /** A weight without a proxy. */
    static final class Alone implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String text) {
            return weight(text);
        }
    }
}
