package dev.sluice.engine.route;

import dev.sluice.cluster.l7.route.PathMatch;
import dev.sluice.cluster.l7.route.Regex;
import dev.sluice.engine.http.Peer;
import dev.sluice.engine.http.RequestHead;

import org.jspecify.annotations.Nullable;

/**
 * A route whose host is right, and whose path is as far as its place in the trie says.
 *
 * @param rank among all routes; lower goes first
 * @param regex that the path must match too; null if its place says all
 * @param checks of which all must hold
 */
record Candidate<T>(int rank, @Nullable Regex regex, Check[] checks, T target) {

    static <T> Candidate<T> of(int rank, PathMatch path, Check[] checks, T target) {
        Regex regex = path instanceof PathMatch.Matching(Regex asked) ? asked : null;
        return new Candidate<>(rank, regex, checks, target);
    }

    boolean isFor(String path, RequestHead head, Peer peer) {
        for (Check check : checks) {
            if (!check.holds(head, peer)) {
                return false;
            }
        }
        return regex == null || regex.matches(path);
    }
}
