package dev.sluice.simulation;

/**
 * The client's side of a {@link SmallWorld}, and what may still go wrong in it.
 *
 * @param owner index of the proxy whose SYN-ACK was taken; -1 = none yet
 * @param answers bit p: a SYN-ACK of proxy p is under way; of no meaning once one was taken
 * @param syns that may still be sent
 * @param crashes of a proxy process that may still happen
 * @param reboots of a director host that may still happen
 * @param losses of reach that may still happen: a director's of a proxy
 */
record SmallFlow(
        Phase phase, int owner, int answers, int syns, int crashes, int reboots, int losses) {
    /** How far the client is. */
    enum Phase {
        NEW,
        OPEN,
        DONE
    }

    static SmallFlow of(SmallScript script) {
        return new SmallFlow(
                Phase.NEW,
                -1,
                0,
                script.syns(),
                script.crashes(),
                script.reboots(),
                script.losses());
    }

    boolean is(Phase asked) {
        return phase == asked;
    }

    boolean isAnsweredBy(int proxy) {
        return (answers & (1 << proxy)) != 0;
    }

    SmallFlow openOn(int proxy) {
        return new SmallFlow(Phase.OPEN, proxy, 0, syns, crashes, reboots, losses);
    }

    SmallFlow done() {
        return new SmallFlow(Phase.DONE, -1, 0, 0, crashes, reboots, losses);
    }

    /** A proxy sends a SYN-ACK, which matters to a client that waits for one. */
    SmallFlow answeredBy(int proxy) {
        int bits = is(Phase.NEW) ? answers | 1 << proxy : answers;
        return new SmallFlow(phase, owner, bits, syns, crashes, reboots, losses);
    }

    SmallFlow sendingSyn() {
        return new SmallFlow(phase, owner, answers, syns - 1, crashes, reboots, losses);
    }

    SmallFlow crashing() {
        return new SmallFlow(phase, owner, answers, syns, crashes - 1, reboots, losses);
    }

    SmallFlow rebooting() {
        return new SmallFlow(phase, owner, answers, syns, crashes, reboots - 1, losses);
    }

    SmallFlow losing() {
        return new SmallFlow(phase, owner, answers, syns, crashes, reboots, losses - 1);
    }
}
