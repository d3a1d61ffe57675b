package dev.sluice.datapath.bpf;

/** The errors that are told apart, and the words of all others. */
final class Errno {
    static final int ENOENT = 2;
    static final int EINTR = 4;
    static final int EAGAIN = 11;
    static final int EBUSY = 16;
    static final int EEXIST = 17;
    static final int ENODEV = 19;
    static final int EINVAL = 22;

    private Errno() {}

    /** A result of libbpf: negative error number or value. */
    static int check(int result, String attempt) {
        if (result < 0) {
            throw failure(-result, attempt);
        }
        return result;
    }

    static DatapathException failure(int errno, String attempt) {
        return new DatapathException(attempt + ": " + Libc.describe(errno));
    }
}
