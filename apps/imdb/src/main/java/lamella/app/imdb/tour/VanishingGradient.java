package lamella.app.imdb.tour;

import static lamella.layers.rnn.RnnLayers.lstm;
import static lamella.layers.rnn.RnnLayers.rnn;
import static lamella.nn.Initializer.zeros;

import lamella.array.Shape;
import lamella.backend.Backend;
import lamella.layers.rnn.RecurrentCell;
import lamella.layers.rnn.RecurrentSpec;
import lamella.nn.Initializer;
import lamella.nn.Scope;
import lamella.tensor.Autograd;
import lamella.tensor.Parameter;
import lamella.tensor.RandomSource;
import lamella.tensor.Recurrence.State;
import lamella.tensor.Tensor;

import java.util.ArrayList;
import java.util.List;

/// How much of the gradient is left after a number of steps back in time.
///
/// A cell of 64 hidden units reads T = 100 steps of noise, 16 standard normal numbers each. The loss is the last hidden
/// state along a random direction of length 1, and what is measured is the norm of d loss / d hₜ, the mean over 32
/// sequences, at each distance T − t; at distance 0 it is 1. Nothing is trained: these are the gradients with which
/// training begins.
///
/// Source: Hochreiter, "The vanishing gradient problem during learning recurrent neural nets and problem solutions",
/// 1998; Bengio et al., "Learning long-term dependencies with gradient descent is difficult", 1994.
final class VanishingGradient {
    static final int STEPS = 100;

    private static final int HIDDEN = 64;
    private static final int INPUTS = 16;
    private static final int BATCH = 32;

    /// From this distance on the curves fall evenly.
    private static final int SETTLED = 10;

    /// The loss is this much larger than said above, and the norms are divided by it, so that gradients below the least
    /// float32 can be seen. A power of two: no digit is lost.
    private static final float SCALE = 0x1p80f;

    private final Backend backend;
    private final RandomSource random;

    VanishingGradient(Backend backend, long seed) {
        this.backend = backend;
        random = RandomSource.of(seed).split("vanishing gradient");
    }

    /// What one cell leaves of the gradient.
    ///
    /// @param name what cell it is
    /// @param norms at the distances 0 to T − 1
    record Curve(String name, double[] norms) {
        /// Returns by what factor a step back changes the norm, the geometric mean over the distances from 10 on.
        double factor() {
            int last = norms.length - 1;
            return Math.pow(norms[last] / norms[SETTLED], 1.0 / (last - SETTLED));
        }
    }

    /// Returns the curves of four cells: the RNN as it was usually begun, with hidden weights U(−1/√H, 1/√H); the RNN and
    /// the LSTM as the library begins them, with orthogonal hidden weights and a forget bias of 1; and the LSTM with
    /// biases that hold what it has read for up to T steps.
    List<Curve> measure() {
        return List.of(
                measure("RNN, uniform weights", rnn(HIDDEN), "hiddenWeight", Initializer.fanInUniform(HIDDEN)),
                measure("RNN", rnn(HIDDEN)),
                measure("LSTM", lstm(HIDDEN)),
                measure("LSTM, long memory", lstm(HIDDEN), "bias", longMemory()));
    }

    /// Forget bias ln u, input bias −ln u, u uniform in [1, T − 1): a gate of σ(ln u) forgets in about u steps.
    ///
    /// Source: Tallec and Ollivier, "Can recurrent neural networks warp time?", ICLR 2018, section 3.
    private static Initializer longMemory() {
        Initializer logarithms = (backend, shape, random) -> random.uniform(backend, shape, 1, STEPS - 1).log();
        return (backend, shape, random) -> {
            Shape gate = shape.with(0, shape.dim(0) / 4);
            Tensor forget = logarithms.create(backend, gate, random);
            Tensor none = zeros().create(backend, gate, random);
            return Tensor.concatenate(0, forget.negate(), forget, none, none);
        };
    }

    private Curve measure(String name, RecurrentSpec<?> spec) {
        return new Curve(name, norms(spec.cell(scope(), INPUTS), noise()));
    }

    private Curve measure(String name, RecurrentSpec<?> spec, String parameter, Initializer initial) {
        Scope scope = scope();
        RecurrentCell cell = spec.cell(scope, INPUTS);
        Parameter changed =
                scope.parameters().stream().filter(p -> p.path().equals(parameter)).findFirst().orElseThrow();
        changed.assign(initial.create(backend, changed.shape(), random.split(name)));
        return new Curve(name, norms(cell, noise()));
    }

    private Scope scope() {
        return Scope.root("", backend, random);
    }

    private Tensor noise() {
        return random.split("inputs").normal(backend, Shape.of(STEPS, BATCH, INPUTS), 0, 1);
    }

    /// Returns the norm of d loss / d hₜ at each distance, beginning with 0.
    ///
    /// @param inputs `[T, N, in]`, time first
    double[] norms(RecurrentCell cell, Tensor inputs) {
        int steps = inputs.shape().dim(0);
        int batch = inputs.shape().dim(1);
        Shape shape = Shape.of(batch, cell.hidden());
        Tensor direction = direction(shape);
        // The gradient with respect to what is added to a state is that with respect to the state.
        var added = new ArrayList<Tensor>();
        for (int t = 0; t < steps; t++) {
            added.add(Tensor.zeros(backend, shape));
        }
        List<Tensor> gradients =
                Autograd.gradients(
                        added,
                        () -> {
                            State state = cell.zeroState(backend, batch);
                            for (int t = 0; t < steps; t++) {
                                Tensor x = inputs.slice(0, t, t + 1).reshape(inputs.shape().from(1));
                                State next = cell.step(x, state);
                                state = new State(next.hidden().add(added.get(t)), next.cell());
                            }
                            return state.hidden().multiply(direction).sum().multiply(SCALE);
                        });
        return gradients.reversed().stream().mapToDouble(VanishingGradient::norm).toArray();
    }

    /// Returns random vectors of length 1.
    private Tensor direction(Shape shape) {
        Tensor vectors = random.split("direction").normal(backend, shape, 0, 1);
        return vectors.divide(vectors.square().sum(1).sqrt().reshape(Shape.of(shape.dim(0), 1)));
    }

    /// The mean over the rows of their norms.
    private static double norm(Tensor gradient) {
        float[] elements = gradient.toFloats();
        int rows = gradient.shape().dim(0);
        int columns = gradient.shape().dim(1);
        double sum = 0;
        for (int row = 0; row < rows; row++) {
            double squares = 0;
            for (int i = row * columns; i < (row + 1) * columns; i++) {
                squares += Math.pow(elements[i] / (double) SCALE, 2);
            }
            sum += Math.sqrt(squares);
        }
        return sum / rows;
    }
}
