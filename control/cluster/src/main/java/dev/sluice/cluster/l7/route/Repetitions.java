package dev.sluice.cluster.l7.route;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How large a regular expression is with its repetitions written out, as RE2 does it: what stands
 * in a repeated group counts as often as the group, what stands beside another is added.
 */
final class Repetitions {
    private static final Pattern COUNT = Pattern.compile("\\{([0-9]{1,4})(,([0-9]{0,4}))?}");
    private static final long ENOUGH = Integer.MAX_VALUE;

    private final String text;
    private final Deque<Long> outer = new ArrayDeque<>();

    /** Of the innermost group that is open, and of the last thing in it. */
    private long sum;

    private long last;

    private Repetitions(String text) {
        this.text = text;
    }

    /** An upper bound in characters, found in one pass over a text that may be malformed. */
    static long size(String text) {
        return new Repetitions(text).size();
    }

    private long size() {
        int at = 0;
        while (at < text.length()) {
            at = step(at);
        }
        return outer.stream().reduce(sum, Long::sum);
    }

    private int step(int at) {
        return switch (text.charAt(at)) {
            case '\\' -> one(at + 2);
            case '[' -> one(endOfClass(at + 1));
            case '(' -> {
                outer.push(sum);
                sum = 0;
                last = 0;
                yield at + 1;
            }
            case ')' -> {
                last = sum;
                sum += outer.isEmpty() ? 0 : outer.pop();
                yield at + 1;
            }
            case '{' -> repeat(at);
            default -> one(at + 1);
        };
    }

    private int one(int next) {
        last = 1;
        sum++;
        return next;
    }

    private int repeat(int at) {
        Matcher count = COUNT.matcher(text).region(at, text.length());
        if (!count.lookingAt()) {
            return one(at + 1);
        }
        String most = count.group(3) == null ? "" : count.group(3);
        long times = Math.max(1, Long.parseLong(most.isEmpty() ? count.group(1) : most));
        long repeated = Math.min(last * times, ENOUGH);
        sum = Math.min(sum - last + repeated, ENOUGH);
        last = repeated;
        return count.end();
    }

    /** A bracket that comes first is one of the class. */
    private int endOfClass(int begin) {
        int at = text.startsWith("^", begin) ? begin + 1 : begin;
        at = text.startsWith("]", at) ? at + 1 : at;
        while (at < text.length() && text.charAt(at) != ']') {
            if (text.startsWith("[:", at) && text.indexOf(":]", at) > 0) {
                at = text.indexOf(":]", at) + 2;
            } else {
                at += text.charAt(at) == '\\' ? 2 : 1;
            }
        }
        return at + 1;
    }
}
