package dev.sluice.datapath;

import dev.sluice.datapath.bpf.DatapathException;

import java.nio.file.Path;

/**
 * The pins are of a later version of this software, or of an older one and nothing is known of its
 * tables. They keep forwarding; going on means removing them first, and so a moment without
 * forwarding.
 */
public final class IncompatibleLayoutException extends DatapathException {
    private static final long serialVersionUID = 1;

    IncompatibleLayoutException(Path directory, String found, String expected, String wayOut) {
        super(
                "the pins in "
                        + directory
                        + " have layout "
                        + found
                        + ", and this version has "
                        + expected
                        + ": "
                        + wayOut);
    }
}
