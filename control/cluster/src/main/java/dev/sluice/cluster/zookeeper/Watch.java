package dev.sluice.cluster.zookeeper;

/** Something that is read whenever it changes. Confined to the {@link WatchLoop}'s thread. */
interface Watch {
    /** Reads everything again; called after every (re)connect. */
    void reread(long epoch);

    /** Everything was read and delivered since the (re)connect of that epoch. */
    boolean isCurrent(long epoch);
}
