package lamella.app.imdb.tour;

import lamella.backend.Backend;
import lamella.backend.BackendOptions;
import lamella.backend.Backends;

import java.util.function.Function;

/// The CPU backend, opened for one call.
final class Cpu {
    private Cpu() {}

    static <T> T with(int threads, Function<Backend, T> body) {
        try (Backend backend = Backends.installed().open("cpu", BackendOptions.defaults().threads(threads))) {
            return body.apply(backend);
        }
    }
}
