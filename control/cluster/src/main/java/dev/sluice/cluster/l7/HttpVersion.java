package dev.sluice.cluster.l7;

import dev.sluice.cluster.config.Scalar;
import dev.sluice.cluster.config.Scalars;

/** The versions of HTTP that are spoken, on either side. */
public enum HttpVersion {
    /** HTTP/1.1, and 1.0 from clients. */
    H1,
    H2;

    /** As configurations write it: {@code h1}, {@code h2}. */
    static Scalar<HttpVersion> scalar() {
        return Scalars.oneOf(HttpVersion.class);
    }
}
