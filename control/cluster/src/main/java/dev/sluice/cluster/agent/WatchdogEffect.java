package dev.sluice.cluster.agent;

/** What a director's watchdog does. */
public sealed interface WatchdogEffect {
    /** See whether the agent runs and what the kernel forwards by; answered by Looked. */
    record Look() implements WatchdogEffect {}

    /**
     * Have the routers send nothing here any more, then put that on record; answered by Withdrawn
     * or WithdrawFailed.
     *
     * @param why for people
     */
    record Withdraw(String why) implements WatchdogEffect {}
}
