package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Optional;

final class ScreenTest {
    @Test
    void whatFitsIsShownAsItIs() {
        assertThat(new Screen(10, 3).fit("one\ntwo\nthree\n"))
                .containsExactly("one", "two", "three");
    }

    @Test
    void longLinesAreCutBeforeTheLastColumn() {
        assertThat(new Screen(5, 3).fit("abcd\nabcde\nabcdefgh")).containsOnly("abcd");
    }

    @Test
    void theLastRowSaysHowMuchIsLeftOut() {
        assertThat(new Screen(80, 3).fit("1\n2\n3\n4\n5"))
                .containsExactly("1", "2", "... 3 lines more");
    }

    @Test
    void oneLineTooManyIsTooMany() {
        assertThat(new Screen(80, 3).fit("1\n2\n3\n4"))
                .containsExactly("1", "2", "... 2 lines more");
    }

    /** A line end in the last row, or a character behind the last column, would scroll. */
    @ParameterizedTest
    @CsvSource({"80, 24", "40, 10", "2, 2", "1, 1"})
    void noScreenScrolls(int columns, int rows) {
        String drawn = new Screen(columns, rows).draw(("x".repeat(200) + "\n").repeat(100));
        assertThat(drawn.chars().filter(c -> c == '\n').count()).isLessThan(rows);
        assertThat(drawn.replaceAll("\u001b\\[[HJK]", "").lines())
                .allSatisfy(line -> assertThat(line.length()).isLessThan(columns));
    }

    @Test
    void whatWasThereBeforeIsErasedAsItIsDrawnOver() {
        assertThat(new Screen(80, 24).draw("a\nb\n"))
                .isEqualTo("\u001b[Ha\u001b[K\nb\u001b[K\u001b[J");
    }

    @Test
    void theSizeIsWhatSttySays() {
        assertThat(Terminal.size("24 100\n")).contains(new Screen(100, 24));
        assertThat(Terminal.size("0 0\n")).isEqualTo(Optional.empty());
        assertThat(Terminal.size("stty: not a tty")).isEqualTo(Optional.empty());
    }
}
