package dev.sluice.cluster.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

import java.util.List;

class ConfigRolloutTest {
    @Test
    void theFirstOneHasNoneBefore() {
        ConfigRollout first = ConfigRollout.of(7);
        assertThat(first.active()).isEqualTo(7);
        assertThat(first.before()).isEmpty();
    }

    @Test
    void goingBackTwiceEndsWhereItBegan() {
        ConfigRollout both = ConfigRollout.of(7).activate(8);
        ConfigRollout back = both.activate(both.before().orElseThrow());
        assertThat(back).isEqualTo(new ConfigRollout(3, List.of(8L, 7L)));
        assertThat(back.activate(back.before().orElseThrow()).activated())
                .isEqualTo(both.activated());
    }

    @Test
    void onlyTheLatestAreRemembered() {
        ConfigRollout rollout = ConfigRollout.of(1);
        for (long revision = 2; revision <= 250; revision++) {
            rollout = rollout.activate(revision);
        }
        assertThat(rollout.activated()).hasSize(ConfigRollout.MOST).endsWith(249L, 250L);
    }

    @Test
    void oneIsAlwaysActive() {
        assertThatIllegalArgumentException().isThrownBy(() -> new ConfigRollout(0, List.of()));
    }
}
