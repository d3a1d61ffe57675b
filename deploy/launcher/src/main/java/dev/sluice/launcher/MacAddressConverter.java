package dev.sluice.launcher;

import dev.sluice.datapath.MacAddress;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A MAC address such as {@code 3a:89:7c:7b:5d:1f}. */
final class MacAddressConverter implements ITypeConverter<MacAddress> {
    @Override
    public MacAddress convert(String text) {
        try {
            return MacAddress.parse(text);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(
                    "'" + text + "' is no MAC address such as 3a:89:7c:7b:5d:1f");
        }
    }
}
