package dev.sluice.cluster.l7.route;

import dev.sluice.cluster.config.Scalar;
import dev.sluice.cluster.config.Scalars;

import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** The language of {@link PathChange.Substituted#with}. */
final class Replacement {
    private static final Pattern REFERENCE =
            Pattern.compile("\\$(?:([0-9])|\\{([A-Za-z_][A-Za-z0-9_]*)})");
    private static final Pattern WHOLE =
            Pattern.compile("([/A-Za-z0-9._~!&'()*+,;=:@-]|" + REFERENCE + ")*");

    private Replacement() {}

    static Scalar<String> scalar() {
        return Scalars.explained("", Replacement::checked, "characters of paths, $1, ${name}");
    }

    private static String checked(String text) {
        // RE2/J would take two digits for one group.
        if (!WHOLE.matcher(text).matches() || text.matches(".*\\$[0-9][0-9].*")) {
            throw new IllegalArgumentException("is not what a path is made of");
        }
        return text;
    }

    /** The groups that a replacement speaks of. */
    static List<String> references(String with) {
        return REFERENCE.matcher(with).results().map(Replacement::name).toList();
    }

    private static String name(MatchResult reference) {
        return reference.group(1) != null ? reference.group(1) : reference.group(2);
    }

    /** The groups that a replacement may speak of. */
    static Set<String> groups(Regex regex) {
        Set<String> groups = regex.groupNames();
        for (int i = 0; i <= regex.pattern().groupCount(); i++) {
            groups.add(Integer.toString(i));
        }
        return groups;
    }
}
