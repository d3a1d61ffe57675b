package dev.sluice.cli;

import dev.sluice.proto.admin.v1.ReadTrafficReply;
import dev.sluice.proto.admin.v1.ReadTrafficRequest;
import dev.sluice.proto.cluster.v1.ProxyAnswer;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code sluice top}. */
@Command(
        name = "top",
        description = {
            "Show what each proxy does for each upstream: requests and errors per second, the time",
            "to the head of a response, requests on their way, endpoints that are left out.",
            "On a terminal anew every 2 s until Ctrl-C, cut to its size, and whether or not a control",
            "process answers meanwhile; elsewhere, with --once and as JSON, of one interval.",
        },
        footer = {
            "",
            "Examples:",
            "  sluice top",
            "  sluice top --proxy proxy-2 --once",
            "  sluice top -o json | jq 'select(.errors_per_second > 1)'",
        })
final class TopCommand extends AdminCommand {
    private static final Duration INTERVAL = Duration.ofSeconds(2);

    @Option(
            names = "--proxy",
            paramLabel = "ID",
            defaultValue = "",
            description = "Of this proxy only.")
    String proxy = "";

    @Option(names = "--once", description = "Of one interval, then end.")
    boolean once;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            description = "text or json (default: ${DEFAULT-VALUE}); json: a line each.",
            defaultValue = "text")
    Output output = Output.text;

    private final Map<String, ProxyAnswer> before = new HashMap<>();

    @Override
    int run(AdminClient client) throws Failure {
        boolean live = !once && output == Output.text && Terminal.isLive();
        remember(ask(client));
        return live ? watch(client) : look(client);
    }

    private int look(AdminClient client) throws Failure {
        pause();
        List<TopText.Row> rows = rows(client);
        if (output == Output.json) {
            TopText.json(rows).forEach(out()::println);
        } else {
            out().print(TopText.of(rows));
        }
        boolean all = rows.stream().allMatch(row -> row.answer().getProblem().isEmpty());
        return all ? ExitCode.DONE : ExitCode.FAILED;
    }

    /** Never returns: it ends with Ctrl-C, or with a proxy that is not there any more. */
    private int watch(AdminClient client) throws Failure {
        String shown = "";
        while (true) {
            pause();
            try {
                shown = TopText.of(rows(client));
                draw(shown);
            } catch (Failure e) {
                if (e.exitCode() != ExitCode.FAILED) {
                    throw e;
                }
                draw(TopText.away(String.valueOf(e.getMessage()), shown));
            }
        }
    }

    private List<TopText.Row> rows(AdminClient client) throws Failure {
        List<ProxyAnswer> answers = ask(client);
        List<TopText.Row> rows = answers.stream().map(this::row).toList();
        remember(answers);
        return rows;
    }

    private List<ProxyAnswer> ask(AdminClient client) throws Failure {
        ReadTrafficRequest request = ReadTrafficRequest.newBuilder().setProxy(proxy).build();
        ReadTrafficReply reply = client.call(stub -> stub.readTraffic(request));
        return reply.getProxiesList();
    }

    private void remember(List<ProxyAnswer> answers) {
        before.clear();
        answers.stream()
                .filter(ProxyAnswer::hasTraffic)
                .forEach(answer -> before.put(answer.getProxy(), answer));
    }

    private TopText.Row row(ProxyAnswer now) {
        ProxyAnswer then = before.get(now.getProxy());
        Optional<Rates> rates =
                then == null || !now.hasTraffic()
                        ? Optional.empty()
                        : Rates.between(then.getTraffic(), now.getTraffic());
        return new TopText.Row(now, rates.orElse(null));
    }

    private void draw(String text) {
        out().print(Terminal.screen().draw(text));
        out().flush();
    }

    private static void pause() throws Failure {
        try {
            Thread.sleep(INTERVAL);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure(ExitCode.FAILED, "interrupted");
        }
    }
}
