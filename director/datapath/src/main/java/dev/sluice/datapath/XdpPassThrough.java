package dev.sluice.datapath;

import dev.sluice.datapath.bpf.BpfFs;
import dev.sluice.datapath.bpf.BpfObject;
import dev.sluice.datapath.bpf.XdpLink;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * An XDP program that passes everything, pinned. The device at the other end of a veth pair needs
 * it: without an XDP program it takes nothing that its peer sends with XDP_TX.
 */
public final class XdpPassThrough {
    private XdpPassThrough() {}

    /**
     * Attaches to a device of the calling thread's network namespace. A pin that exists is
     * replaced.
     *
     * @param pin a file below /sys/fs/bpf; it holds the attachment, which ends when it is removed
     */
    public static void attach(String device, Path pin) {
        Path directory = pin.getParent();
        if (directory == null) {
            throw new IllegalArgumentException("not a file below " + BpfFs.ROOT + ": " + pin);
        }
        BpfFs.createDirectory(directory);
        detach(pin);
        try (BpfObject object = BpfObject.open(XdpPassThrough.class, "pass.bpf.o")) {
            object.load();
            try (XdpLink link = XdpLink.attach(object.program("pass_through"), device)) {
                link.pin(pin);
            }
        }
    }

    /** Nothing happens if there is no such pin. */
    public static void detach(Path pin) {
        if (Files.exists(pin)) {
            try (XdpLink link = XdpLink.openPinned(pin)) {
                link.detach();
            }
            BpfFs.remove(pin);
        }
    }
}
