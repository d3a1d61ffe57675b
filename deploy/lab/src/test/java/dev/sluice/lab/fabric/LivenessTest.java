package dev.sluice.lab.fabric;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LivenessTest {
    private final Liveness liveness = new Liveness(3);

    @Test
    void threeMissesInARowAreASilence() {
        assertThat(liveness.after(false)).isEmpty();
        assertThat(liveness.after(false)).isEmpty();
        assertThat(liveness.after(false)).contains(false);
        assertThat(liveness.after(false)).isEmpty();
    }

    @Test
    void anAnswerInBetweenBeginsTheCountAnew() {
        for (int i = 0; i < 10; i++) {
            assertThat(liveness.after(i % 3 == 0)).isEmpty();
        }
    }

    @Test
    void threeAnswersInARowEndASilence() {
        for (int i = 0; i < 5; i++) {
            liveness.after(false);
        }
        assertThat(liveness.after(true)).isEmpty();
        assertThat(liveness.after(true)).isEmpty();
        assertThat(liveness.after(true)).contains(true);
    }
}
