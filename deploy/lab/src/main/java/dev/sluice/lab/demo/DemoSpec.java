package dev.sluice.lab.demo;

import java.time.Duration;

/**
 * How much traffic a demo makes.
 *
 * @param clients that send short requests
 * @param pause of each between two requests, on average
 * @param downloadBytes of the one large download
 * @param downloadRate bytes per second
 * @param streams smaller slow downloads beside it, whose connections are pinned too
 */
public record DemoSpec(
        int clients, Duration pause, long downloadBytes, long downloadRate, int streams) {

    /** Fits a machine with two cores: about 15 seconds of traffic. */
    public static final DemoSpec DEFAULT =
            new DemoSpec(24, Duration.ofMillis(60), 48_000_000, 4_000_000, 9);
}
