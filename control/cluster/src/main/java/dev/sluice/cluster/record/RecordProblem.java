package dev.sluice.cluster.record;

/**
 * Why a stored record was refused.
 *
 * @param field path of the field, e.g. {@code live[0].members[1].weight}; empty for the whole
 * @param what was seen there
 * @param allowed values
 */
public record RecordProblem(String field, String what, String allowed) {
    @Override
    public String toString() {
        return (field.isEmpty() ? "" : field + ": ") + what + "; allowed: " + allowed;
    }
}
