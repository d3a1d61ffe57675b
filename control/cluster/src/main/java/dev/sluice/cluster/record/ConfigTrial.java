package dev.sluice.cluster.record;

/**
 * A configuration that every proxy is asked to build, without serving it.
 *
 * @param askedBy the control process
 * @param origin name of the file it came from
 */
public record ConfigTrial(String askedBy, Source source, String origin) {}
