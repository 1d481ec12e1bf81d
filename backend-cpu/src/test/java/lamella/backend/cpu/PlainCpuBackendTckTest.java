package lamella.backend.cpu;

import lamella.backend.Backend;
import lamella.backend.BackendOptions;
import lamella.tck.BackendTck;

/// The conformance suite on the plain loops.
final class PlainCpuBackendTckTest extends BackendTck {
    @Override
    protected Backend open(BackendOptions options) {
        return new CpuBackend(options, false, "plain loops");
    }
}
