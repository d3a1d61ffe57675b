package dev.sluice.cli;

import dev.sluice.proto.admin.v1.ClusterStatus;

import io.grpc.StatusRuntimeException;

import java.time.Duration;
import java.util.Iterator;

/** Looks at the status whenever it changes. Survives a control process that restarts. */
final class StatusWatch {
    private StatusWatch() {}

    /** What is looked for. */
    interface Look {
        boolean isReached(ClusterStatus status) throws Failure;
    }

    /** Blocks. Each second at least there is a look, as long as a control process answers. */
    static void until(Look look, AdminClient client) throws Failure {
        until(look, client, Away.PATIENCE);
    }

    /** The same with a patience of its own, for when none answers. */
    static void until(Look look, AdminClient client, Duration patience) throws Failure {
        Away away = new Away(client, patience);
        while (true) {
            try {
                Iterator<ClusterStatus> statuses = away.open(client::watch);
                while (statuses.hasNext()) {
                    away.back();
                    if (look.isReached(statuses.next())) {
                        return;
                    }
                }
                away.pause();
            } catch (StatusRuntimeException e) {
                away.endured(e);
            }
        }
    }
}
