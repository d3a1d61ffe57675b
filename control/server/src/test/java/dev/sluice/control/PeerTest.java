package dev.sluice.control;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;

class PeerTest {
    @TempDir Path folder;

    @Test
    void aClaimIsAnAdditionAndNeverTheName() {
        Peer peer = new Peer(1000, "ann");
        assertThat(peer.actor("")).isEqualTo("ann (1000)");
        assertThat(peer.actor("ann")).isEqualTo("ann (1000)");
        assertThat(peer.actor("root")).isEqualTo("ann (1000), says root");
        assertThat(peer.actor("x\ny")).isEqualTo("ann (1000), says x?y");
        assertThat(peer.actor("z".repeat(500))).hasSize("ann (1000), says ".length() + 64);
    }

    @Test
    void namesComeFromThePasswordFile() throws Exception {
        Path passwd =
                Files.writeString(
                        folder.resolve("passwd"),
                        "root:x:0:0:root:/root:/bin/sh\nann:x:1000:1000::/home/ann:/bin/sh\njunk\n");
        assertThat(new UserNames(passwd).of(1000)).isEqualTo("ann");
        assertThat(new UserNames(passwd).of(0)).isEqualTo("root");
        assertThat(new UserNames(passwd).of(100)).isEqualTo("?");
        assertThat(new UserNames(folder.resolve("none")).of(0)).isEqualTo("?");
    }
}
