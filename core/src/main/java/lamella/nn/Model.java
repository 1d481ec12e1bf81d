package lamella.nn;

import lamella.array.Shape;
import lamella.array.ShapeException;
import lamella.backend.Backend;
import lamella.backend.MetaBackend;
import lamella.tensor.Parameter;
import lamella.tensor.RandomSource;
import lamella.tensor.Tensor;

import java.util.List;

/// A net: a spec, built for inputs of one shape on one backend.
///
/// {@snippet :
/// Model model = Model.build(lenet5, Shape.of(1, 28, 28), backend, seed);
/// Tensor logits = model.forward(images);   // [N, 1, 28, 28] -> [N, 10]
/// }
public final class Model {
    private final LayerSpec spec;
    private final Shape input;
    private final Backend backend;
    private final Scope scope;
    private final Scope.Part net;

    private Model(LayerSpec spec, Shape input, Backend backend, Scope scope, Scope.Part net) {
        this.spec = spec;
        this.input = input;
        this.backend = backend;
        this.scope = scope;
        this.net = net;
    }

    /// Builds a net. Its shapes are checked first, on shapes alone: a net that does not fit fails
    /// before any arithmetic.
    ///
    /// @param spec the recipe; its paths begin with `net`, or with the name of a [Named]
    /// @param input the shape of one example, without the batch axis
    /// @param seed the initial values depend on it and on the parameters' paths alone
    /// @throws ShapeException if two layers do not fit, with the path of the second
    public static Model build(LayerSpec spec, Shape input, Backend backend, long seed) {
        requireFits(spec, input, backend);
        return of(spec, input, Scope.root("", backend, RandomSource.of(seed).split("parameters")));
    }

    /// Builds a net whose parameters and buffers are all 0, to be replaced by those of a file: it takes longer to draw
    /// initial values than to read others.
    ///
    /// @param spec the recipe; its paths begin with `net`, or with the name of a [Named]
    /// @param input the shape of one example, without the batch axis
    /// @throws ShapeException if two layers do not fit, with the path of the second
    public static Model blank(LayerSpec spec, Shape input, Backend backend) {
        requireFits(spec, input, backend);
        return of(spec, input, Scope.blank("", backend));
    }

    private static void requireFits(LayerSpec spec, Shape input, Backend backend) {
        if (!(backend instanceof MetaBackend)) {
            layers(spec, input, Scope.blank("", MetaBackend.create()));
        }
    }

    private static Model of(LayerSpec spec, Shape input, Scope root) {
        return new Model(spec, input, root.backend(), root, layers(spec, input, root));
    }

    private static Scope.Part layers(LayerSpec spec, Shape input, Scope root) {
        String name = spec instanceof Named named ? named.name() : "net";
        LayerSpec layers = spec instanceof Named named ? named.layer() : spec;
        return root.build(name, layers, input);
    }

    /// Returns the recipe.
    public LayerSpec spec() {
        return spec;
    }

    /// Returns the shape of one input example.
    public Shape input() {
        return input;
    }

    /// Returns the shape of one output example.
    public Shape output() {
        return net.output();
    }

    /// Returns where the parameters are.
    public Backend backend() {
        return backend;
    }

    /// Returns the output for a batch.
    ///
    /// @throws ShapeException if `x` is not a batch of inputs of the shape that the model was built
    ///     for
    public Tensor forward(Tensor x) {
        requireBatch(input, x);
        return net.forward(x);
    }

    static void requireBatch(Shape input, Tensor x) {
        if (x.shape().rank() != input.rank() + 1 || !x.shape().from(1).equals(input)) {
            throw ShapeException.of("model", "built for inputs " + input + ", got a batch " + x.shape())
                    .operand("input", x.shape(), "", x.label());
        }
    }

    /// Returns the output for a batch of sequences of any number of steps.
    ///
    /// @param x `[N, T, ...]`; a model built for inputs `[T', ...]` takes any T that its layers take
    /// @throws ShapeException if `x` is not a batch of inputs of the shape that the model was built
    ///     for, but for the number of steps
    public Sequences forward(Sequences x) {
        requireSequences(input, x);
        return net.forward(x);
    }

    static void requireSequences(Shape input, Sequences x) {
        Shape shape = x.values().shape();
        if (input.rank() < 1 || shape.rank() != input.rank() + 1 || !shape.from(2).equals(input.from(1))) {
            throw ShapeException.of("model", "built for sequences " + input + ", got a batch " + shape)
                    .operand("input", shape, "", x.values().label());
        }
    }

    /// Returns this net for inference alone, as it is now: with copies of its parameters, layers folded into each other
    /// where they can be, and nothing to train.
    public Frozen freeze() {
        return new Frozen(input, backend, layers(spec, input, scope.copying(scope.parameters())));
    }

    /// Returns the trainable parameters, in the order in which they were made.
    public List<Parameter> parameters() {
        return scope.parameters().stream().filter(Parameter::trainable).toList();
    }

    /// Returns all parameters and buffers: what a model file holds.
    public List<Parameter> state() {
        return scope.parameters();
    }

    /// Returns the layers with shapes, parameters and cost.
    public Summary summary() {
        long count = parameters().stream().mapToLong(p -> p.shape().size()).sum();
        return new Summary(input, List.copyOf(scope.rows()), count);
    }
}
