package dev.sluice.cli;

import com.github.difflib.DiffUtils;
import com.github.difflib.UnifiedDiffUtils;

import dev.sluice.proto.admin.v1.CompareConfigsRequest;
import dev.sluice.proto.admin.v1.ConfigText;
import dev.sluice.proto.admin.v1.ShowConfigReply;
import dev.sluice.proto.admin.v1.ShowConfigRequest;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.util.List;

@Command(
        name = "diff",
        description = {
            "Show what a file, or another revision, would change.",
            "A unified diff from the active configuration, empty if nothing changes; the exit",
            "code is 0 with and without differences. With '-o json' values are compared instead of",
            "lines: comments, the order of keys and how a value is quoted make no difference.",
        },
        footer = {
            "",
            "Examples:",
            "  sluice config diff -f site.yaml",
            "  sluice config diff 3              what a rollback to revision 3 would change",
            "  sluice config diff 3 --from 2     what revision 3 had changed in 2",
            "  sluice config diff -f site.yaml -o json | jq -r '.differences[].path'",
        })
final class ConfigDiffCommand extends AdminCommand {
    private static final int CONTEXT_LINES = 3;

    @ArgGroup(multiplicity = "1")
    private Other other = new Other();

    @Option(
            names = "--from",
            paramLabel = "N",
            description = "Compare with this revision (default: the active one).",
            defaultValue = "0")
    private long from;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            description = "text or json (default: ${DEFAULT-VALUE}).",
            defaultValue = "text")
    private Output output = Output.text;

    /** One of the two. */
    private static final class Other {
        @ArgGroup(exclusive = false)
        private @Nullable ConfigSource source;

        @Parameters(paramLabel = "REVISION", description = "As 'config history' shows it.")
        private long revision;
    }

    @Override
    int run(AdminClient client) throws Failure {
        ConfigSource source = other.source;
        if (output == Output.json) {
            CompareConfigsRequest request = request(source);
            out().println(Json.pretty(client.call(stub -> stub.compareConfigs(request))));
            return ExitCode.DONE;
        }
        ShowConfigReply before = show(client, from);
        if (source == null) {
            ShowConfigReply after = show(client, other.revision);
            print(before, after.getSource(), name(after));
        } else {
            print(before, source.text(), source.origin());
        }
        return ExitCode.DONE;
    }

    private CompareConfigsRequest request(@Nullable ConfigSource source) throws Failure {
        CompareConfigsRequest.Builder request = CompareConfigsRequest.newBuilder().setBefore(from);
        return source == null
                ? request.setRevision(other.revision).build()
                : request.setText(
                                ConfigText.newBuilder()
                                        .setSource(source.text())
                                        .setOrigin(source.origin()))
                        .build();
    }

    private static ShowConfigReply show(AdminClient client, long revision) throws Failure {
        return client.call(stub ->
                stub.showConfig(ShowConfigRequest.newBuilder().setRevision(revision).build()));
    }

    private static String name(ShowConfigReply revision) {
        return "revision " + revision.getRevision();
    }

    private void print(ShowConfigReply before, String after, String name) {
        List<String> lines = before.getSource().lines().toList();
        UnifiedDiffUtils.generateUnifiedDiff(
                        name(before),
                        name,
                        lines,
                        DiffUtils.diff(lines, after.lines().toList()),
                        CONTEXT_LINES)
                .forEach(out()::println);
    }
}
