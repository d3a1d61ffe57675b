package dev.sluice.launcher;

import dev.sluice.cluster.pool.PoolSpec.Wire;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Wire formats as configurations write them. */
final class WireConverter implements ITypeConverter<Wire> {
    @Override
    public Wire convert(String text) {
        return switch (text) {
            case "glb" -> Wire.GLB;
            case "sluice" -> Wire.SLUICE;
            default ->
                    throw new TypeConversionException(
                            "'" + text + "' is no wire format; allowed: glb, sluice");
        };
    }
}
