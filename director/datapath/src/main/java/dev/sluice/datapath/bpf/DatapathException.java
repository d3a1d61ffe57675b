package dev.sluice.datapath.bpf;

/**
 * The kernel or a C library refused something. The message is one line: what was tried, on what,
 * and what came back; {@link #log} has the rest.
 */
public class DatapathException extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final String log;

    public DatapathException(String message) {
        this(message, "");
    }

    public DatapathException(String message, Throwable cause) {
        super(message, cause);
        this.log = "";
    }

    /**
     * @param log libbpf's words, among them the verifier's
     */
    public DatapathException(String message, String log) {
        super(message);
        this.log = log;
    }

    /** Every line that libbpf and the verifier wrote about the failure; empty if none. */
    public String log() {
        return log;
    }
}
