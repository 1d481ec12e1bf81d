package lamella.backend.cuda;

import lamella.backend.Availability;
import lamella.backend.Backend;
import lamella.backend.BackendOptions;
import lamella.backend.BackendProvider;
import lamella.backend.cuda.runtime.Probe;

/// Provides the backend `cuda`, which goes before the CPU where it can run.
public final class CudaBackendProvider implements BackendProvider {
    /// Asked once for the life of the program, by whichever provider is first: a native library
    /// that failed to load cannot be tried again.
    private static final class Once {
        private static final Availability ANSWER = Probe.run();
    }

    /// Makes the provider; called by the service loader.
    public CudaBackendProvider() {}

    @Override
    public String name() {
        return "cuda";
    }

    @Override
    public Availability probe() {
        return Once.ANSWER;
    }

    @Override
    public Backend open(BackendOptions options) {
        return switch (probe()) {
            case Availability.Available(String device) -> new CudaBackend(options, device);
            case Availability.Unavailable(String reason) ->
                    throw new IllegalStateException("backend 'cuda' cannot run here: " + reason);
        };
    }

    @Override
    public int priority() {
        return 10;
    }
}
