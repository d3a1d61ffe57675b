package dev.sluice.cluster.pool;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.HexFormat;

class AddressTest {
    @ParameterizedTest
    @CsvSource({
        "c6120001, 198.18.0.1",
        "20010db8000000000000000000000001, 2001:db8::1",
        "20010db8000000000000000000000000, 2001:db8::",
        "20010db8000000010001000100010001, 2001:db8:0:1:1:1:1:1",
        "20010db8000000000001000000000001, 2001:db8::1:0:0:1",
        "20010000000000010000000000000001, 2001:0:0:1::1",
        "20010DB8AAAABBBBCCCCDDDDEEEE0AAA, 2001:db8:aaaa:bbbb:cccc:dddd:eeee:aaa",
        "00000000000000000000000000000001, ::1",
        "00000000000000000000000000000000, ::",
        "00010002000300040005000600000000, 1:2:3:4:5:6::",
        "00000000000000000000ffffc6120001, ::ffff:198.18.0.1",
    })
    void isWrittenAsRfc5952Recommends(String hex, String text) {
        assertThat(Address.of(HexFormat.of().parseHex(hex))).hasToString(text);
    }

    @ParameterizedTest
    @CsvSource({"198.18.0.1", "2001:db8::1", "2001:db8:0:1:1:1:1:1", "::", "1:2:3:4:5:6::"})
    void isReadAsItIsWritten(String text) {
        assertThat(Address.parse(text)).hasToString(text);
    }
}
