package lamella.backend;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.stream.Collectors;

/// The backends that are on the module path (or class path), and in a plugin layer if one is given.
///
/// {@snippet :
/// try (Backend backend = Backends.open()) { ... }              // the best that can run here
/// try (Backend backend = Backends.installed().open("cpu", BackendOptions.defaults())) { ... }
/// }
public final class Backends {
    private final List<BackendProvider> providers;
    private final List<String> failures;

    private Backends(ServiceLoader<BackendProvider> loader) {
        var found = new ArrayList<BackendProvider>();
        var failed = new ArrayList<String>();
        var iterator = loader.iterator();
        while (true) {
            try {
                if (!iterator.hasNext()) {
                    break;
                }
                found.add(iterator.next());
            } catch (ServiceConfigurationError e) {
                failed.add(e.getMessage());
            }
        }
        found.sort(Comparator.comparingInt(BackendProvider::priority).reversed().thenComparing(BackendProvider::name));
        providers = List.copyOf(found);
        failures = List.copyOf(failed);
    }

    /// Returns the backends of the boot layer, or of the class path.
    public static Backends installed() {
        return new Backends(ServiceLoader.load(BackendProvider.class));
    }

    /// Returns the backends of a module layer and its parents.
    public static Backends of(ModuleLayer layer) {
        return new Backends(ServiceLoader.load(layer, BackendProvider.class));
    }

    /// Opens the best installed backend with default options.
    ///
    /// @throws IllegalStateException if there is none that can run here
    public static Backend open() {
        return installed().open(BackendOptions.defaults());
    }

    /// Returns all providers, the highest priority first.
    public List<BackendProvider> providers() {
        return providers;
    }

    /// Returns what went wrong with providers that could not be made, a message each.
    public List<String> failures() {
        return failures;
    }

    /// Opens the available backend with the highest priority.
    ///
    /// @throws IllegalStateException if there is none that can run here
    public Backend open(BackendOptions options) {
        var reasons = new ArrayList<String>();
        for (BackendProvider provider : providers) {
            switch (provider.probe()) {
                case Availability.Available _ -> {
                    return provider.open(options);
                }
                case Availability.Unavailable(String reason) ->
                        reasons.add("'" + provider.name() + "' cannot run here: " + reason);
            }
        }
        reasons.addAll(failures);
        throw new IllegalStateException(
                reasons.isEmpty()
                        ? "no backend on the module path; add lamella.backend.cpu"
                        : "no backend can run here; " + String.join("; ", reasons));
    }

    /// Opens the backend with this name.
    ///
    /// @throws IllegalArgumentException if there is none of this name
    /// @throws IllegalStateException if it cannot run here
    public Backend open(String name, BackendOptions options) {
        BackendProvider provider =
                find(name)
                        .orElseThrow(
                                () ->
                                        new IllegalArgumentException(
                                                "no backend named '"
                                                        + name
                                                        + "'; on the module path: "
                                                        + names()
                                                        + failed()));
        if (provider.probe() instanceof Availability.Unavailable(String reason)) {
            throw new IllegalStateException("backend '" + name + "' cannot run here: " + reason);
        }
        return provider.open(options);
    }

    private Optional<BackendProvider> find(String name) {
        return providers.stream().filter(p -> p.name().equals(name)).findFirst();
    }

    private String failed() {
        return failures.isEmpty() ? "" : "; could not be made: " + String.join("; ", failures);
    }

    private String names() {
        return providers.stream().map(BackendProvider::name).sorted().collect(Collectors.joining(", ", "[", "]"));
    }
}
