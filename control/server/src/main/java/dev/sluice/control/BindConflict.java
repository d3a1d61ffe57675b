package dev.sluice.control;

import dev.sluice.cluster.pool.Bind;

import java.util.List;
import java.util.Optional;

/** A bind of a pool to be founded that another pool's bind does not let it have. */
record BindConflict(Bind bind, String otherPool, Bind otherBind) {
    static final String HINT =
            "give each pool its own addresses or ports, or one of the two binds a longer prefix or"
                    + " a range within the other's";

    /** The first of the binds that conflicts with another pool's. */
    static Optional<BindConflict> find(List<Bind> binds, String otherPool, List<Bind> otherBinds) {
        for (Bind bind : binds) {
            for (Bind other : otherBinds) {
                if (bind.conflictsWith(other)) {
                    return Optional.of(new BindConflict(bind, otherPool, other));
                }
            }
        }
        return Optional.empty();
    }

    @Override
    public String toString() {
        return bind.equals(otherBind)
                ? "has " + bind + ", which belongs to pool " + otherPool
                : "has "
                        + bind
                        + ", which overlaps "
                        + otherBind
                        + " of pool "
                        + otherPool
                        + ", and neither is more specific";
    }
}
