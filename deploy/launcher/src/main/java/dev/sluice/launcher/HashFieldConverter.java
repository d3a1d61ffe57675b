package dev.sluice.launcher;

import dev.sluice.cluster.glb.GlbHashFields;
import dev.sluice.cluster.pool.PoolSpec.HashField;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** GLB's name of a hash field. */
final class HashFieldConverter implements ITypeConverter<HashField> {
    @Override
    public HashField convert(String name) {
        try {
            return GlbHashFields.parse(name);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }
}
