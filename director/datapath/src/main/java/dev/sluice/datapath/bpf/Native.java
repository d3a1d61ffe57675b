package dev.sluice.datapath.bpf;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Method;
import java.util.Arrays;

/** Makes a functional interface of a C function whose signature is that of its one method. */
final class Native {
    static final Linker LINKER = Linker.nativeLinker();

    private Native() {}

    /**
     * Entry points ask this before they touch {@link Libbpf}: a failure while that is initialised
     * would hide the reason.
     *
     * @throws DatapathException if the library is not on this machine
     */
    static SymbolLookup library(String soname) {
        try {
            return SymbolLookup.libraryLookup(soname, Arena.global());
        } catch (IllegalArgumentException e) {
            throw new DatapathException(
                    soname
                            + " is not on this machine: iproute2 brings it"
                            + " (Debian: apt-get install iproute2)",
                    e);
        }
    }

    /**
     * @param shape its method takes and returns {@code int}, {@code long} or {@link MemorySegment}
     */
    static <T> T bind(SymbolLookup library, String name, Class<T> shape, Linker.Option... options) {
        MemorySegment symbol =
                library.find(name)
                        .orElseThrow(() ->
                                new DatapathException(
                                        "the C library in use has no function " + name));
        boolean capture = Arrays.stream(options).anyMatch(o -> o.equals(Libc.CAPTURE_ERRNO));
        MethodHandle handle =
                LINKER.downcallHandle(symbol, descriptor(shape, capture ? 1 : 0), options);
        return MethodHandleProxies.asInterfaceInstance(shape, handle);
    }

    /**
     * A C function pointer to an object's one method.
     *
     * @param shape public; as for {@link #bind}
     */
    static <T> MemorySegment callback(Class<T> shape, T target, Arena arena) {
        try {
            MethodHandle handle = MethodHandles.lookup().unreflect(onlyMethod(shape));
            return LINKER.upcallStub(handle.bindTo(target), descriptor(shape, 0), arena);
        } catch (IllegalAccessException e) {
            throw new LinkageError(shape.getName(), e);
        }
    }

    private static FunctionDescriptor descriptor(Class<?> shape, int skip) {
        Method method = onlyMethod(shape);
        MemoryLayout[] parameters =
                Arrays.stream(method.getParameterTypes())
                        .skip(skip)
                        .map(Native::layout)
                        .toArray(MemoryLayout[]::new);
        return method.getReturnType() == void.class
                ? FunctionDescriptor.ofVoid(parameters)
                : FunctionDescriptor.of(layout(method.getReturnType()), parameters);
    }

    private static Method onlyMethod(Class<?> shape) {
        return Arrays.stream(shape.getDeclaredMethods())
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(shape.getName()));
    }

    private static MemoryLayout layout(Class<?> type) {
        if (type == int.class) {
            return ValueLayout.JAVA_INT;
        }
        return type == long.class ? ValueLayout.JAVA_LONG : ValueLayout.ADDRESS;
    }
}
