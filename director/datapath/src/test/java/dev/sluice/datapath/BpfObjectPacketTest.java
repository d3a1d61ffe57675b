package dev.sluice.datapath;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sluice.datapath.bpf.BpfMap;
import dev.sluice.datapath.bpf.BpfObject;
import dev.sluice.datapath.bpf.DatapathException;

import org.junit.jupiter.api.Test;

/** What the binding says when the kernel refuses. */
class BpfObjectPacketTest {
    @Test
    void theVerifiersRefusalIsOneLineWithTheLogOnDemand() {
        Capability.BPF.require();
        try (BpfObject object = BpfObject.open(Program.class, Program.DIRECTOR.resource());
                BpfMap small = BpfMap.create("small", BpfMap.Type.ARRAY, 4, 4, 1)) {
            // The program reads twenty bytes of configuration and this map has four.
            object.reuse("config", small);

            DatapathException refusal = catchThrowableOfType(DatapathException.class, object::load);

            assertThat(refusal)
                    .hasMessageStartingWith("load director.bpf.o: ")
                    .hasMessageContaining("Permission denied (errno 13)");
            assertThat(refusal.getMessage()).hasLineCount(1);
            assertThat(refusal.log())
                    .contains("invalid access to map value, value_size=4")
                    .contains("BEGIN PROG LOAD LOG");
        }
    }

    @Test
    void aMissingResourceIsNamed() {
        assertThat(
                        catchThrowableOfType(
                                DatapathException.class,
                                () -> BpfObject.open(Program.class, "absent.bpf.o")))
                .hasMessageContaining("absent.bpf.o is not on the class path");
    }
}
