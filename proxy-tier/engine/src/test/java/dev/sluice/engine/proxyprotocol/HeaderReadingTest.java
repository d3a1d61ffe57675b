package dev.sluice.engine.proxyprotocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cluster.config.HostPort;
import dev.sluice.cluster.l7.ProxyProtocol.Version;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

final class HeaderReadingTest {
    private static final String MAGIC = "0d0a0d0a000d0a515549540a";
    private static final Ends FOUR = ends("203.0.113.7:40000", "198.18.0.1:443");
    private static final Ends SIX = ends("[2001:db8::7]:40000", "[2001:db8::1]:443");

    @ParameterizedTest
    @EnumSource(Version.class)
    void whatIsWrittenIsReadAgainByteByByte(Version version) {
        for (Ends ends : List.of(FOUR, SIX)) {
            byte[] header = Headers.write(version, ends);
            for (int i = 0; i < header.length; i++) {
                assertThat(HeaderReading.of(Unpooled.wrappedBuffer(header, 0, i)))
                        .isEqualTo(new HeaderReading.Partial());
            }
            ByteBuf more =
                    Unpooled.wrappedBuffer(header, "GET".getBytes(StandardCharsets.US_ASCII));
            assertThat(HeaderReading.of(more))
                    .isEqualTo(new HeaderReading.Complete(Optional.of(ends), header.length));
            assertThat(more.readerIndex()).isZero();
        }
    }

    @Test
    void theBytesAreThoseOfTheSpecification() {
        assertThat(new String(Headers.write(Version.V1, FOUR), StandardCharsets.US_ASCII))
                .isEqualTo("PROXY TCP4 203.0.113.7 198.18.0.1 40000 443\r\n");
        assertThat(HexFormat.of().formatHex(Headers.write(Version.V2, FOUR)))
                .isEqualTo(MAGIC + "2111000c" + "cb007107" + "c6120001" + "9c40" + "01bb");
        assertThat(
                        new String(
                                Headers.write(Version.V1, ends("203.0.113.7:1", "[2001:db8::1]:2")),
                                StandardCharsets.US_ASCII))
                .startsWith("PROXY TCP6 ::ffff:203.0.113.7 2001:db8:");
    }

    @Test
    void aHeaderThatSpeaksForItselfNamesNobody() {
        assertThat(read("PROXY UNKNOWN ffff::1 ffff::2 1 2\r\n"))
                .isEqualTo(new HeaderReading.Complete(Optional.empty(), 35));
        assertThat(hex(MAGIC + "20000000"))
                .isEqualTo(new HeaderReading.Complete(Optional.empty(), 16));
        assertThat(hex(MAGIC + "21000003" + "040000"))
                .isEqualTo(new HeaderReading.Complete(Optional.empty(), 19));
    }

    @Test
    void valuesBehindTheAddressesAreSkippedAndAChecksumMustBeRight() {
        String ends = "cb007107" + "c6120001" + "9c40" + "01bb";
        assertThat(hex(MAGIC + "21110011" + ends + "0100026832"))
                .isEqualTo(new HeaderReading.Complete(Optional.of(FOUR), 33));
        assertThat(hex(MAGIC + "21110013" + ends + "030004" + "00000000"))
                .isInstanceOf(HeaderReading.Malformed.class);
        byte[] header = HexFormat.of().parseHex(MAGIC + "21110013" + ends + "030004" + "00000000");
        java.util.zip.CRC32C crc = new java.util.zip.CRC32C();
        crc.update(header);
        java.nio.ByteBuffer.wrap(header).putInt(header.length - 4, (int) crc.getValue());
        assertThat(HeaderReading.of(Unpooled.wrappedBuffer(header)))
                .isEqualTo(new HeaderReading.Complete(Optional.of(FOUR), 35));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\n",
                "PROXY  TCP4 203.0.113.7 198.18.0.1 40000 443\r\n",
                "PROXY TCP4 203.0.113.7 198.18.0.1 40000 70000\r\n",
                "PROXY TCP4 203.0.113.7 198.18.0.1 0 443\r\n",
                "PROXY TCP4 203.0.113.7 198.18.0.1 040 443\r\n",
                "PROXY TCP4 203.113.7 198.18.0.1 40000 443\r\n",
                "PROXY TCP4 2001:db8::1 2001:db8::2 40000 443\r\n",
                "PROXY TCP6 203.0.113.7 198.18.0.1 40000 443 \r\n",
                "PROXY UDP4 203.0.113.7 198.18.0.1 40000 443\r\n",
                "proxy tcp4 203.0.113.7 198.18.0.1 40000 443\r\n",
                "PROXY TCP4 203.0.113.7 198.18.0.1 40000 443                              "
                        + "                                                                  \r\n"
            })
    void otherTextIsRefused(String text) {
        assertThat(read(text)).isInstanceOf(HeaderReading.Malformed.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0d0a0d0a000d0a515549540b",
                MAGIC + "1111000c" + "cb007107" + "c6120001" + "9c40" + "01bb",
                MAGIC + "2211000c" + "cb007107" + "c6120001" + "9c40" + "01bb",
                MAGIC + "2112000c" + "cb007107" + "c6120001" + "9c40" + "01bb",
                MAGIC + "2111000b" + "cb007107" + "c6120001" + "9c40" + "01",
                MAGIC + "2111000c" + "cb007107" + "c6120001" + "0000" + "01bb",
                MAGIC + "2111000d" + "cb007107" + "c6120001" + "9c40" + "01bb" + "01",
                MAGIC + "21111fff"
            })
    void otherBytesAreRefused(String bytes) {
        assertThat(hex(bytes)).isInstanceOf(HeaderReading.Malformed.class);
    }

    private static HeaderReading read(String text) {
        return HeaderReading.of(Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1));
    }

    private static HeaderReading hex(String bytes) {
        return HeaderReading.of(Unpooled.wrappedBuffer(HexFormat.of().parseHex(bytes)));
    }

    private static Ends ends(String source, String destination) {
        return new Ends(HostPort.parse(source), HostPort.parse(destination));
    }
}
