package dev.sluice.engine.codec;

import dev.sluice.engine.http.Fields;
import dev.sluice.engine.http.Name;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.BiConsumer;

/**
 * Fields as they came over the wire: a view on the octets of a head, with the places of names and
 * values in an array. What was removed is only marked, what was added stands beside; so what was
 * not touched goes out as the octets that came in. Confined to its connection's event loop.
 */
final class WireFields implements Fields {
    private static final int NAME = 0;
    private static final int NAME_END = 1;
    private static final int VALUE = 2;
    private static final int VALUE_END = 3;
    private static final int LINE_END = 4;
    private static final int STRIDE = 5;

    static final int NOWHERE = -1;

    private static final int COLON_AND_LINE_END = 4;

    private record Added(Name name, String value) {}

    private byte[] octets = new byte[0];
    private int[] places = new int[16 * STRIDE];

    /** By line: the known name, or null. */
    private @Nullable Name[] names = new @Nullable Name[16];

    private boolean[] removed = new boolean[16];
    private final List<Added> added = new ArrayList<>(4);
    private int lines;
    private int live;

    /** Bits of the known names among the lines; too many once some were removed. */
    private long knownBits;

    // ---- for the parser

    void clear() {
        lines = 0;
        live = 0;
        knownBits = 0;
        added.clear();
    }

    /** A longer array took the place of the one before, with the same beginning. */
    void octets(byte[] now) {
        octets = now;
    }

    /** Where the last line of the name begins, or {@link #NOWHERE}. */
    int place(Name name) {
        for (int line = lines - 1; line >= 0; line--) {
            if (isNamed(line, name)) {
                return places[line * STRIDE + NAME];
            }
        }
        return NOWHERE;
    }

    int lines() {
        return lines;
    }

    void line(@Nullable Name name, int nameAt, int nameEnd, int valueAt, int valueEnd, int end) {
        if (lines == names.length) {
            grow();
        }
        int at = lines * STRIDE;
        places[at + NAME] = nameAt;
        places[at + NAME_END] = nameEnd;
        places[at + VALUE] = valueAt;
        places[at + VALUE_END] = valueEnd;
        places[at + LINE_END] = end;
        names[lines] = name;
        removed[lines] = false;
        knownBits |= name == null ? 0 : name.bit();
        lines++;
        live++;
    }

    private void grow() {
        int size = names.length * 2;
        places = Arrays.copyOf(places, size * STRIDE);
        names = Arrays.copyOf(names, size);
        removed = Arrays.copyOf(removed, size);
    }

    // ---- reading

    private boolean isNamed(int line, Name name) {
        if (removed[line]) {
            return false;
        }
        Name known = names[line];
        if (name.bit() != 0) {
            return known != null && known.bit() == name.bit();
        }
        int at = places[line * STRIDE + NAME];
        return known == null && name.isAt(octets, at, places[line * STRIDE + NAME_END] - at);
    }

    private boolean mayHave(Name name) {
        return name.bit() == 0 || (knownBits & name.bit()) != 0;
    }

    private String text(int from, int to) {
        return new String(octets, from, to - from, StandardCharsets.ISO_8859_1);
    }

    private String value(int line) {
        return text(places[line * STRIDE + VALUE], places[line * STRIDE + VALUE_END]);
    }

    private String name(int line) {
        return text(places[line * STRIDE + NAME], places[line * STRIDE + NAME_END]);
    }

    @Override
    public @Nullable String get(Name name) {
        for (int line = 0; line < lines && mayHave(name); line++) {
            if (isNamed(line, name)) {
                return value(line);
            }
        }
        for (int i = 0; i < added.size(); i++) {
            if (added.get(i).name.equals(name)) {
                return added.get(i).value;
            }
        }
        return null;
    }

