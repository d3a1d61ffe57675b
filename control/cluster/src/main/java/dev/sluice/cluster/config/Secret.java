package dev.sluice.cluster.config;

/** A value that must not be printed: its {@code toString} and problems about it hide it. */
public record Secret(String reveal) {
    @Override
    public String toString() {
        return "(secret)";
    }
}
