package lamella.nn;

import lamella.array.DType;
import lamella.array.Shape;
import lamella.array.ShapeException;
import lamella.backend.Backend;
import lamella.backend.MetaBackend;
import lamella.tensor.Memory;
import lamella.tensor.Parameter;
import lamella.tensor.RandomSource;
import lamella.tensor.Tensor;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// Where a layer under construction gets its parameters. It knows the path, the backend and the
/// random numbers, and collects what is made.
///
/// {@snippet :
/// Parameter weight = scope.child("conv1").parameter("weight", shape, Initializer.heUniform());
/// weight.path();   // lenet.conv1.weight
/// }
public final class Scope {
    private final String path;
    private final Backend backend;
    private final RandomSource random;
    private final boolean blank;
    private final Collected collected;

    /// @param originals by their paths, what parameters are copies of; empty where they begin with initial values
    private record Collected(
            List<Parameter> parameters, List<Summary.Row> rows, Set<String> paths, Map<String, Parameter> originals) {
        static Collected none(Map<String, Parameter> originals) {
            return new Collected(new ArrayList<>(), new ArrayList<>(), new HashSet<>(), originals);
        }
    }

    private Scope(String path, Backend backend, RandomSource random, boolean blank, Collected collected) {
        this.path = path;
        this.backend = backend;
        this.random = random;
        this.blank = blank;
        this.collected = collected;
    }

    /// Returns the scope of a whole model.
    ///
    /// @param name the first part of every path, or an empty string
    public static Scope root(String name, Backend backend, RandomSource random) {
        return new Scope(name, backend, random, false, Collected.none(Map.of()));
    }

    /// Returns the scope of a whole model whose parameters and buffers are all 0, whatever its layers ask for: those of
    /// a file are to take their place, and it takes longer to draw initial values than to read others.
    ///
    /// @param name the first part of every path, or an empty string
    public static Scope blank(String name, Backend backend) {
        return new Scope(name, backend, RandomSource.of(0).split("parameters"), true, Collected.none(Map.of()));
    }

    /// Returns a scope like this one when it was new, but whose parameters are copies of others of their paths, and not
    /// trainable.
    Scope copying(List<Parameter> originals) {
        var byPath = originals.stream().collect(Collectors.toMap(Parameter::path, Function.identity()));
        return new Scope(path, backend, random, blank, Collected.none(byPath));
    }

    /// Returns the scope of a part.
    ///
    /// @throws IllegalArgumentException if a part or parameter of this name was made before
    public Scope child(String name) {
        return new Scope(claim(name), backend, random, blank, collected);
    }

    /// Makes a trainable parameter. Its initial values depend on the seed and its path alone.
    ///
    /// @throws IllegalArgumentException if a part or parameter of this name was made before
    public Parameter parameter(String name, Shape shape, Initializer initializer) {
        return make(claim(name), shape, initializer, true);
    }

    /// Makes a buffer: state that training updates but not by gradients, such as a running mean.
    ///
    /// @throws IllegalArgumentException if a part or parameter of this name was made before
    public Parameter buffer(String name, Shape shape, Initializer initializer) {
        return make(claim(name), shape, initializer, false);
    }

    /// Makes a constant of a layer: it outlives memory scopes as a parameter does, but is no state of the model.
    ///
    /// @param elements in row-major order; not asked for where the model is built on shapes alone
    /// @throws IllegalArgumentException if a part or parameter of this name was made before
    public Tensor constant(String name, Shape shape, Supplier<float[]> elements) {
        Tensor value =
                backend instanceof MetaBackend meta
                        ? Tensor.meta(meta, DType.FLOAT32, shape)
                        : Tensor.of(backend, shape, elements.get());
        return Parameter.of(claim(name), value, false).value();
    }

    private Parameter make(String full, Shape shape, Initializer initializer, boolean trainable) {
        Parameter original = collected.originals.get(full);
        if (original != null) {
            var copy = Parameter.of(full, original.value(), false);
            collected.parameters.add(copy);
            return copy;
        }
        // The parameter copies its initial values, whose storage is then free for reuse.
        Memory.scope(
                () -> {
                    Initializer values = blank ? Initializer.zeros() : initializer;
                    Tensor initial = values.create(backend, shape, random.split(full));
                    collected.parameters.add(Parameter.of(full, initial, trainable));
                });
        return collected.parameters.getLast();
    }

    private String claim(String name) {
        String full = path.isEmpty() ? name : path + "." + name;
        if (!collected.paths.add(full)) {
            throw new IllegalArgumentException("scope: '" + full + "' is made twice");
        }
        return full;
    }

    /// Returns the path of this part: `lenet.conv1`; empty for a root without a name.
    public String path() {
        return path;
    }

    /// Returns where parameters are made.
    public Backend backend() {
        return backend;
    }

    /// Returns a stream of random numbers that depends on the seed and this path alone.
    public RandomSource random() {
        return random.split(path);
    }

    /// Returns the parameters and buffers made so far under this path, in order.
    public List<Parameter> parameters() {
        String prefix = path.isEmpty() ? "" : path + ".";
        return collected.parameters.stream().filter(p -> p.path().startsWith(prefix)).toList();
    }

    /// Builds a part of a container and finds out its output shape by running it on shapes alone.
    ///
    /// @param name the part's name
    /// @param spec the part
    /// @param input the shape of one example, without the batch axis
    /// @throws ShapeException if the part does not fit, with its path
    public Part build(String name, LayerSpec spec, Shape input) {
        Scope scope = child(name);
        String place = scope.path + " = " + spec;
        var meta = MetaBackend.create();
        int row = collected.rows.size();
        try {
            Layer layer = spec.build(scope, input);
            Tensor x = Tensor.meta(meta, layer.inputType(), input.prepend(1));
            Shape output = layer.forward(x).shape().from(1);
            boolean container = collected.rows.size() > row;
            if (!container) {
                collected.rows.add(
                        new Summary.Row(scope.path, spec.toString(), output, scope.parameters(), meta.multiplyAdds()));
            }
            return new Part(place, layer, output);
        } catch (ShapeException e) {
            throw e.at(place);
        }
    }

    /// A built part of a container.
    ///
    /// @param place path and recipe, for messages
    /// @param layer the part
    /// @param output the shape of one example of its output
    public record Part(String place, Layer layer, Shape output) {
        /// Returns the part that does the same in inference, with the layers in it folded into each other.
        public Part frozen() {
            List<Part> folded = Folding.of(List.of(this));
            return folded.size() == 1 ? folded.getFirst() : new Part(place, new Sequential.Built(folded), output);
        }

        /// Runs the part; a shape error says where it arose.
        public Tensor forward(Tensor x) {
            try {
                return layer.forward(x);
            } catch (ShapeException e) {
                throw e.at(place);
            }
        }

        /// Runs the part on sequences; a shape error says where it arose.
        public Sequences forward(Sequences x) {
            try {
                return layer.forward(x);
            } catch (ShapeException e) {
                throw e.at(place);
            }
        }
    }

    List<Summary.Row> rows() {
        return collected.rows;
    }
}
