package dev.sluice.cluster.l7;

import java.util.List;

/** What the endpoints of an upstream speak. */
public enum UpstreamVersion {
    H1,
    H2,

    /** What each of them chooses in its handshake; in TLS only. */
    AUTO;

    /** What is offered in a handshake, the preferred one first. */
    public List<HttpVersion> offers() {
        return switch (this) {
            case H1 -> List.of(HttpVersion.H1);
            case H2 -> List.of(HttpVersion.H2);
            case AUTO -> List.of(HttpVersion.H2, HttpVersion.H1);
        };
    }
}
