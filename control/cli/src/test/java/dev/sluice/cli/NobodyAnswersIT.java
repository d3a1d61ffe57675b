package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import picocli.CommandLine;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;

class NobodyAnswersIT {
    @TempDir Path folder;

    @Test
    void aSocketThatACrashedProcessLeftIsNoControlProcess() throws IOException {
        Path socket = folder.resolve("stale.sock");
        ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                .bind(UnixDomainSocketAddress.of(socket))
                .close();
        StringWriter err = new StringWriter();
        int exit =
                new CommandLine(new StatusCommand())
                        .setErr(new PrintWriter(err, true))
                        .execute("--control=" + socket);
        assertThat(exit).isEqualTo(1);
        assertThat(err.toString().strip().lines()).hasSize(1);
        assertThat(err.toString()).contains("no control process answers on " + socket);
    }
}
