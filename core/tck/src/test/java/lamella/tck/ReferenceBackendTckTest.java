package lamella.tck;

import lamella.backend.Backend;
import lamella.backend.BackendOptions;

/// The reference backend passes its own suite.
final class ReferenceBackendTckTest extends BackendTck {
    @Override
    protected Backend open(BackendOptions options) {
        return ReferenceBackend.create(options);
    }
}
