package lamella.backend.cpu;

import lamella.backend.Backend;
import lamella.backend.BackendOptions;
import lamella.backend.BackendProvider;
import lamella.tck.BackendTck;

import java.util.Optional;

/// The conformance suite on the backend as it comes, with vectors where the JVM has them.
final class CpuBackendTckTest extends BackendTck {
    @Override
    protected Optional<BackendProvider> provider() {
        return Optional.of(new CpuBackendProvider());
    }

    @Override
    protected Backend open(BackendOptions options) {
        return new CpuBackendProvider().open(options);
    }
}
