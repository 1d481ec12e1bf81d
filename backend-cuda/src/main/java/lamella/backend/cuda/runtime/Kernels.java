package lamella.backend.cuda.runtime;

import jcuda.Pointer;
import jcuda.driver.CUfunction;
import jcuda.driver.CUmodule;
import jcuda.driver.JCudaDriver;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Our own kernels. Each file of `src/main/cuda` becomes a PTX resource, which the driver compiles
/// for its device when the first of its kernels is asked for.
final class Kernels implements AutoCloseable {
    /// The longest parameter list, in slots, that a kernel may have.
    static final int MOST_SLOTS = 128;

    private static final Pattern ENTRY = Pattern.compile("\\.visible \\.entry (\\w+)\\(([^)]*)\\)");
    private static final Pattern PARAMETER =
            Pattern.compile(
                    "\\.param (?:\\.align (\\d+) )?\\.([usfb])(\\d+)[^\\[,\\n]*?\\w+(?:\\[(\\d+)])?\\s*(?:,|$)");

    private final Arena arena;
    private final Issuer issuer;
    private final Map<String, Map<String, Kernel>> files = new HashMap<>();
    private final List<CUmodule> modules = new ArrayList<>();

    /// Loads nothing yet.
    ///
    /// @param arena holds parameter tables
    /// @param issuer starts the kernels
    Kernels(Arena arena, Issuer issuer) {
        this.arena = arena;
        this.issuer = issuer;
    }

    /// Returns a kernel.
    ///
    /// @param file the source file's name, without its ending
    /// @throws IllegalArgumentException if there is none of this name
    Kernel get(String file, String name) {
        Kernel kernel = files.computeIfAbsent(file, this::load).get(name);
        if (kernel == null) {
            throw new IllegalArgumentException("cuda: no kernel " + name + " in " + file + ".cu");
        }
        return kernel;
    }

    private Map<String, Kernel> load(String file) {
        String ptx = read(file);
        byte[] text = ptx.getBytes(StandardCharsets.US_ASCII);
        issuer.activate();
        var module = new CUmodule();
        try (Arena temporary = Arena.ofConfined()) {
            // a final 0 behind the text: fresh memory is zero
            MemorySegment image = temporary.allocate(text.length + 1L);
            MemorySegment.copy(text, 0, image, ValueLayout.JAVA_BYTE, 0, text.length);
            Pointer none = new Address(0);
            int status = JCudaDriver.cuModuleLoadDataEx(module, new Address(image.address()), 0, new int[0], none);
            CudaException.checkDriver(status, "cuModuleLoadDataEx of " + file + ".ptx");
        }
        modules.add(module);
        Map<String, Kernel> kernels = new HashMap<>();
        Signatures.of(ptx).forEach((name, starts) -> kernels.put(name, kernel(module, name, starts)));
        return kernels;
    }

    private Kernel kernel(CUmodule module, String name, int[] starts) {
        var function = new CUfunction();
        CudaException.checkDriver(
                JCudaDriver.cuModuleGetFunction(function, module, name), "cuModuleGetFunction of " + name);
        return new Kernel(name, function, starts, issuer.slots(), arena.allocate(8L * starts.length, 8));
    }

    private static String read(String file) {
        String resource = "/lamella/backend/cuda/ptx/" + file + ".ptx";
        try (InputStream in = Kernels.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalArgumentException("cuda: there is no " + file + ".ptx");
            }
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        modules.forEach(JCudaDriver::cuModuleUnload);
    }

    /// The parameters of the kernels in a PTX text.
    static final class Signatures {
        private Signatures() {}

        /// Returns for each kernel the index of each parameter's first slot, and the number of slots.
        static Map<String, int[]> of(String ptx) {
            Map<String, int[]> found = new HashMap<>();
            for (Matcher entry = ENTRY.matcher(ptx); entry.find(); ) {
                found.put(entry.group(1), starts(entry.group(2)));
            }
            return found;
        }

        private static int[] starts(String parameters) {
            String[] lines = parameters.isBlank() ? new String[0] : parameters.strip().split(",\\s*");
            int[] starts = new int[lines.length + 1];
            for (int i = 0; i < lines.length; i++) {
                starts[i + 1] = starts[i] + slots(lines[i].strip());
            }
            if (starts[lines.length] > MOST_SLOTS) {
                throw new IllegalArgumentException("cuda: a kernel has more than " + MOST_SLOTS + " slots");
            }
            return starts;
        }

        private static int slots(String parameter) {
            Matcher m = PARAMETER.matcher(parameter);
            if (!m.find()) {
                throw new IllegalArgumentException("cuda: cannot read the PTX parameter '" + parameter + "'");
            }
            int bytes = Integer.parseInt(m.group(3)) / 8 * (m.group(4) == null ? 1 : Integer.parseInt(m.group(4)));
            return Math.ceilDiv(bytes, 8);
        }
    }
}
