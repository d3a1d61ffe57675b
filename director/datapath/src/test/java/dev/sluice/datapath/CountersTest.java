package dev.sluice.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cluster.packet.DirectorCounter;
import dev.sluice.cluster.packet.FlowVerdict;
import dev.sluice.cluster.packet.RedirectCounter;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the programs count by number has the same name in Java. */
class CountersTest {
    private static final Pattern CONSTANT =
            Pattern.compile("^\\s*([A-Z_0-9]+),", Pattern.MULTILINE);

    @Test
    void aDirectorsAreNumberedAsInJava() throws IOException {
        assertThat(constants("counter.h", "counter")).isEqualTo(names(DirectorCounter.class));
    }

    @Test
    void aRedirectsAreNumberedAsInJava() throws IOException {
        assertThat(constants("rule.h", "verdict")).isEqualTo(names(RedirectCounter.class));
    }

    @Test
    void thoseOfWatchedFlowsAreNumberedAsInJava() throws IOException {
        assertThat(constants("watch.h", "watch_verdict"))
                .isEqualTo(names(FlowVerdict.class).stream().map(n -> "WATCH_" + n).toList());
    }

    private static List<String> names(Class<? extends Enum<?>> type) {
        return Arrays.stream(type.getEnumConstants()).map(Enum::name).toList();
    }

    /** Those without a number of their own. */
    private static List<String> constants(String header, String type) throws IOException {
        String text = Files.readString(Path.of("src/main/bpf", header));
        Matcher body = Pattern.compile("enum " + type + " \\{([^}]*)}").matcher(text);
        assertThat(body.find()).as("enum %s in %s", type, header).isTrue();
        return CONSTANT.matcher(body.group(1)).results().map(r -> r.group(1)).toList();
    }
}
