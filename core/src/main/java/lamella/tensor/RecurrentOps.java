package lamella.tensor;

import lamella.array.Shape;
import lamella.array.ShapeException;
import lamella.backend.Backend;
import lamella.backend.RecurrentKernels;
import lamella.backend.RecurrentKernels.Pass;
import lamella.backend.RecurrentKernels.Run;
import lamella.backend.RecurrentKernels.State;
import lamella.backend.RecurrentKernels.Weights;
import lamella.backend.View;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Sequences by fused kernels.
final class RecurrentOps {
    private RecurrentOps() {}

    /// Operands: x, initial hidden state, input weight, hidden weight, bias; then of an LSTM the initial
    /// cell, of a GRU the candidate bias. The result is flat: the states, the last hidden state and,
    /// of an LSTM, the last cell, one after the other.
    ///
    /// @param reserve what the forward pass leaves for the gradient, where one may be asked for
    record Sequence(Run run, Optional<Tensor> reserve) implements Op {
        private static final int X = 0;
        private static final int HIDDEN = 1;
        private static final int INPUT_WEIGHT = 2;
        private static final int HIDDEN_WEIGHT = 3;
        private static final int BIAS = 4;
        private static final int EXTRA = 5;

        /// What relations call an operand.
        private static final List<String> NAMES = List.of("input", "state", "input weight", "hidden weight", "bias");

        /// What the lines of a message call it, beside its axes.
        private static final List<String> ROLES = List.of("input", "state", "weight", "weight", "bias");

        private static final List<String> AXES = List.of("N, T, in", "N, H", "gates·H, in", "gates·H, H", "gates·H");

        @Override
        public String name() {
            return run.cell().name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }

        @Override
        public Shape infer(List<Tensor> in) {
            Shape x = in.get(X).shape();
            Shape hidden = in.get(HIDDEN).shape();
            if (x.rank() != 3) {
                throw mismatch(in, "input must be [N, T, in], got rank " + x.rank());
            }
            if (hidden.rank() != 2 || hidden.dim(0) != x.dim(0)) {
                throw mismatch(in, "state must be [N, H] with N = " + x.dim(0));
            }
            if (run.lengths().length != x.dim(0)) {
                throw mismatch(in, "%d lengths for %d sequences".formatted(run.lengths().length, x.dim(0)));
            }
            for (int i = 0; i < run.lengths().length; i++) {
                int length = run.lengths()[i];
                if (length < 0 || length > x.dim(1)) {
                    throw mismatch(in, "length %d of sequence %d is outside [0, %d]".formatted(length, i, x.dim(1)));
                }
            }
            int size = hidden.dim(1);
            int stacked = run.cell().gates() * size;
            requireWeight(in, INPUT_WEIGHT, Shape.of(stacked, x.dim(2)));
            requireWeight(in, HIDDEN_WEIGHT, Shape.of(stacked, size));
            requireWeight(in, BIAS, Shape.of(stacked));
            if (run.cell().hasCell()) {
                requireWeight(in, EXTRA, hidden);
            } else if (run.cell().hasCandidateBias()) {
                requireWeight(in, EXTRA, Shape.of(size));
            }
            return Shape.of(x.dim(0) * x.dim(1) * size + (run.cell().hasCell() ? 2 : 1) * hidden.size());
        }

        private void requireWeight(List<Tensor> in, int operand, Shape expected) {
            if (!in.get(operand).shape().equals(expected)) {
                throw mismatch(in, "%s must be %s, got %s".formatted(name(operand), expected, in.get(operand).shape()));
            }
        }

        private String name(int operand) {
            if (operand < EXTRA) {
                return NAMES.get(operand);
            }
            return run.cell().hasCell() ? "cell" : "candidate bias";
        }

        private ShapeException mismatch(List<Tensor> in, String relation) {
            var problem = ShapeException.of(name(), relation);
            for (int i = 0; i < EXTRA; i++) {
                problem = problem.operand(ROLES.get(i), in.get(i).shape(), AXES.get(i), in.get(i).label());
            }
            if (in.size() > EXTRA) {
                Tensor extra = in.get(EXTRA);
                boolean cell = run.cell().hasCell();
                problem = problem.operand(cell ? "cell" : "bias", extra.shape(), cell ? "N, H" : "H", extra.label());
            }
            return problem;
        }

        @Override
        public void forward(Backend backend, List<View> in, View out) {
            kernels(backend).forward(run, pass(in, out), reserve.map(Tensor::view));
        }

        static RecurrentKernels kernels(Backend backend) {
            return backend.recurrent()
                    .orElseThrow(
                            () ->
                                    new IllegalStateException(
                                            "backend '" + backend.name() + "' has no fused recurrent kernels"));
        }

        /// Cuts the flat result, or its gradient, into its parts beside the operands, or theirs.
        private Pass pass(List<View> in, View flat) {
            Shape x = in.get(X).shape();
            Shape state = in.get(HIDDEN).shape();
            Shape states = Shape.of(x.dim(0), x.dim(1), state.dim(1));
            View last = part(flat, states.size(), state);
            boolean cell = run.cell().hasCell();
            return new Pass(
                    in.get(X),
                    new State(in.get(HIDDEN), cell ? Optional.of(in.get(EXTRA)) : Optional.empty()),
                    new Weights(
                            in.get(INPUT_WEIGHT),
                            in.get(HIDDEN_WEIGHT),
                            in.get(BIAS),
                            run.cell().hasCandidateBias() ? Optional.of(in.get(EXTRA)) : Optional.empty()),
                    part(flat, 0, states),
                    new State(
                            last,
                            cell ? Optional.of(part(flat, states.size() + state.size(), state)) : Optional.empty()));
        }

        private static View part(View flat, int start, Shape shape) {
            return new View(flat.storage(), flat.offset() + start, shape);
        }

        @Override
        public void gradient(Backward at) {
            var gradients = new ArrayList<Tensor>();
            for (int i = 0; i < at.operands(); i++) {
                gradients.add(Tensor.empty(at.backend(), at.in(i).shape()));
            }
            List<View> in = at.in().stream().map(Tensor::view).toList();
            List<View> out = gradients.stream().map(Tensor::view).toList();
            View left = reserve.orElseThrow().view();
            kernels(at.backend()).gradient(run, pass(in, at.out().view()), left, pass(out, at.outputGradient().view()));
            for (int i = 0; i < gradients.size(); i++) {
                Tensor gradient = gradients.get(i);
                at.send(i, () -> gradient);
            }
        }
    }
}
