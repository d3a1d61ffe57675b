package dev.sluice.engine.exchange;

import dev.sluice.cluster.l7.L7Config;
import dev.sluice.cluster.l7.Telemetry;
import dev.sluice.engine.http.Forwarding;
import dev.sluice.engine.route.RouteTable;

/**
 * What requests are handled by: immutable, read once at the start of a request.
 *
 * @param buffers what all routes that buffer share
 * @param servedBy what responses say about who served them; empty for nothing
 * @param telemetry what is told about requests
 */
public record Rules(
        RouteTable<Destination> routes,
        Forwarding forwarding,
        L7Config.Buffers buffers,
        String servedBy,
        Telemetry telemetry) {}
