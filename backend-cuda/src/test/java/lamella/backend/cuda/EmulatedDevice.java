package lamella.backend.cuda;

import lamella.backend.cuda.runtime.NativeLibraries;

import org.junit.jupiter.api.Assumptions;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// A device emulated on the processor: libraries with NVIDIA's names, in `src/test/emulator`, that
/// compute plainly. Its build needs g++.
final class EmulatedDevice {
    /// The libraries.
    static final Path FOLDER = Path.of("target", "emulator").toAbsolutePath();

    private EmulatedDevice() {}

    /// Builds the emulator if it is not there, and has this JVM take it for the device; skips the test where
    /// it cannot be built.
    static synchronized void require() {
        System.setProperty(NativeLibraries.FOLDERS_PROPERTY, FOLDER.toString());
        Assumptions.assumeTrue(isOnPath("g++"), "the emulated device needs g++, which is not here");
        try {
            Files.createDirectories(FOLDER);
            Path output = FOLDER.resolve("build.log");
            Process process =
                    new ProcessBuilder("sh", "src/test/emulator/build.sh", FOLDER.toString())
                            .redirectErrorStream(true)
                            .redirectOutput(output.toFile())
                            .start();
            if (process.waitFor() != 0) {
                throw new IllegalStateException("emulator: " + Files.readString(output));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException("emulator: the build was interrupted", e);
        }
    }

    static boolean isOnPath(String program) {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        return List.of(path.split(File.pathSeparator)).stream()
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    /// Returns how often a function of the driver or of a library was called since [#reset()].
    static long count(String function) {
        try (Arena arena = Arena.ofConfined()) {
            return (long) Functions.COUNT.invokeExact(arena.allocateFrom(function));
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /// Returns the functions that were called since [#reset()], in order; a kernel of ours as `kernel NAME`.
    static List<String> log() {
        try (Arena arena = Arena.ofConfined()) {
            long size = (long) Functions.LOG.invokeExact(MemorySegment.NULL, 0L);
            MemorySegment text = arena.allocate(size);
            long written = (long) Functions.LOG.invokeExact(text, size);
            assert written == size;
            return text.getString(0, StandardCharsets.US_ASCII).lines().toList();
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /// Forgets counts and log.
    static void reset() {
        try {
            Functions.RESET.invokeExact();
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /// Sets the size of the device's memory.
    static void memory(long bytes) {
        try {
            Functions.MEMORY.invokeExact(bytes);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /// Sets the compute capability: 80 for 8.0.
    static void capability(int capability) {
        try {
            Functions.CAPABILITY.invokeExact(capability);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /// Returns the bytes of device memory that are allocated.
    static long liveBytes() {
        try {
            return (long) Functions.LIVE_BYTES.invokeExact();
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /// Lets the next call of a function fail.
    static void failNext(String function, int status) {
        try (Arena arena = Arena.ofConfined()) {
            Functions.FAIL.invokeExact(arena.allocateFrom(function), status);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /// The emulator's own functions, looked up when it has been built.
    private static final class Functions {
        private static final MethodHandle COUNT =
                function("emulator_count", FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.ADDRESS));
        private static final MethodHandle LOG =
                function(
                        "emulator_log",
                        FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG));
        private static final MethodHandle RESET = function("emulator_reset", FunctionDescriptor.ofVoid());
        private static final MethodHandle MEMORY =
                function("emulator_set_memory", FunctionDescriptor.ofVoid(ValueLayout.JAVA_LONG));
        private static final MethodHandle CAPABILITY =
                function("emulator_set_capability", FunctionDescriptor.ofVoid(ValueLayout.JAVA_INT));
        private static final MethodHandle LIVE_BYTES =
                function("emulator_live_bytes", FunctionDescriptor.of(ValueLayout.JAVA_LONG));
        private static final MethodHandle FAIL =
                function("emulator_fail_next", FunctionDescriptor.ofVoid(ValueLayout.ADDRESS, ValueLayout.JAVA_INT));

        @SuppressWarnings("restricted")
        private static MethodHandle function(String name, FunctionDescriptor descriptor) {
            MemorySegment address =
                    SymbolLookup.libraryLookup(FOLDER.resolve("libcuda.so.1"), Arena.global()).findOrThrow(name);
            return Linker.nativeLinker().downcallHandle(address, descriptor);
        }
    }
}
