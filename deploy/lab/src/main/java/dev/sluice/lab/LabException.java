package dev.sluice.lab;

import java.util.List;

/** The lab cannot do what was asked; the message says why and what to do, for the operator. */
public final class LabException extends Exception {
    private static final long serialVersionUID = 1;

    private final boolean refused;

    private LabException(String message, boolean refused) {
        super(message);
        this.refused = refused;
    }

    /** It was tried and did not work, or cannot work on this machine. */
    public static LabException failed(String message) {
        return new LabException(message, false);
    }

    public static LabException failed(List<String> reasons) {
        return failed(String.join("\n", reasons));
    }

    /** Nothing was changed, since the lab is not in a state for it. */
    public static LabException refused(String message) {
        return new LabException(message, true);
    }

    public boolean isRefused() {
        return refused;
    }
}
