package dev.sluice.datapath.bpf;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;

/** libbpf 1.x by its soname: the functions in use, with their C signatures. */
final class Libbpf {
    /** Constant, so that naming it does not initialise this class. */
    static final String SONAME = "libbpf.so.1";

    private static final SymbolLookup LIBRARY = Native.library(SONAME);

    static final OpenMem OBJECT_OPEN = bind("bpf_object__open_mem", OpenMem.class);
    static final OfPointer OBJECT_LOAD = bind("bpf_object__load", OfPointer.class);
    static final Release OBJECT_CLOSE = bind("bpf_object__close", Release.class);
    static final Find FIND_MAP = bind("bpf_object__find_map_by_name", Find.class);
    static final Find FIND_PROGRAM = bind("bpf_object__find_program_by_name", Find.class);
    static final OfPointer MAP_FD = bind("bpf_map__fd", OfPointer.class);
    static final ReuseFd MAP_REUSE_FD = bind("bpf_map__reuse_fd", ReuseFd.class);
    static final OfPointer PROGRAM_FD = bind("bpf_program__fd", OfPointer.class);
    static final MapCreate MAP_CREATE = bind("bpf_map_create", MapCreate.class);
    static final MapUpdate MAP_UPDATE = bind("bpf_map_update_elem", MapUpdate.class);
    static final MapLookup MAP_LOOKUP = bind("bpf_map_lookup_elem", MapLookup.class);
    static final MapDelete MAP_DELETE = bind("bpf_map_delete_elem", MapDelete.class);
    static final MapBatch MAP_LOOKUP_BATCH = bind("bpf_map_lookup_batch", MapBatch.class);
    static final MapLookup MAP_NEXT_KEY = bind("bpf_map_get_next_key", MapLookup.class);
    static final OfNumber MAP_BY_ID = bind("bpf_map_get_fd_by_id", OfNumber.class);
    static final MapDelete PIN = bind("bpf_obj_pin", MapDelete.class);
    static final OfPointer OPEN_PINNED = bind("bpf_obj_get", OfPointer.class);
    static final MapLookup INFO = bind("bpf_obj_get_info_by_fd", MapLookup.class);
    static final LinkCreate LINK_CREATE = bind("bpf_link_create", LinkCreate.class);
    static final LinkUpdate LINK_UPDATE = bind("bpf_link_update", LinkUpdate.class);
    static final OfNumber LINK_DETACH = bind("bpf_link_detach", OfNumber.class);
    static final OfPointer TC_HOOK_CREATE = bind("bpf_tc_hook_create", OfPointer.class);
    static final OfPointers TC_ATTACH = bind("bpf_tc_attach", OfPointers.class);
    static final OfPointers TC_DETACH = bind("bpf_tc_detach", OfPointers.class);
    static final MapDelete TEST_RUN = bind("bpf_prog_test_run_opts", MapDelete.class);
    static final SetPrint SET_PRINT = bind("libbpf_set_print", SetPrint.class);
    static final RingNew RING_NEW = bind("ring_buffer__new", RingNew.class);
    static final RingPoll RING_POLL = bind("ring_buffer__poll", RingPoll.class);
    static final Release RING_FREE = bind("ring_buffer__free", Release.class);
    static final Count POSSIBLE_CPUS = bind("libbpf_num_possible_cpus", Count.class);

    private Libbpf() {}

    public interface OpenMem {
        MemorySegment call(MemorySegment elf, long size, MemorySegment options);
    }

    public interface OfPointer {
        int call(MemorySegment pointer);
    }

    public interface OfPointers {
        int call(MemorySegment first, MemorySegment second);
    }

    public interface Release {
        void call(MemorySegment pointer);
    }

    public interface Find {
        MemorySegment call(MemorySegment object, MemorySegment name);
    }

    public interface ReuseFd {
        int call(MemorySegment map, int fd);
    }

    public interface MapCreate {
        int call(
                int type,
                MemorySegment name,
                int keySize,
                int valueSize,
                int maxEntries,
                MemorySegment options);
    }

    public interface MapUpdate {
        int call(int map, MemorySegment key, MemorySegment value, long flags);
    }

    public interface MapLookup {
        int call(int fd, MemorySegment in, MemorySegment out);
    }

    public interface MapBatch {
        int call(
                int fd,
                MemorySegment from,
                MemorySegment next,
                MemorySegment keys,
                MemorySegment values,
                MemorySegment count,
                MemorySegment options);
    }

    public interface MapDelete {
        int call(int fd, MemorySegment argument);
    }

    public interface OfNumber {
        int call(int number);
    }

    public interface LinkCreate {
        int call(int program, int target, int attachType, MemorySegment options);
    }

    public interface LinkUpdate {
        int call(int link, int program, MemorySegment options);
    }

    public interface SetPrint {
        MemorySegment call(MemorySegment function);
    }

    public interface RingNew {
        MemorySegment call(
                int map, MemorySegment sample, MemorySegment context, MemorySegment options);
    }

    public interface RingPoll {
        int call(MemorySegment ring, int timeoutMs);
    }

    public interface Count {
        int call();
    }

    private static <T> T bind(String name, Class<T> shape) {
        return Native.bind(LIBRARY, name, shape);
    }
}
