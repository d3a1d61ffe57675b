package dev.sluice.launcher;

import dev.sluice.cluster.glb.GlbHashFields;
import dev.sluice.cluster.pool.PoolSpec.HashField;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

import java.util.Set;

/** GLB's names of hash fields. */
final class HashFieldsConverter implements ITypeConverter<Set<HashField>> {
    @Override
    public Set<HashField> convert(String list) {
        try {
            return GlbHashFields.parse(list);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }
}
