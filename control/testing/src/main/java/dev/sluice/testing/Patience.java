package dev.sluice.testing;

import org.awaitility.Awaitility;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestPlan;

import java.time.Duration;

/**
 * How long a test waits for what must come, unless it says otherwise: only a bound against hanging,
 * so that a machine which stalls for a while fails nothing.
 */
public final class Patience implements TestExecutionListener {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @Override
    public void testPlanExecutionStarted(TestPlan plan) {
        Awaitility.setDefaultTimeout(LIMIT);
    }
}
