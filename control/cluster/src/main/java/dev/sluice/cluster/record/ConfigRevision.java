package dev.sluice.cluster.record;

/**
 * One immutable L7 configuration.
 *
 * @param source the operator's YAML, byte for byte
 * @param origin name of the file it came from
 */
public record ConfigRevision(
        long number, String source, String origin, String appliedBy, long appliedUnixMs) {}
