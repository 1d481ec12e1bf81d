package lamella.backend.cpu;

import lamella.backend.Availability;
import lamella.backend.Backend;
import lamella.backend.BackendOptions;
import lamella.backend.BackendProvider;
import lamella.backend.Precision;
import lamella.backend.cpu.vector.VectorWidth;

import java.util.concurrent.atomic.AtomicBoolean;

/// Provides the backend `cpu`, which can run everywhere.
///
/// Its fast kernels need the module `jdk.incubator.vector`. On the module path our descriptor
/// brings it in; on the class path the command line must name it, and without it plain loops do the
/// work. They do it also for a brief run: until they are compiled, vectors are several times slower.
/// No class that names the Vector API may be loaded before that is known.
public final class CpuBackendProvider implements BackendProvider {
    private static final String MODULE = "jdk.incubator.vector";
    private static final String HINT = "add --add-modules " + MODULE + " for the fast kernels";

    private final AtomicBoolean hinted = new AtomicBoolean();

    /// Makes the provider; called by the service loader.
    public CpuBackendProvider() {}

    @Override
    public String name() {
        return "cpu";
    }

    @Override
    public Availability probe() {
        return new Availability.Available(device(vectors()));
    }

    private static void requireFloat32(Precision precision) {
        if (precision != Precision.FLOAT32) {
            throw new IllegalArgumentException("backend 'cpu' computes in float32, not in " + precision);
        }
    }

    private static boolean vectors() {
        return ModuleLayer.boot().findModule(MODULE).isPresent();
    }

    /// Returns what the backend runs on, such as `2 cores, 256-bit vectors`.
    static String device(boolean vectors) {
        return cores() + ", " + (vectors ? VectorWidth.bits() + "-bit vectors" : "plain loops: " + HINT);
    }

    private static String cores() {
        int cores = Runtime.getRuntime().availableProcessors();
        return cores == 1 ? "1 core" : cores + " cores";
    }

    /// Opens the backend, which has one device and computes in float32.
    ///
    /// @throws IllegalArgumentException if the options ask for another device or precision
    @Override
    public Backend open(BackendOptions options) {
        if (options.device() != 0) {
            throw new IllegalArgumentException("backend 'cpu' has one device, 0, got " + options.device());
        }
        options.precision().ifPresent(CpuBackendProvider::requireFloat32);
        boolean vectors = vectors();
        if (!vectors && hinted.compareAndSet(false, true)) {
            System.getLogger(CpuBackendProvider.class.getName())
                    .log(System.Logger.Level.WARNING, "backend 'cpu' uses plain loops; " + HINT);
        }
        boolean brief = vectors && options.brief();
        return new CpuBackend(options, vectors && !brief, brief ? cores() + ", plain loops" : device(vectors));
    }
}
