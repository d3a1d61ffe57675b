package dev.sluice.cluster.l7.route;

import dev.sluice.cluster.config.Scalar;
import dev.sluice.cluster.config.Scalars;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A path with variables for whole segments: {@code /users/{id}/posts}. A variable stands for one
 * segment that is not empty; the path must be as long as the template.
 *
 * @param segments between slashes; the last one is empty for a slash at the end
 */
public record PathTemplate(List<Segment> segments) implements Comparable<PathTemplate> {
    private static final Pattern VARIABLE = Pattern.compile("\\{[A-Za-z_][A-Za-z0-9_]{0,31}}");

    /** One segment. */
    public sealed interface Segment {}

    /** Stands for itself. */
    public record Literal(String text) implements Segment {}

    /** Stands for any segment. */
    public record Variable(String name) implements Segment {}

    public PathTemplate {
        segments = List.copyOf(segments);
    }

    /** Reads what {@link #toString} writes; anything else is an illegal argument. */
    public static PathTemplate parse(String text) {
        if (!text.startsWith("/")) {
            throw new IllegalArgumentException("does not begin with '/'");
        }
        List<Segment> segments = new ArrayList<>();
        for (String segment : text.substring(1).split("/", -1)) {
            segments.add(segment(segment));
        }
        PathTemplate template = new PathTemplate(segments);
        Set<String> seen = new HashSet<>();
        for (String name : template.variables()) {
            if (!seen.add(name)) {
                throw new IllegalArgumentException("has the variable '" + name + "' twice");
            }
        }
        return template.checkEmptySegments();
    }

    private static Segment segment(String text) {
        if (VARIABLE.matcher(text).matches()) {
            return new Variable(text.substring(1, text.length() - 1));
        }
        if (!text.isEmpty() && !PathSyntax.isPath("/" + text)) {
            throw new IllegalArgumentException("has a segment '" + text + "' that is none");
        }
        return new Literal(text);
    }

    /** Only the last one may be empty. */
    private PathTemplate checkEmptySegments() {
        for (Segment segment : segments.subList(0, segments.size() - 1)) {
            if (segment.equals(new Literal(""))) {
                throw new IllegalArgumentException("has an empty segment");
            }
        }
        return this;
    }

    static Scalar<PathTemplate> scalar() {
        return Scalars.explained(
                parse("/"), PathTemplate::parse, "segments or {variables}, like /users/{id}/posts");
    }

    public List<String> variables() {
        List<String> names = new ArrayList<>();
        for (Segment segment : segments) {
            if (segment instanceof Variable(String name)) {
                names.add(name);
            }
        }
        return names;
    }

    /** What the variables stand for in a path; null if it does not fit. */
    public @Nullable Map<String, String> values(String path) {
        Map<String, String> values = new LinkedHashMap<>();
        int at = 0;
        for (Segment segment : segments) {
            if (at >= path.length()) {
                return null;
            }
            int slash = path.indexOf('/', at + 1);
            int end = slash < 0 ? path.length() : slash;
            String text = path.substring(at + 1, end);
            switch (segment) {
                case Literal(String literal) when !literal.equals(text) -> {
                    return null;
                }
                case Variable _ when text.isEmpty() -> {
                    return null;
                }
                case Literal _ -> {}
                case Variable(String name) -> values.put(name, text);
            }
            at = end;
        }
        return at == path.length() ? values : null;
    }

    /** The path with these values for its variables, all of which are there. */
    public String filled(Map<String, String> values) {
        StringBuilder path = new StringBuilder();
        for (Segment segment : segments) {
            path.append('/');
            switch (segment) {
                case Literal(String text) -> path.append(text);
                case Variable(String name) -> path.append(values.get(name));
            }
        }
        return path.toString();
    }

    /** Whether it fits every path that the other one fits. */
    boolean covers(PathTemplate other) {
        if (segments.size() != other.segments.size()) {
            return false;
        }
        for (int i = 0; i < segments.size(); i++) {
            Segment theirs = other.segments.get(i);
            boolean covered =
                    switch (segments.get(i)) {
                        case Literal mine -> mine.equals(theirs);
                        case Variable _ -> !theirs.equals(new Literal(""));
                    };
            if (!covered) {
                return false;
            }
        }
        return true;
    }

    /** Whether no path fits both. */
    boolean isDisjointFrom(PathTemplate other) {
        if (segments.size() != other.segments.size()) {
            return true;
        }
        for (int i = 0; i < segments.size(); i++) {
            Segment mine = segments.get(i);
            Segment theirs = other.segments.get(i);
            boolean agree =
                    mine.equals(theirs)
                            || (mine instanceof Variable && !theirs.equals(new Literal("")))
                            || (theirs instanceof Variable && !mine.equals(new Literal("")));
            if (!agree) {
                return true;
            }
        }
        return false;
    }

    /** By how specific they are: lower is less, as soon as one of them has a variable alone. */
    @Override
    public int compareTo(PathTemplate other) {
        int common = Math.min(segments.size(), other.segments.size());
        for (int i = 0; i < common; i++) {
            boolean mine = segments.get(i) instanceof Variable;
            boolean theirs = other.segments.get(i) instanceof Variable;
            if (mine != theirs) {
                return mine ? -1 : 1;
            }
        }
        return Integer.compare(segments.size(), other.segments.size());
    }

    /** The segments ahead of the first variable, as a path; {@code /} for none. */
    public String literalPrefix() {
        StringBuilder path = new StringBuilder();
        for (Segment segment : segments) {
            if (!(segment instanceof Literal(String text)) || text.isEmpty()) {
                break;
            }
            path.append('/').append(text);
        }
        return path.isEmpty() ? "/" : path.toString();
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (Segment segment : segments) {
            text.append('/');
            switch (segment) {
                case Literal(String literal) -> text.append(literal);
                case Variable(String name) -> text.append('{').append(name).append('}');
            }
        }
        return text.toString();
    }
}
