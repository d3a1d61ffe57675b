package dev.sluice.lab.scenario;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** L7 configurations, each a little different from the one before. Used by one thread. */
final class ConfigChurn {
    private final Play play;
    private final String text;
    private int revision;

    ConfigChurn(Play play) throws IOException {
        this.play = play;
        this.text = Files.readString(play.cluster().l7File());
    }

    /** Makes the next one active: the same with a route more. */
    void apply() throws IOException {
        revision++;
        Path file = Files.createTempFile("sluice-churn", ".yaml");
        try {
            String route = "routes:\n  - path: /churn/" + revision + "\n    upstream: web\n";
            Files.writeString(file, text.replace("routes:\n", route));
            play.change("configuration " + revision, () -> play.operator().applyConfig(file));
        } finally {
            Files.delete(file);
        }
    }
}
