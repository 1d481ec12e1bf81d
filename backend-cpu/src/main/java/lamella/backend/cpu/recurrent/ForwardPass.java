package lamella.backend.cpu.recurrent;

import lamella.backend.RecurrentKernels.Pass;
import lamella.backend.RecurrentKernels.Run;
import lamella.backend.RecurrentKernels.State;
import lamella.backend.View;
import lamella.backend.cpu.matrix.Gemm;
import lamella.backend.cpu.matrix.GemmOperand;
import lamella.backend.cpu.matrix.GemmPanels;
import lamella.backend.cpu.matrix.GemmResult;
import lamella.backend.cpu.runtime.CpuStorage;

/// The forward pass: one product for the inputs of all steps, then the steps.
///
/// A task takes a few sequences through all their steps, and no task waits for another: a barrier
/// after each step would cost as much as the step. The sequences do not depend on each other, so the
/// result has the same bits however they are cut into tasks.
final class ForwardPass {
    private final RecurrentEngine engine;
    private final RecurrentSizes sizes;
    private final CellSteps steps;
    private final StepRows rows;
    private final Pass values;
    private final FloatRows states;
    private final FloatRows gates;
    private final FloatRows kept;

    /// Prepares a pass that leaves its gates in a reserve.
    ForwardPass(RecurrentEngine engine, Run run, Pass values, float[] reserve, int offset) {
        this.engine = engine;
        this.sizes = RecurrentSizes.of(run, values);
        this.steps = engine.steps(run.cell(), sizes.hidden());
        this.rows = new StepRows(run, sizes.steps());
        this.values = values;
        states = FloatRows.of(values.states());
        gates = sizes.gateRows(reserve, offset);
        kept = sizes.keptRows(reserve, offset);
    }

    /// Computes the states.
    void run() {
        engine.withRealSteps(rows, values.x(), this::inputProducts);
        View weight = values.weights().hidden();
        var operand = GemmOperand.of(CpuStorage.floats(weight), weight.offset(), sizes.hidden(), true);
        var panels = engine.pack(sizes.hidden(), sizes.gates(), operand);
        engine.tasks(rows, sizes, (from, count) -> sequences(panels, from, count));
        engine.pool().give(panels.packed());
    }

    private void inputProducts(float[] x, int at) {
        View weight = values.weights().input();
        Gemm gemm = engine.gemm();
        gemm.multiply(
                rows.rows(),
                sizes.gates(),
                sizes.inputs(),
                GemmOperand.of(x, at, sizes.inputs(), false),
                GemmOperand.of(CpuStorage.floats(weight), weight.offset(), sizes.inputs(), true),
                new GemmResult(gates.array(), gates.offset(), sizes.gates(), false));
    }

    /// Takes the sequences at `count` places from `from` on through all their steps.
    private void sequences(GemmPanels panels, int from, int count) {
        var pool = engine.pool();
        int size = sizes.hidden();
        float[] hidden = pool.take(count * size);
        float[] cell = pool.take(count * size);
        float[] products = pool.take(panels.height(count) * panels.stride());
        int[] offsets = engine.offsets(count, size);
        var bias = FloatRows.of(values.weights().bias());
        var arrays =
                new CellSteps.Forward(
                        gates,
                        kept,
                        FloatRows.of(products, panels.stride()),
                        FloatRows.of(hidden, size),
                        FloatRows.of(cell, size),
                        bias,
                        values.weights().candidateBias().map(FloatRows::of).orElse(bias));
        exchange(values.initial(), arrays, from, count, true);
        for (int turn = 0; turn < sizes.steps(); turn++) {
            int running = rows.running(from, count, turn);
            if (running == 0) {
                break;
            }
            panels.multiply(running, hidden, offsets, products);
            for (int place = 0; place < running; place++) {
                int sequence = rows.sequence(from + place);
                steps.forward(arrays, rows.row(sequence, turn), place);
                states.set(rows.paddedRow(sequence, turn), arrays.hidden(), place);
            }
        }
        exchange(values.last(), arrays, from, count, false);
        for (int place = 0; place < count; place++) {
            rows.clearPadding(rows.sequence(from + place), size, states.array(), states.offset());
        }
        pool.give(hidden);
        pool.give(cell);
        pool.give(products);
        pool.give(offsets);
    }

    /// Reads the states of the sequences of a task, or writes them.
    private void exchange(State state, CellSteps.Forward arrays, int from, int count, boolean read) {
        engine.exchange(rows, FloatRows.of(state.hidden()), arrays.hidden(), from, count, read);
        state.cell().ifPresent(c -> engine.exchange(rows, FloatRows.of(c), arrays.cell(), from, count, read));
    }
}
