package dev.sluice.engine.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cluster.config.HostPort;
import dev.sluice.cluster.l7.Telemetry;
import dev.sluice.engine.http.Failure;
import dev.sluice.engine.http.Peer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;

final class AccessLogTest {
    private static final Peer PEER =
            new Peer(HostPort.parse("203.0.113.1:4000"), HostPort.parse("198.18.0.1:80"), false);

    @TempDir Path folder;

    @Test
    void aLineThatComesTooLateIsCounted() throws Exception {
        AccessLog.Counts counts = new AccessLog.Counts();
        Path file = folder.resolve("log");
        AccessLog log =
                new AccessLog(
                        new Telemetry.AccessLog(file.toString(), Telemetry.Format.LINE), counts);
        log.refused(Failure.MALFORMED, PEER);
        log.close();
        log.refused(Failure.BAD_HOST, PEER);
        assertThat(Files.readAllLines(file)).singleElement().asString().contains("malformed");
        assertThat(counts.written()).isEqualTo(1);
        assertThat(counts.dropped()).isEqualTo(1);
    }
}
