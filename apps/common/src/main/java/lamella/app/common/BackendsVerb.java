package lamella.app.common;

import lamella.backend.Availability;
import lamella.backend.BackendProvider;
import lamella.backend.Backends;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// The verb that tells what can compute here, and why something cannot.
///
/// @param plugins loads the plugins; called when the verb runs
public record BackendsVerb(Supplier<Plugins> plugins) implements Verb {
    @Override
    public String name() {
        return "backends";
    }

    @Override
    public String description() {
        return "Lists what can compute here, and why something cannot.";
    }

    @Override
    public List<Option<?>> options() {
        return List.of();
    }

    @Override
    public void run(Arguments arguments, Terminal terminal) {
        Plugins loaded = plugins.get();
        Backends backends = loaded.backends();
        Optional<String> variable = arguments.environment(CommonOptions.BACKEND_VARIABLE);
        Optional<String> usual =
                variable.or(
                        () ->
                                backends.providers().stream()
                                        .filter(BackendsVerb::isAvailable)
                                        .map(BackendProvider::name)
                                        .findFirst());
        terminal.out().printf("%-10s %-24s %s%n", "backend", "module", "runs on");
        for (BackendProvider provider : backends.providers()) {
            String mark = usual.filter(provider.name()::equals).map(_ -> " (default)").orElse("");
            terminal.out().printf("%-10s %-24s %s%s%n", provider.name(), module(provider), state(provider), mark);
        }
        if (backends.providers().isEmpty()) {
            terminal.out().println("there is none; add lamella.backend.cpu to the module path");
        }
        variable.filter(name -> !isKnown(backends, name))
                .ifPresent(
                        name ->
                                terminal.out()
                                        .println(
                                                CommonOptions.BACKEND_VARIABLE
                                                        + " is '"
                                                        + name
                                                        + "', which is none of these"));
        backends.failures().forEach(failure -> terminal.out().println("failed: " + failure));
        loaded.modules().forEach(module -> terminal.out().println("plugin: " + module));
        loaded.notes().forEach(note -> terminal.out().println("note: " + note));
    }

    private static boolean isKnown(Backends backends, String name) {
        return backends.providers().stream().anyMatch(provider -> provider.name().equals(name));
    }

    private static boolean isAvailable(BackendProvider provider) {
        return provider.probe() instanceof Availability.Available;
    }

    private static String module(BackendProvider provider) {
        Module module = provider.getClass().getModule();
        return module.isNamed() ? module.getName() : "(class path)";
    }

    private static String state(BackendProvider provider) {
        return switch (provider.probe()) {
            case Availability.Available(String device) -> device;
            case Availability.Unavailable(String reason) -> "cannot run here: " + reason;
        };
    }
}
