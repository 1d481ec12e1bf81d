package lamella.app.common;

import lamella.backend.Backend;
import lamella.backend.BackendOptions;
import lamella.backend.Backends;
import lamella.backend.Precision;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The options that mean the same in every program.
public final class CommonOptions {
    /// The backend's name.
    public static final Option<String> BACKEND =
            Option.text(
                    "--backend",
                    "NAME",
                    "what computes, such as cpu (default: $LAMELLA_BACKEND, or the best that can" + " run here)");

    /// Threads that compute.
    public static final Option<Integer> THREADS =
            Option.integer(
                    "--threads",
                    "threads that compute; the result does not depend on it (default: one per" + " processor)",
                    1);

    /// The device, of a backend that has several.
    public static final Option<Integer> DEVICE =
            Option.integer("--device", "the index of the device, where there are several", 0).or(0);

    /// In what products are computed.
    public static final Option<Precision> PRECISION =
            Option.choice(
                    "--precision",
                    "NAME",
                    "in what products are computed: float32, tf32 or bfloat16 (default: the backend's"
                            + " own: cpu float32, cuda tf32)",
                    Precision::named);

    /// Whether the bits may differ from run to run.
    public static final Option<Boolean> NONDETERMINISTIC =
            Option.flag(
                    "--nondeterministic",
                    "let the backend measure which algorithms are fastest, also such that give other bits in"
                            + " every run");

    /// The seed of all random numbers.
    public static final Option<Long> SEED = Option.wholeNumber("--seed", "the seed of all random numbers").or(1L);

    /// The data set's folder.
    public static final Option<Path> DATA = Option.path("--data", "DIR", "the data set's folder");

    /// A checkpoint to go on from.
    public static final Option<Path> RESUME =
            Option.path(
                    "--resume", "FILE", "go on from this checkpoint; the result is as if training had never stopped");

    /// Less output.
    public static final Option<Boolean> QUIET = Option.flag("--quiet", "print the last line alone");

    /// The environment's variable that names the backend.
    static final String BACKEND_VARIABLE = "LAMELLA_BACKEND";

    private CommonOptions() {}

    /// Returns a verb's own options, and those that say what computes and how.
    public static List<Option<?>> computing(Option<?>... own) {
        return Stream.concat(Stream.of(own), Stream.of(BACKEND, DEVICE, THREADS, PRECISION, NONDETERMINISTIC)).toList();
    }

    /// Returns the option for the model's file.
    ///
    /// @param file the file where it is not written
    public static Option<Path> out(String file) {
        return Option.path(
                        "--out",
                        "FILE",
                        "the model's file, a checkpoint after every epoch; replaced by a complete" + " new one")
                .or(Path.of(file));
    }

    /// Opens the backend that was asked for with [#BACKEND] or in the environment, or else the best
    /// that can run here, as the options of [#computing] say.
    ///
    /// @throws IllegalArgumentException if there is none of this name
    /// @throws IllegalStateException if it cannot run here
    public static Backend open(Backends backends, Arguments arguments) {
        return open(backends, arguments, false);
    }

    /// Opens the backend like [#open(Backends, Arguments)].
    ///
    /// @param brief whether little is to be computed
    public static Backend open(Backends backends, Arguments arguments, boolean brief) {
        BackendOptions options = options(arguments).brief(brief);
        Optional<String> written = arguments.find(BACKEND);
        if (written.isPresent()) {
            return backends.open(written.get(), options);
        }
        Optional<String> variable = arguments.environment(BACKEND_VARIABLE);
        if (variable.isEmpty()) {
            return backends.open(options);
        }
        try {
            return backends.open(variable.get(), options);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(BACKEND_VARIABLE + ": " + e.getMessage(), e);
        } catch (IllegalStateException e) {
            throw new IllegalStateException(BACKEND_VARIABLE + ": " + e.getMessage(), e);
        }
    }

    private static BackendOptions options(Arguments arguments) {
        BackendOptions options =
                BackendOptions.defaults().device(arguments.get(DEVICE)).deterministic(!arguments.get(NONDETERMINISTIC));
        options = arguments.find(THREADS).map(options::threads).orElse(options);
        return arguments.find(PRECISION).map(options::precision).orElse(options);
    }
}
