package dev.sluice.cluster.config;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Compares configurations value by value. Elements of a list that all have names belong together by
 * these, others by what they are and, between those that stayed, one after the other.
 */
public final class Differences {
    private final List<Difference> found = new ArrayList<>();

    private Differences() {}

    /** In the order of the newer one; what was removed before its neighbours. */
    public static List<Difference> between(Tree before, Tree after) {
        Differences differences = new Differences();
        differences.compare("", before, after);
        return List.copyOf(differences.found);
    }

    private void compare(String path, Tree before, Tree after) {
        if (before.equals(after)) {
            return;
        }
        if (before instanceof Tree.Leaf old && after instanceof Tree.Leaf now) {
            found.add(Difference.changed(path, old.shown(), now.shown()));
        } else if (before instanceof Tree.Keys old && after instanceof Tree.Keys now) {
            keys(path, old, now);
        } else if (before instanceof Tree.Elements old && after instanceof Tree.Elements now) {
            elements(path, old.all(), now.all());
        } else {
            removed(path, before);
            added(path, after);
        }
    }

    private void keys(String path, Tree.Keys before, Tree.Keys after) {
        Set<String> all = new LinkedHashSet<>(before.values().keySet());
        all.addAll(after.values().keySet());
        for (String key : all) {
            Tree old = before.values().get(key);
            Tree now = after.values().get(key);
            String at = path.isEmpty() ? key : path + "." + key;
            if (old != null && now != null) {
                compare(at, old, now);
            } else if (old != null) {
                removed(at, old);
            } else {
                added(at, Objects.requireNonNull(now));
            }
        }
    }

    private void elements(String path, List<Tree> before, List<Tree> after) {
        Optional<List<String>> old = names(before);
        Optional<List<String>> now = names(after);
        if (old.isPresent() && now.isPresent()) {
            byName(path, before, old.get(), after, now.get());
        } else {
            byContent(path, before, after);
        }
    }

    /** If each has one, and no two the same. */
    private static Optional<List<String>> names(List<Tree> elements) {
        List<String> names = new ArrayList<>();
        for (Tree element : elements) {
            if (element instanceof Tree.Keys keys
                    && keys.values().get("name") instanceof Tree.Leaf name) {
                names.add(name.text());
            }
        }
        boolean all = names.size() == elements.size();
        return all && new HashSet<>(names).size() == names.size()
                ? Optional.of(names)
                : Optional.empty();
    }

    private void byName(
            String path, List<Tree> before, List<String> old, List<Tree> after, List<String> now) {
        Set<String> kept = new HashSet<>(now);
        for (int i = 0; i < old.size(); i++) {
            if (!kept.contains(old.get(i))) {
                removed(element(path, old.get(i)), before.get(i));
            }
        }
        Set<Alignment.Pair> stayed = new HashSet<>(Alignment.of(old, now));
        Alignment.Pair[] origins = new Alignment.Pair[now.size()];
        Alignment.common(old, now).forEach(pair -> origins[pair.after()] = pair);
        for (int j = 0; j < now.size(); j++) {
            String at = element(path, now.get(j));
            Alignment.Pair pair = origins[j];
            if (pair == null) {
                added(at, after.get(j));
                continue;
            }
            if (!stayed.contains(pair)) {
                found.add(Difference.moved(at, pair.before(), j));
            }
            compare(at, before.get(pair.before()), after.get(j));
        }
    }

    private void byContent(String path, List<Tree> before, List<Tree> after) {
        int i = 0;
        int j = 0;
        for (Alignment.Pair same : Alignment.of(before, after)) {
            gap(path, before, i, same.before(), after, j, same.after());
            i = same.before() + 1;
            j = same.after() + 1;
        }
        gap(path, before, i, before.size(), after, j, after.size());
    }

    /** Between two elements that are as they were. */
    private void gap(
            String path, List<Tree> before, int i, int iEnd, List<Tree> after, int j, int jEnd) {
        int pairs = Math.min(iEnd - i, jEnd - j);
        for (int k = 0; k < pairs; k++) {
            compare(element(path, j + k), before.get(i + k), after.get(j + k));
        }
        for (int k = i + pairs; k < iEnd; k++) {
            removed(element(path, k), before.get(k));
        }
        for (int k = j + pairs; k < jEnd; k++) {
            added(element(path, k), after.get(k));
        }
    }

    private static String element(String path, Object nameOrIndex) {
        return path + "[" + nameOrIndex + "]";
    }

    private void added(String path, Tree tree) {
        leaves(path, tree, (at, text) -> found.add(Difference.added(at, text)));
    }

    private void removed(String path, Tree tree) {
        leaves(path, tree, (at, text) -> found.add(Difference.removed(at, text)));
    }

    private interface Leaves {
        void add(String path, String text);
    }

    /** Every value of it; a list or mapping without any is one itself. */
    private static void leaves(String path, Tree tree, Leaves leaves) {
        switch (tree) {
            case Tree.Leaf leaf -> leaves.add(path, leaf.shown());
            case Tree.Keys(var values) -> {
                if (values.isEmpty()) {
                    leaves.add(path, "{}");
                }
                values.forEach((key, value) -> leaves(path + "." + key, value, leaves));
            }
            case Tree.Elements(List<Tree> all) -> {
                if (all.isEmpty()) {
                    leaves.add(path, "[]");
                }
                Optional<List<String>> names = names(all);
                for (int i = 0; i < all.size(); i++) {
                    Object label = names.isPresent() ? names.get().get(i) : i;
                    leaves(element(path, label), all.get(i), leaves);
                }
            }
        }
    }
}
