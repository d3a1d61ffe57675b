package dev.sluice.control;

import dev.sluice.cluster.config.Difference;
import dev.sluice.cluster.config.Differences;
import dev.sluice.cluster.config.Parsed;
import dev.sluice.cluster.config.Problem;
import dev.sluice.cluster.config.Tree;
import dev.sluice.cluster.l7.L7Config;
import dev.sluice.cluster.record.ConfigRevision;
import dev.sluice.cluster.zookeeper.StoreException;
import dev.sluice.proto.admin.v1.CompareConfigsReply;
import dev.sluice.proto.admin.v1.CompareConfigsRequest;
import dev.sluice.proto.admin.v1.ComparedConfig;
import dev.sluice.proto.admin.v1.ConfigDifference;
import dev.sluice.proto.admin.v1.ConfigDifferenceKind;
import dev.sluice.proto.admin.v1.ConfigText;

import java.util.List;

/** Says what a configuration would change, value by value. Blocks; any thread. */
record ConfigComparison(ConfigHistory history) {
    /** Of all differences in a reply, which may have 32 MiB. */
    private static final int MOST_CHARS = 4 << 20;

    /** One of the two. */
    private record Side(ComparedConfig name, Tree tree) {}

    Answer<CompareConfigsReply> of(CompareConfigsRequest request) throws StoreException {
        return switch (revision(request.getBefore())) {
            case Answer.Refused<Side> refused -> refused.as();
            case Answer.Done<Side>(Side before) ->
                    switch (after(request)) {
                        case Answer.Refused<Side> refused -> refused.as();
                        case Answer.Done<Side>(Side after) ->
                                new Answer.Done<>(reply(before, after));
                    };
        };
    }

    private Answer<Side> after(CompareConfigsRequest request) throws StoreException {
        return request.hasText() ? text(request.getText()) : revision(request.getRevision());
    }

    /**
     * @param number 0 = the active one
     */
    private Answer<Side> revision(long number) throws StoreException {
        return switch (history.show(number)) {
            case Answer.Refused<ConfigHistory.Shown> refused -> refused.as();
            case Answer.Done<ConfigHistory.Shown>(ConfigHistory.Shown shown) -> {
                ConfigRevision revision = shown.revision();
                ComparedConfig name =
                        ComparedConfig.newBuilder()
                                .setRevision(revision.number())
                                .setOrigin(revision.origin())
                                .build();
                yield side(name, revision.source());
            }
        };
    }

    private static Answer<Side> text(ConfigText text) {
        return side(
                ComparedConfig.newBuilder().setOrigin(text.getOrigin()).build(), text.getSource());
    }

    private static Answer<Side> side(ComparedConfig name, String source) {
        return switch (L7Config.tree(name.getOrigin(), source)) {
            case Parsed.Valid<Tree>(Tree tree) -> new Answer.Done<>(new Side(name, tree));
            case Parsed.Invalid<Tree>(List<Problem> problems) ->
                    Answer.problems(
                            name.getOrigin(),
                            problems.stream().map(Problem::toString).toList(),
                            "correct it and try again; lines can be compared without '-o json'");
        };
    }

    private static CompareConfigsReply reply(Side before, Side after) {
        CompareConfigsReply.Builder reply =
                CompareConfigsReply.newBuilder().setBefore(before.name).setAfter(after.name);
        int room = MOST_CHARS;
        for (Difference difference : Differences.between(before.tree, after.tree)) {
            room -= chars(difference);
            if (room < 0) {
                reply.setLeftOut(reply.getLeftOut() + 1);
            } else {
                reply.addDifferences(entry(difference));
            }
        }
        return reply.build();
    }

    private static int chars(Difference difference) {
        return difference.path().length()
                + difference.before().map(String::length).orElse(0)
                + difference.after().map(String::length).orElse(0);
    }

    private static ConfigDifference entry(Difference difference) {
        ConfigDifference.Builder entry =
                ConfigDifference.newBuilder()
                        .setPath(difference.path())
                        .setKind(
                                switch (difference.kind()) {
                                    case ADDED -> ConfigDifferenceKind.CONFIG_DIFFERENCE_KIND_ADDED;
                                    case REMOVED ->
                                            ConfigDifferenceKind.CONFIG_DIFFERENCE_KIND_REMOVED;
                                    case CHANGED ->
                                            ConfigDifferenceKind.CONFIG_DIFFERENCE_KIND_CHANGED;
                                    case MOVED -> ConfigDifferenceKind.CONFIG_DIFFERENCE_KIND_MOVED;
                                });
        difference.before().ifPresent(entry::setBefore);
        difference.after().ifPresent(entry::setAfter);
        return entry.build();
    }
}
