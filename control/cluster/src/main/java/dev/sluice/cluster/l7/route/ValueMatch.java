package dev.sluice.cluster.l7.route;

import dev.sluice.cluster.config.Scalars;
import dev.sluice.cluster.config.Section;

import java.util.ArrayList;
import java.util.List;

/** What the values of a name must be, in a header, the cookies or the query. */
public sealed interface ValueMatch {

    /** At least one, whatever it is. */
    record Present() implements ValueMatch {}

    /** None at all. */
    record Absent() implements ValueMatch {}

    /** One of them is just this. */
    record Is(String text) implements ValueMatch {}

    /** One of them begins so. */
    record Begins(String text) implements ValueMatch {}

    /** One of them is matched as a whole. */
    record Matching(Regex regex) implements ValueMatch {}

    static ValueMatch read(Section section) {
        List<ValueMatch> given = new ArrayList<>();
        section.maybe("is", Scalars.text()).map(Is::new).ifPresent(given::add);
        section.maybe("begins", Scalars.text()).map(Begins::new).ifPresent(given::add);
        section.maybe("regex", Regex.scalar()).map(Matching::new).ifPresent(given::add);
        if (section.optional("absent", Scalars.flag(), false)) {
            given.add(new Absent());
        }
        if (given.size() > 1) {
            section.problem("asks for more than one thing", "one of is, begins, regex, absent", "");
        }
        return given.isEmpty() ? new Present() : given.getFirst();
    }

    /** Whether one value is as it must be; nothing is asked of the values of an absent name. */
    default boolean fits(String value) {
        return switch (this) {
            case Present _ -> true;
            case Absent _ -> false;
            case Is(String text) -> text.equals(value);
            case Begins(String text) -> value.startsWith(text);
            case Matching(Regex regex) -> regex.matches(value);
        };
    }

    /** Whether it certainly holds wherever the other one does. */
    default boolean impliedBy(ValueMatch other) {
        if (equals(other)) {
            return true;
        }
        return switch (other) {
            case Absent _, Present _ -> false;
            case Is(String text) -> fits(text);
            case Begins(String text) ->
                    this instanceof Present
                            || (this instanceof Begins(String mine) && text.startsWith(mine));
            case Matching _ -> this instanceof Present;
        };
    }
}
