package dev.sluice.cluster.glb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cluster.hash.SipHash;
import dev.sluice.cluster.pool.Address;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Tables of every kind drawn at random, and GLB's rules said once more as shortly as they can be:
 * the file that is built is the file that the rules make.
 */
class GlbRandomTest {
    private static final int ENTRIES = 256;

    /** As the JSON says it; {@code healthy} may be missing. */
    private record Backend(Address address, String state, String healthy) {
        boolean isHealthy() {
            return healthy.equals("true");
        }

        String json() {
            String health = healthy.isEmpty() ? "" : ", \"healthy\": " + healthy;
            return "{\"ip\": \"%s\", \"state\": \"%s\"%s}".formatted(address, state, health);
        }
    }

    /**
     * @param bits behind a slash in the JSON; negative: none are written
     */
    private record Bind(Address address, int bits, String proto, int first, int last) {
        String json() {
            String block = bits < 0 ? address.toString() : address + "/" + bits;
            String ports =
                    first == last
                            ? "\"port\": " + first
                            : "\"port_start\": " + first + ", \"port_end\": " + last;
            return "{\"ip\": \"%s\", \"proto\": \"%s\", %s}".formatted(block, proto, ports);
        }
    }

    private record Table(byte[] key, byte[] seed, List<Bind> binds, List<Backend> backends) {
        String json() {
            return "{\"hash_key\": \"%s\", \"seed\": \"%s\", \"binds\": [%s], \"backends\": [%s]}"
                    .formatted(
                            HexFormat.of().formatHex(key),
                            HexFormat.of().withUpperCase().formatHex(seed),
                            binds.stream().map(Bind::json).collect(Collectors.joining(",")),
                            backends.stream().map(Backend::json).collect(Collectors.joining(",")));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void theFileIsWhatTheRulesSay(long seed) throws IOException {
        Random random = new Random(seed);
        List<Table> tables =
                Stream.generate(() -> table(random)).limit(1 + random.nextInt(2)).toList();
        String json =
                "{\"tables\": ["
                        + tables.stream().map(Table::json).collect(Collectors.joining(","))
                        + "]}";

        ByteArrayOutputStream out = new ByteArrayOutputStream();
        GlbBinary.write(GlbConfig.parse("t", json).orElseThrow(), out);

        byte[] expected = restated(tables);
        assertThat(Arrays.mismatch(out.toByteArray(), expected)).as(json).isEqualTo(-1);
    }

    private static Table table(Random random) {
        byte[] key = new byte[16];
        byte[] seed = new byte[16];
        random.nextBytes(key);
        random.nextBytes(seed);
        Set<Address> addresses = new LinkedHashSet<>();
        int count = 1 + random.nextInt(10);
        while (addresses.size() < count) {
            addresses.add(address(random));
        }
        List<Backend> backends =
                addresses.stream()
                        .map(address ->
                                new Backend(
                                        address,
                                        oneOf(
                                                random,
                                                addresses.iterator().next().equals(address)
                                                        ? List.of("active", "draining")
                                                        : List.of(
                                                                "active",
                                                                "active",
                                                                "filling",
                                                                "draining",
                                                                "inactive")),
                                        oneOf(random, List.of("true", "true", "false", ""))))
                        .toList();
        List<Bind> binds =
                IntStream.range(0, 1 + random.nextInt(6)).mapToObj(i -> bind(random)).toList();
        return new Table(key, seed, binds, backends);
    }

    private static Bind bind(Random random) {
        Address address = address(random);
        int bits = random.nextBoolean() ? -1 : random.nextInt(address.bytes().length * 8 + 1);
        int first = random.nextInt(65_536);
        int last = random.nextBoolean() ? first : first + random.nextInt(65_536 - first);
        return new Bind(address, bits, oneOf(random, List.of("tcp", "udp")), first, last);
    }

    private static Address address(Random random) {
        byte[] bytes = Address.parse(random.nextBoolean() ? "198.18.0.0" : "2001:db8::").bytes();
        for (int i = 1; i <= 2; i++) {
            bytes[bytes.length - i] = (byte) random.nextInt();
        }
        return Address.of(bytes);
    }

    private static String oneOf(Random random, List<String> words) {
        return words.get(random.nextInt(words.size()));
    }

    private static byte[] restated(List<Table> tables) {
        ByteBuffer file = ByteBuffer.allocate(24 + tables.size() * 537_624);
        file.order(ByteOrder.LITTLE_ENDIAN);
        file.put("GLBD".getBytes(StandardCharsets.US_ASCII));
        file.putInt(2).putInt(tables.size()).putInt(65_536).putInt(ENTRIES).putInt(ENTRIES);
        tables.forEach(table -> restate(file, table));
        assertThat(file.hasRemaining()).isFalse();
        return file.array();
    }

    private static void restate(ByteBuffer file, Table table) {
        file.putInt(table.backends().size());
        int backends = file.position();
        for (Backend backend : table.backends()) {
            putAddress(file, backend.address());
            int state = List.of("filling", "active").indexOf(backend.state());
            file.putShort((short) (state < 0 ? 2 : state));
            file.putShort((short) (backend.isHealthy() ? 1 : 0));
        }
        file.position(backends + ENTRIES * 24).putInt(table.binds().size());
        int binds = file.position();
        for (Bind bind : table.binds()) {
            putAddress(file, bind.address());
            int all = bind.address().bytes().length * 8;
            file.putShort((short) (bind.bits() < 0 ? all : bind.bits()));
            file.putShort((short) bind.first()).putShort((short) bind.last());
            file.put((byte) (bind.proto().equals("tcp") ? 6 : 17)).put((byte) 0);
        }
        file.position(binds + ENTRIES * 28).put(table.key());
        for (int row = 0; row < 65_536; row++) {
            List<Integer> pair = pair(table, row);
            file.putInt(pair.getFirst()).putInt(pair.getLast());
        }
    }

    private static void putAddress(ByteBuffer file, Address address) {
        byte[] bytes = address.bytes();
        file.putInt(bytes.length == 4 ? 1 : 2).put(Arrays.copyOf(bytes, 16));
    }

    private static List<Integer> pair(Table table, int row) {
        SipHash.Key seed = SipHash.Key.of(table.seed());
        byte[] rowNumber = ByteBuffer.allocate(4).putInt(row).array();
        byte[] rowSeed =
                ByteBuffer.allocate(8)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(SipHash.hash(seed, rowNumber))
                        .array();
        List<Integer> order =
                IntStream.range(0, table.backends().size())
                        .filter(i -> !table.backends().get(i).state().equals("inactive"))
                        .boxed()
                        .sorted(
                                Comparator.comparingLong(
                                        i -> drawn(seed, rowSeed, table.backends().get(i))))
                        .limit(2)
                        .toList();
        Backend first = table.backends().get(order.getFirst());
        Backend second = table.backends().get(order.getLast());
        boolean swapped =
                (first.state().equals("draining") || !first.isHealthy())
                        && second.state().equals("active");
        return swapped ? order.reversed() : order;
    }

    /** The eight bytes of the hash as a number that sorts as they do. */
    private static long drawn(SipHash.Key seed, byte[] rowSeed, Backend backend) {
        byte[] address = backend.address().bytes();
        byte[] message = Arrays.copyOf(rowSeed, 8 + address.length);
        System.arraycopy(address, 0, message, 8, address.length);
        long hash = SipHash.hash(seed, message);
        return Long.reverseBytes(hash) + Long.MIN_VALUE;
    }
}
