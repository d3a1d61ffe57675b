package dev.sluice.engine.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;

final class HelloReaderTest {
    private static final int BOUND = 16 << 10;

    @Test
    void theNameIsReadAmongGreaseAndAnEncryptedHello() {
        assertThat(read(Hellos.hello("Www.Example.ORG")))
                .isInstanceOfSatisfying(
                        HelloReading.Complete.class,
                        complete -> {
                            ClientHello hello = complete.hello();
                            assertThat(hello.name()).contains("www.example.org");
                            assertThat(hello.version13()).isTrue();
                            assertThat(hello.suites()).contains(0x1301, 0xc02b);
                            assertThat(hello.signatures()).containsExactly(0x3a3a, 0x0403, 0x0804);
                        });
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 50, 100})
    void itMayComeInRecordsAndSegmentsOfAnyLength(int length) {
        byte[] message = Hellos.message(Hellos.extensions(Hellos.serverName("a.test")));
        byte[] records = Hellos.records(message, length);
        for (int segment : new int[] {1, 7, records.length}) {
            HelloReader reader = new HelloReader(BOUND);
            HelloReading reading = new HelloReading.Partial();
            for (int at = 0; at < records.length; at += segment) {
                assertThat(reading).isEqualTo(new HelloReading.Partial());
                int taken = Math.min(segment, records.length - at);
                reading = reader.read(Unpooled.wrappedBuffer(records, at, taken));
            }
            assertThat(reading)
                    .isInstanceOfSatisfying(
                            HelloReading.Complete.class,
                            complete -> assertThat(complete.hello().name()).contains("a.test"));
        }
    }

    @Test
    void whatJavaSendsIsUnderstood() throws Exception {
        SSLEngine engine = SSLContext.getDefault().createSSLEngine();
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setServerNames(List.of(new SNIHostName("java.test")));
        engine.setSSLParameters(parameters);
        ByteBuffer hello = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        engine.beginHandshake();
        while (hello.position() == 0) {
            engine.wrap(ByteBuffer.allocate(0), hello);
            for (Runnable task = engine.getDelegatedTask();
                    task != null;
                    task = engine.getDelegatedTask()) {
                task.run();
            }
        }
        assertThat(read(Arrays.copyOf(hello.array(), hello.position())))
                .isInstanceOfSatisfying(
                        HelloReading.Complete.class,
                        complete -> {
                            assertThat(complete.hello().name()).contains("java.test");
                            assertThat(complete.hello().takes("EC")).isTrue();
                            assertThat(complete.hello().takes("RSA")).isTrue();
                        });
    }

    @Test
    void withoutANameItIsCompleteAsWell() {
        byte[] none = Hellos.records(Hellos.message(Hellos.extensions()), 1 << 14);
        assertThat(read(none))
                .isInstanceOfSatisfying(
                        HelloReading.Complete.class,
                        complete -> assertThat(complete.hello().name()).isEmpty());
    }

    @Test
    void aClientThatCannotCheckACertificateSaysSo() {
        ClientHello old =
                new ClientHello(Optional.empty(), false, java.util.Set.of(0xc02f), List.of(0x0401));
        assertThat(old.takes("EC")).isFalse();
        assertThat(old.takes("RSA")).isTrue();
        ClientHello mixed =
                new ClientHello(
                        Optional.empty(), false, java.util.Set.of(0xc02f), List.of(0x0403, 0x0401));
        assertThat(mixed.takes("EC")).as("no ECDSA suite").isFalse();
    }

    @Test
    void theBoundHoldsWhateverTheLengthsSay() {
        byte[] big = Hellos.message(Hellos.extensions(Hellos.serverName("a.test")));
        HelloReader small = new HelloReader(64);
        assertRefused(small.read(Unpooled.wrappedBuffer(Hellos.records(big, 1 << 14))), 22);
        HelloReader headers = new HelloReader(big.length + 100);
        assertRefused(headers.read(Unpooled.wrappedBuffer(Hellos.records(big, 1))), 22);
    }

    @Test
    void whatIsNoHelloIsRefusedWithTheRightAlert() {
        assertRefused(hex("474554202f20485454502f312e310d0a"), 10);
        assertRefused(hex("8080010301"), 10);
        assertRefused(hex("1603010000"), 10);
        assertRefused(hex("1603014001"), 22);
        assertRefused(hex("160301000402000000"), 10);
        byte[] cut = Hellos.message(Hellos.extensions(Hellos.serverName("a.test")));
        cut[3] = (byte) (cut[3] - 5);
        assertRefused(read(Hellos.records(cut, 1 << 14)), 50);
    }

    @Test
    void aNameThatCouldBeReadInTwoWaysIsRefused() {
        ByteBuf twice = Hellos.extensions(Hellos.serverName("a.test"), Hellos.serverName("b.test"));
        assertRefused(read(Hellos.records(Hellos.message(twice), 1 << 14)), 47);
        for (String bad : List.of("a test", "a\0.test", "a/b", "[::1]", "")) {
            assertRefused(read(Hellos.hello(bad)), 47);
        }
        ByteBuf list = Unpooled.buffer();
        Hellos.extension(list, 0, HexFormat.of().parseHex("0008" + "00000161" + "00000162"));
        assertRefused(read(Hellos.records(Hellos.message(Hellos.extensions(list)), 1 << 14)), 47);
    }

    private static void assertRefused(HelloReading reading, int alert) {
        assertThat(reading)
                .isInstanceOfSatisfying(
                        HelloReading.Refused.class,
                        refused ->
                                assertThat(refused.alert().record().getByte(6))
                                        .as(refused.why())
                                        .isEqualTo((byte) alert));
    }

    private static HelloReading hex(String bytes) {
        return read(HexFormat.of().parseHex(bytes));
    }

    private static HelloReading read(byte[] bytes) {
        return new HelloReader(BOUND).read(Unpooled.wrappedBuffer(bytes));
    }
}
