package dev.sluice.datapath;

/** The thread that opened an object, and the only one that may use it. */
final class OwnerThread {
    private final Thread owner = Thread.currentThread();

    void check() {
        if (Thread.currentThread() != owner) {
            throw new IllegalStateException(
                    "owned by thread "
                            + owner.getName()
                            + " and used by "
                            + Thread.currentThread().getName());
        }
    }
}
