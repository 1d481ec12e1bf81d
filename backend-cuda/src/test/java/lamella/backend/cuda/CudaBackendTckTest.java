package lamella.backend.cuda;

import lamella.backend.Backend;
import lamella.backend.BackendOptions;
import lamella.backend.BackendProvider;
import lamella.backend.Precision;
import lamella.tck.BackendTck;

import java.util.Optional;

/// The conformance suite on the GPU of this machine, in float32.
final class CudaBackendTckTest extends BackendTck {
    @Override
    protected Optional<BackendProvider> provider() {
        return Optional.of(new CudaBackendProvider());
    }

    @Override
    protected Backend open(BackendOptions options) {
        return new CudaBackendProvider().open(options.precision(Precision.FLOAT32));
    }
}
