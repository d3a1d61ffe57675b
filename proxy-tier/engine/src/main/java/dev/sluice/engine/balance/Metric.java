package dev.sluice.engine.balance;

/** How burdened an endpoint is, before its weight is looked at. */
enum Metric {
    /** By the number of requests on their way, tunnels included. */
    REQUESTS {
        @Override
        double load(Endpoint endpoint, long nowNanos) {
            return endpoint.inFlight();
        }
    },
    /** By the work that they are, as latencies and ages tell. */
    WORK {
        @Override
        double load(Endpoint endpoint, long nowNanos) {
            return endpoint.work(nowNanos);
        }
    };

    abstract double load(Endpoint endpoint, long nowNanos);
}
