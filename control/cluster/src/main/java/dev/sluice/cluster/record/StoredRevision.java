package dev.sluice.cluster.record;

/**
 * What is stored as one {@link ConfigRevision}.
 *
 * @param origin name of the file it came from
 */
public record StoredRevision(
        long number, Source source, String origin, String appliedBy, long appliedUnixMs) {
    static StoredRevision of(ConfigRevision revision) {
        return new StoredRevision(
                revision.number(),
                new Source.Whole(revision.source()),
                revision.origin(),
                revision.appliedBy(),
                revision.appliedUnixMs());
    }

    /** With the text that the source stands for. */
    public ConfigRevision with(String text) {
        return new ConfigRevision(number, text, origin, appliedBy, appliedUnixMs);
    }
}
