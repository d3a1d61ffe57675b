package dev.sluice.engine.compress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cluster.l7.route.Compression.Coding;
import dev.sluice.engine.http.ListFields;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;

final class AcceptEncodingTest {
    private static final List<Coding> OFFERED = List.of(Coding.ZSTD, Coding.GZIP);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gzip, deflate, br, zstd | ZSTD",
                "gzip, deflate, br | GZIP",
                "GZIP | GZIP",
                "x-gzip | GZIP",
                "* | ZSTD",
                "*, zstd;q=0 | GZIP",
                "*;q=0, gzip | GZIP",
                "zstd;q=0.5, gzip;q=0.8 | GZIP",
                "zstd ; q = 0.8, gzip;q=0.8 | ZSTD",
                "gzip;q=1.000, identity;q=0.5 | GZIP",
                "gzip;q=0.5, identity |",
                "gzip;q=0 |",
                "gzip;q=0.000 |",
                "gzip;q=much, zstd;q |",
                "gzipped, br |",
                "identity |",
                "'' |",
            })
    void theClientsWishDecidesThenOurs(String accepted, @Nullable Coding chosen) {
        assertThat(choose("accept-encoding", accepted)).isEqualTo(chosen);
    }

    @Test
    void severalFieldsAreOne() {
        assertThat(choose("accept-encoding", "zstd;q=0", "accept-encoding", "gzip;q=0.1"))
                .isEqualTo(Coding.GZIP);
    }

    @Test
    void whoSaysNothingGetsItAsItIs() {
        assertThat(choose()).isNull();
    }

    private static @Nullable Coding choose(String... fields) {
        return AcceptEncoding.choose(ListFields.of(fields), OFFERED);
    }
}
