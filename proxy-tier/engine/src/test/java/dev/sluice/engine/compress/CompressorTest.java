package dev.sluice.engine.compress;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.ZstdInputStream;

import dev.sluice.cluster.l7.route.Compression.Coding;
import dev.sluice.cluster.l7.route.Compression.Effort;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufInputStream;
import io.netty.buffer.Unpooled;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.zip.GZIPInputStream;

final class CompressorTest {
    private final Compressors compressors = new Compressors();

    @ParameterizedTest
    @EnumSource
    void whatGoesInComesOutAgainWhateverItsPieces(Coding coding) throws IOException {
        for (Effort effort : Effort.values()) {
            Compressor compressor = taken(coding, effort);
            byte[] text = text(300_000);
            // Each round begins where the one before left the compressor.
            for (int piece : new int[] {1 << 20, 1_000, 65_536}) {
                ByteBuf out = Unpooled.directBuffer();
                for (int at = 0; at < text.length; at += piece) {
                    int length = Math.min(piece, text.length - at);
                    ByteBuf in = piece == 1_000 ? Unpooled.buffer() : Unpooled.directBuffer();
                    compressor.write(in.writeBytes(text, at, length), out);
                    in.release();
                }
                compressor.finish(out);
                assertThat(out.readableBytes()).isLessThan(text.length / 2);
                assertThat(decoder(coding, out).readAllBytes()).isEqualTo(text);
                out.release();
                compressor.reset();
            }
            compressors.give(coding, effort, compressor);
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatIsFlushedCanBeRead(Coding coding) throws IOException {
        Compressor compressor = taken(coding, Effort.LOW);
        ByteBuf out = Unpooled.directBuffer();
        ByteBuf event = Unpooled.copiedBuffer("data: one\n\n", StandardCharsets.UTF_8);
        compressor.write(event, out);
        compressor.flush(out);
        assertThat(decoder(coding, out).readNBytes(event.readableBytes()))
                .asString(StandardCharsets.UTF_8)
                .isEqualTo("data: one\n\n");
        event.release();
        out.release();
        compressors.give(coding, Effort.LOW, compressor);
    }

    @ParameterizedTest
    @EnumSource
    void nothingIsAWholeStreamAsWell(Coding coding) throws IOException {
        Compressor compressor = taken(coding, Effort.LOW);
        ByteBuf out = Unpooled.directBuffer();
        compressor.finish(out);
        assertThat(decoder(coding, out).readAllBytes()).isEmpty();
        out.release();
        compressors.give(coding, Effort.LOW, compressor);
    }

    @ParameterizedTest
    @EnumSource
    void aLoopHasSoManyAndNoMore(Coding coding) {
        List<Compressor> taken = new ArrayList<>();
        for (int i = 0; i < Compressors.MOST; i++) {
            taken.add(taken(coding, Effort.LOW));
        }
        assertThat(compressors.take(coding, Effort.LOW)).isNull();
        compressors.give(coding, Effort.LOW, taken.getFirst());
        assertThat(compressors.take(coding, Effort.LOW)).isSameAs(taken.getFirst());
        taken.forEach(one -> compressors.give(coding, Effort.LOW, one));
    }

    private Compressor taken(Coding coding, Effort effort) {
        Compressor compressor = compressors.take(coding, effort);
        return Objects.requireNonNull(compressor);
    }

    private static InputStream decoder(Coding coding, ByteBuf from) throws IOException {
        InputStream in = new ByteBufInputStream(from.duplicate());
        return switch (coding) {
            case GZIP -> new GZIPInputStream(in);
            case ZSTD -> new ZstdInputStream(in).setContinuous(true);
        };
    }

    /** Words in no order. */
    private static byte[] text(int bytes) {
        Random random = new Random(7);
        StringBuilder text = new StringBuilder();
        while (text.length() < bytes) {
            text.append(random.nextInt(1_000)).append(" sheep, ");
        }
        return text.substring(0, bytes).getBytes(StandardCharsets.UTF_8);
    }
}
