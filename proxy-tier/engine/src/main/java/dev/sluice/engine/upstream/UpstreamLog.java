package dev.sluice.engine.upstream;

import dev.sluice.engine.balance.Endpoint;
import dev.sluice.engine.balance.Observer;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;

/** Says what happens to the endpoints of an upstream. */
record UpstreamLog(String upstream) implements Observer {
    private static final Logger LOG = LoggerFactory.getLogger(UpstreamLog.class);

    @Override
    public void onEjected(Endpoint endpoint, String why, Duration time) {
        LOG.atWarn()
                .addKeyValue("upstream", upstream)
                .addKeyValue("endpoint", endpoint)
                .addKeyValue("why", why)
                .addKeyValue("time", time)
                .log("endpoint-ejected");
    }

    @Override
    public void onReturned(Endpoint endpoint) {
        LOG.atInfo()
                .addKeyValue("upstream", upstream)
                .addKeyValue("endpoint", endpoint)
                .log("endpoint-back");
    }

    @Override
    public void onHealth(Endpoint endpoint, boolean well, String why) {
        (well ? LOG.atInfo() : LOG.atWarn())
                .addKeyValue("upstream", upstream)
                .addKeyValue("endpoint", endpoint)
                .addKeyValue("why", why)
                .log(well ? "endpoint-well" : "endpoint-unwell");
    }

    @Override
    public void onPanic(boolean panic, int fit, int all) {
        if (panic) {
            LOG.atError()
                    .addKeyValue("upstream", upstream)
                    .addKeyValue("fit", fit)
                    .addKeyValue("all", all)
                    .log("upstream-panic: all endpoints are used, fit or not");
        } else {
            LOG.atInfo()
                    .addKeyValue("upstream", upstream)
                    .addKeyValue("fit", fit)
                    .addKeyValue("all", all)
                    .log("upstream-panic-over");
        }
    }
}
