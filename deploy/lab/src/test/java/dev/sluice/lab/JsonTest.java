package dev.sluice.lab;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

class JsonTest {
    private record Sample(String name, long count, Optional<Role> role, List<Integer> list) {}

    @Test
    void writesRecordsByTheNamesOfTheirParts() {
        assertThat(Json.of(new Sample("a\"\n\\", 3, Optional.of(Role.PROXY), List.of(1, 2))))
                .isEqualTo(
                        "{\"name\":\"a\\\"\\u000a\\\\\",\"count\":3,\"role\":\"PROXY\",\"list\":[1,2]}");
    }

    @Test
    void writesWhatIsEmptyAsNull() {
        assertThat(Json.of(List.of(Optional.empty(), OptionalLong.empty(), OptionalLong.of(4))))
                .isEqualTo("[null,null,4]");
    }

    @Test
    void writesMapsByTheirKeys() {
        assertThat(Json.of(Map.of("good", true))).isEqualTo("{\"good\":true}");
    }
}
