package dev.sluice.engine.stream;

import dev.sluice.engine.tls.ClientHello;
import dev.sluice.engine.upstream.Group;

import org.jspecify.annotations.Nullable;

/** Chooses the upstream of a stream. */
public interface Destinations {

    /**
     * Where it goes; null to refuse it.
     *
     * @param hello null unless it was overheard
     */
    @Nullable Group of(@Nullable ClientHello hello);
}
