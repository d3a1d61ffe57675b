package dev.sluice.datapath.bpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class NativeTest {
    @Test
    void aMissingLibraryIsNamedWithWhatBringsIt() {
        assertThatThrownBy(() -> Native.library("libbpf.so.99"))
                .isInstanceOf(DatapathException.class)
                .hasMessage(
                        "libbpf.so.99 is not on this machine: iproute2 brings it"
                                + " (Debian: apt-get install iproute2)");
    }

    @Test
    void anErrorOfTheKernelSaysWhatWasTried() {
        assertThatThrownBy(() -> Libc.deviceIndex("nosuchdevice"))
                .isInstanceOf(DatapathException.class)
                .hasMessage("find the device nosuchdevice: No such device (errno 19)");
    }

    @Test
    void theKernelsClockRunsForward() {
        long before = Libc.monotonicNanos();
        assertThat(Libc.monotonicNanos()).isGreaterThan(before);
    }
}