    @Override
    public List<String> all(Name name) {
        List<String> values = new ArrayList<>();
        for (int line = 0; line < lines && mayHave(name); line++) {
            if (isNamed(line, name)) {
                values.add(value(line));
            }
        }
        for (Added field : added) {
            if (field.name.equals(name)) {
                values.add(field.value);
            }
        }
        return values;
    }

    @Override
    public int count(Name name) {
        int count = 0;
        for (int line = 0; line < lines && mayHave(name); line++) {
            count += isNamed(line, name) ? 1 : 0;
        }
        for (int i = 0; i < added.size(); i++) {
            count += added.get(i).name.equals(name) ? 1 : 0;
        }
        return count;
    }

    @Override
    public boolean mayHaveAnyOf(long bits) {
        return (knownBits & bits) != 0 || !added.isEmpty();
    }

    @Override
    public boolean isEmpty() {
        return live == 0 && added.isEmpty();
    }

    @Override
    public List<Name> namesStarting(String lowerPrefix) {
        List<Name> found = new ArrayList<>();
        for (int line = 0; line < lines; line++) {
            if (!removed[line] && starts(line, lowerPrefix)) {
                found.add(Name.of(name(line)));
            }
        }
        for (Added field : added) {
            if (field.name.text().startsWith(lowerPrefix)) {
                found.add(field.name);
            }
        }
        return found;
    }

    private boolean starts(int line, String lowerPrefix) {
        int at = places[line * STRIDE + NAME];
        if (places[line * STRIDE + NAME_END] - at < lowerPrefix.length()) {
            return false;
        }
        for (int i = 0; i < lowerPrefix.length(); i++) {
            // Of what a prefix is made of, this makes nothing else equal in a token.
            if ((octets[at + i] | 0x20) != lowerPrefix.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void forEach(BiConsumer<String, String> action) {
        for (int line = 0; line < lines; line++) {
            if (!removed[line]) {
                action.accept(name(line), value(line));
            }
        }
        added.forEach(field -> action.accept(field.name.text(), field.value));
    }

    // ---- changing

    @Override
    public void set(Name name, String value) {
        remove(name);
        add(name, value);
    }

    @Override
    public void add(Name name, String value) {
        added.add(new Added(name, value));
    }

    @Override
    public void remove(Name name) {
        for (int line = 0; line < lines && mayHave(name); line++) {
            if (isNamed(line, name)) {
                removed[line] = true;
                live--;
            }
        }
        for (int i = added.size() - 1; i >= 0; i--) {
            if (added.get(i).name.equals(name)) {
                added.remove(i);
            }
        }
    }

    // ---- writing

    /** How many octets {@link #write} needs at most. */
    int wireSize() {
        int size = lines == 0 ? 0 : places[lines * STRIDE - STRIDE + LINE_END] - places[NAME];
        for (int i = 0; i < added.size(); i++) {
            Added field = added.get(i);
            size += field.name.text().length() + field.value.length() + COLON_AND_LINE_END;
        }
        return size;
    }

    /** Writes all lines with their ends; neighbours that were not touched in one piece. */
    void write(ByteBuf out) {
        int line = 0;
        while (line < lines) {
            if (removed[line]) {
                line++;
                continue;
            }
            int first = line;
            while (line < lines && !removed[line]) {
                line++;
            }
            int from = places[first * STRIDE + NAME];
            out.writeBytes(octets, from, places[line * STRIDE - STRIDE + LINE_END] - from);
        }
        for (int i = 0; i < added.size(); i++) {
            writeLine(out, added.get(i).name, added.get(i).value);
        }
    }

    static void writeLine(ByteBuf out, Name name, String value) {
        ByteBufUtil.writeAscii(out, name.octets());
        ByteBufUtil.writeShortBE(out, ':' << 8 | ' ');
        ByteBufUtil.writeAscii(out, value);
        ByteBufUtil.writeShortBE(out, '\r' << 8 | '\n');
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        forEach((name, value) ->
                text.append(name.toLowerCase(Locale.ROOT)).append(": ").append(value).append('\n'));
        return text.toString();
    }
}
