package dev.sluice.lab.fabric;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.lab.LabDirectory;
import dev.sluice.lab.Topology;

import org.junit.jupiter.api.Test;

class AnnounceHookTest {
    @Test
    void namesEveryDirectorsNextHopOnce() {
        String script = AnnounceHook.text(new LabDirectory("hooktest"), Topology.of(2, 1, 1));
        assertThat(script)
                .containsOnlyOnce(
                        "director-1) id=101 address=198.18.11.10 address6=2001:db8:1:11::10 ;;")
                .containsOnlyOnce(
                        "director-2) id=102 address=198.18.12.10 address6=2001:db8:1:12::10 ;;")
                .contains("ip -n sluice-hooktest-router")
                .contains("cd /run/sluice/hooktest/announced");
    }
}
