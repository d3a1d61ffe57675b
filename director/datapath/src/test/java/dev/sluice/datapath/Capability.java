package dev.sluice.datapath;

import dev.sluice.datapath.bpf.BpfMap;
import dev.sluice.datapath.bpf.DatapathException;
import dev.sluice.testing.Needs;

/** What some tests need of the machine. Without it they are skipped, or fail where CI says so. */
enum Capability {
    /** Loading programs: root or CAP_BPF, CAP_NET_ADMIN and CAP_PERFMON; libbpf.so.1. */
    BPF {
        @Override
        boolean isThere() {
            try (BpfMap probe = BpfMap.create("probe", BpfMap.Type.ARRAY, 4, 8, 1)) {
                return probe.valueSize() == 8;
            } catch (DatapathException e) {
                return false;
            }
        }
    },
    /** Making network namespaces: root, and ip of iproute2. */
    NAMESPACES {
        @Override
        boolean isThere() {
            return "root".equals(System.getProperty("user.name"))
                    && Shell.status("ip", "netns", "list") == 0;
        }
    };

    abstract boolean isThere();

    void require() {
        Needs.met(isThere(), "this machine lacks " + this);
    }
}
