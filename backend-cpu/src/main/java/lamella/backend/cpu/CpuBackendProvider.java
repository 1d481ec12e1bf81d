package lamella.backend.cpu;

import lamella.backend.Availability;
import lamella.backend.Backend;
import lamella.backend.BackendOptions;
import lamella.backend.BackendProvider;
import lamella.backend.cpu.vector.VectorWidth;

import java.util.concurrent.atomic.AtomicBoolean;

/// Provides the backend `cpu`, which can run everywhere.
///
/// Its fast kernels need the module `jdk.incubator.vector`. On the module path our descriptor
/// brings it in; on the class path the command line must name it, and without it plain loops do the
/// work. No class that names the Vector API may be loaded before that is known.
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

    private static boolean vectors() {
        return ModuleLayer.boot().findModule(MODULE).isPresent();
    }

    /// Returns what the backend runs on, such as `2 cores, 256-bit vectors`.
    static String device(boolean vectors) {
        int cores = Runtime.getRuntime().availableProcessors();
        String processors = cores == 1 ? "1 core" : cores + " cores";
        return vectors
                ? processors + ", " + VectorWidth.bits() + "-bit vectors"
                : processors + ", plain loops: " + HINT;
    }

    @Override
    public Backend open(BackendOptions options) {
        boolean vectors = vectors();
        if (!vectors && hinted.compareAndSet(false, true)) {
            System.getLogger(CpuBackendProvider.class.getName())
                    .log(System.Logger.Level.WARNING, "backend 'cpu' uses plain loops; " + HINT);
        }
        return new CpuBackend(options, vectors, device(vectors));
    }
}
