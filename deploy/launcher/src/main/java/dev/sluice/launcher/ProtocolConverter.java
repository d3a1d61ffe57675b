package dev.sluice.launcher;

import dev.sluice.cluster.pool.Bind.Protocol;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** {@code tcp} or {@code udp}. */
final class ProtocolConverter implements ITypeConverter<Protocol> {
    @Override
    public Protocol convert(String text) {
        return switch (text) {
            case "tcp" -> Protocol.TCP;
            case "udp" -> Protocol.UDP;
            default ->
                    throw new TypeConversionException(
                            "'" + text + "' is no protocol; allowed: tcp, udp");
        };
    }
}
