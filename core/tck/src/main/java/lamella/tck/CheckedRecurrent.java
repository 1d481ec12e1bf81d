package lamella.tck;

import lamella.array.Shape;
import lamella.backend.RecurrentKernels;
import lamella.backend.View;

import java.util.Optional;

/// Asserts the contract of fused recurrent kernels.
record CheckedRecurrent(RecurrentKernels kernels, CheckedBackend.Calls calls) implements RecurrentKernels {
    @Override
    public int reserveSize(Cell cell, int batch, int steps, int inputs, int hidden) {
        int size = kernels.reserveSize(cell, batch, steps, inputs, hidden);
        calls.of("recurrent.reserveSize").require(size >= 0, "the size is negative, " + size);
        return size;
    }

    @Override
    public void forward(Run run, Pass values, Optional<View> reserve) {
        CheckedCall call = calls.of("recurrent.forward");
        readOperands(call, values);
        call.writes("states", values.states());
        writeState(call, "last", values.last());
        requireFit(call, run, values, "");
        reserve.ifPresent(view -> call.scratch("reserve", view).size("reserve", view, reserveSize(run, values)));
        call.run(() -> kernels.forward(run, values, reserve));
    }

    @Override
    public void gradient(Run run, Pass values, View reserve, Pass gradients) {
        CheckedCall call = calls.of("recurrent.gradient");
        readOperands(call, values);
        call.reads("states", values.states());
        readState(call, "last", values.last());
        requireFit(call, run, values, "");
        call.scratch("reserve", reserve).size("reserve", reserve, reserveSize(run, values));
        call.reads("states gradient", gradients.states());
        readState(call, "last gradient", gradients.last());
        call.writes("x gradient", gradients.x());
        writeState(call, "initial gradient", gradients.initial());
        Weights weights = gradients.weights();
        call.writes("input weight gradient", weights.input())
                .writes("hidden weight gradient", weights.hidden())
                .writes("bias gradient", weights.bias());
        weights.candidateBias().ifPresent(view -> call.writes("candidate bias gradient", view));
        requireFit(call, run, gradients, " gradient");
        call.shape("x gradient", gradients.x(), values.x().shape())
                .shape("states gradient", gradients.states(), values.states().shape());
        call.run(() -> kernels.gradient(run, values, reserve, gradients));
    }

    private int reserveSize(Run run, Pass values) {
        View x = values.x();
        return kernels.reserveSize(run.cell(), x.dim(0), x.dim(1), x.dim(2), values.states().dim(2));
    }

    private static void readOperands(CheckedCall call, Pass values) {
        call.reads("x", values.x());
        readState(call, "initial", values.initial());
        call.reads("input weight", values.weights().input())
                .reads("hidden weight", values.weights().hidden())
                .reads("bias", values.weights().bias());
        values.weights().candidateBias().ifPresent(view -> call.reads("candidate bias", view));
    }

    private static void readState(CheckedCall call, String role, State state) {
        call.reads(role + " hidden", state.hidden());
        state.cell().ifPresent(view -> call.reads(role + " cell", view));
    }

    private static void writeState(CheckedCall call, String role, State state) {
        call.writes(role + " hidden", state.hidden());
        state.cell().ifPresent(view -> call.writes(role + " cell", view));
    }

    /// Requires that the arrays of a pass fit each other, and the run.
    ///
    /// @param kind what follows a role's name in messages
    private static void requireFit(CheckedCall call, Run run, Pass pass, String kind) {
        call.rank("x" + kind, pass.x(), 3).rank("states" + kind, pass.states(), 3);
        int batch = pass.x().dim(0);
        int steps = pass.x().dim(1);
        int size = pass.states().dim(2);
        int stacked = run.cell().gates() * size;
        call.shape("states" + kind, pass.states(), Shape.of(batch, steps, size))
                .require(run.lengths().length == batch, run.lengths().length + " lengths for " + batch + " sequences");
        for (int length : run.lengths()) {
            call.require(length >= 0 && length <= steps, "length " + length + " is outside [0, " + steps + "]");
        }
        requireState(call, run.cell(), "initial" + kind, pass.initial(), Shape.of(batch, size));
        requireState(call, run.cell(), "last" + kind, pass.last(), Shape.of(batch, size));
        Weights weights = pass.weights();
        call.shape("input weight" + kind, weights.input(), Shape.of(stacked, pass.x().dim(2)))
                .shape("hidden weight" + kind, weights.hidden(), Shape.of(stacked, size))
                .shape("bias" + kind, weights.bias(), Shape.of(stacked));
        requirePresence(call, "candidate bias" + kind, weights.candidateBias(), run.cell().hasCandidateBias());
        weights.candidateBias().ifPresent(view -> call.shape("candidate bias" + kind, view, Shape.of(size)));
    }

    private static void requireState(CheckedCall call, Cell cell, String role, State state, Shape shape) {
        call.shape(role + " hidden", state.hidden(), shape);
        requirePresence(call, role + " cell", state.cell(), cell.hasCell());
        state.cell().ifPresent(view -> call.shape(role + " cell", view, shape));
    }

    private static void requirePresence(CheckedCall call, String role, Optional<View> view, boolean expected) {
        call.require(view.isPresent() == expected, role + (expected ? " is missing" : " is present, but has no use"));
    }
}
