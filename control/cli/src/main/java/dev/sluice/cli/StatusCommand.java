package dev.sluice.cli;

import dev.sluice.proto.admin.v1.ClusterStatus;
import dev.sluice.proto.admin.v1.StatusRequest;

import io.grpc.StatusRuntimeException;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.util.Iterator;

@Command(
        name = "status",
        description = "Show pools, proxies, directors, open changes and problems.",
        footer = {
            "",
            "Examples:",
            "  sluice status",
            "  sluice status --watch",
            "  sluice status -o json | jq '.pools[].proxies[] | {id, state, connections}'",
        })
final class StatusCommand extends AdminCommand {
    private static final String CLEAR = "\u001b[H\u001b[2J";

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            description =
                    "text or json (default: ${DEFAULT-VALUE}); json with --watch: a line each.",
            defaultValue = "text")
    Output output = Output.text;

    @Option(
            names = {"-w", "--watch"},
            description = "Show it again whenever it changes, until Ctrl-C.")
    boolean watch;

    @Override
    int run(AdminClient client) throws Failure {
        if (watch) {
            watch(client);
        } else {
            ClusterStatus status =
                    client.call(stub -> stub.status(StatusRequest.getDefaultInstance()));
            out().println(
                            output == Output.json
                                    ? Json.pretty(status)
                                    : StatusText.of(status).stripTrailing());
        }
        return ExitCode.DONE;
    }

    private void watch(AdminClient client) throws Failure {
        try {
            Iterator<ClusterStatus> statuses = client.watch();
            while (statuses.hasNext()) {
                show(statuses.next());
            }
        } catch (StatusRuntimeException e) {
            throw client.failure(e);
        }
    }

    private void show(ClusterStatus status) {
        if (output == Output.json) {
            out().println(Json.line(status));
        } else {
            out().print(Terminal.isLive() ? CLEAR : "");
            out().println(StatusText.of(status));
        }
        out().flush();
    }
}
