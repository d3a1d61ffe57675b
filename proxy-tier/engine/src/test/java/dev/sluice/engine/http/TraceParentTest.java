package dev.sluice.engine.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.random.RandomGenerator;

final class TraceParentTest {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";

    private static Fields fields(String... parents) {
        Fields fields = new ListFields();
        for (String parent : parents) {
            fields.add(Names.TRACEPARENT, parent);
        }
        return fields;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "00-" + TRACE + "-b7ad6b7169203331-01",
                "00-" + TRACE + "-b7ad6b7169203331-00",
                "cc-" + TRACE + "-b7ad6b7169203331-01",
                "cc-" + TRACE + "-b7ad6b7169203331-01-what-the-future-will-be-like",
            })
    void isValid(String text) {
        assertThat(TraceParent.traceOf(fields(text))).isEqualTo(TRACE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "00",
                "ff-" + TRACE + "-b7ad6b7169203331-01",
                "00-" + TRACE + "-b7ad6b7169203331-01-more",
                "cc-" + TRACE + "-b7ad6b7169203331-01.more",
                "00-" + TRACE + "-b7ad6b7169203331-0",
                "00-" + TRACE + "-0000000000000000-01",
                "00-00000000000000000000000000000000-b7ad6b7169203331-01",
                "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
                "00_" + TRACE + "-b7ad6b7169203331-01",
                "0x-" + TRACE + "-b7ad6b7169203331-01",
            })
    void isNotValid(String text) {
        assertThat(TraceParent.traceOf(fields(text))).isNull();
    }

    @Test
    void twoAreNone() {
        String parent = "00-" + TRACE + "-b7ad6b7169203331-01";
        assertThat(TraceParent.traceOf(fields(parent, parent))).isNull();
        assertThat(TraceParent.traceOf(fields())).isNull();
    }

    @Test
    void whatIsBegunIsValidAndNotSampled() {
        Fields fields = fields("nonsense");
        RandomGenerator zeros = () -> 0;
        TraceParent.ensure(fields, zeros);
        assertThat(TraceParent.traceOf(fields)).isEqualTo("0".repeat(31) + "1");
        assertThat(fields.get(Names.TRACEPARENT)).endsWith("-0000000000000001-00");
    }
}
