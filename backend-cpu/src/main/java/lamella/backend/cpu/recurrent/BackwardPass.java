package lamella.backend.cpu.recurrent;

import lamella.backend.ElementwiseKernels.Binary;
import lamella.backend.RecurrentKernels.Cell;
import lamella.backend.RecurrentKernels.Pass;
import lamella.backend.RecurrentKernels.Run;
import lamella.backend.RecurrentKernels.State;
import lamella.backend.View;
import lamella.backend.cpu.matrix.GemmOperand;
import lamella.backend.cpu.matrix.GemmPanels;
import lamella.backend.cpu.matrix.GemmResult;
import lamella.backend.cpu.runtime.CpuStorage;

/// Back through time: the steps in the opposite order, which leave the gradients of all gates, then
/// one product over all steps for each gradient of a weight and of the inputs.
///
/// The tasks are those of [ForwardPass].
final class BackwardPass {
    private final RecurrentEngine engine;
    private final RecurrentSizes sizes;
    private final CellSteps steps;
    private final StepRows rows;
    private final Pass values;
    private final Pass gradients;
    private final FloatRows gates;
    private final FloatRows kept;

    /// Prepares a pass from what a forward pass left in a reserve.
    BackwardPass(RecurrentEngine engine, Run run, Pass values, float[] reserve, int offset, Pass gradients) {
        this.engine = engine;
        this.sizes = RecurrentSizes.of(run, values);
        this.steps = engine.steps(run.cell(), sizes.hidden());
        this.rows = new StepRows(run, sizes.steps());
        this.values = values;
        this.gradients = gradients;
        gates = sizes.gateRows(reserve, offset);
        kept = sizes.keptRows(reserve, offset);
    }

    /// Computes the gradients.
    void run() {
        var pool = engine.pool();
        var before = FloatRows.of(pool.take(rows.rows() * sizes.hidden()), sizes.hidden());
        View weight = values.weights().hidden();
        var operand = GemmOperand.of(CpuStorage.floats(weight), weight.offset(), sizes.hidden(), false);
        var panels = engine.pack(sizes.gates(), sizes.hidden(), operand);
        engine.tasks(rows, sizes, (from, count) -> sequences(panels, before, from, count));
        pool.give(panels.packed());
        hiddenWeightGradient(before);
        pool.give(before.array());
        engine.withRealSteps(rows, values.x(), this::inputWeightGradient);
        biasGradients();
        inputGradient();
    }

    /// Takes the sequences at `count` places from `from` on back through all their steps.
    private void sequences(GemmPanels panels, FloatRows before, int from, int count) {
        var pool = engine.pool();
        int size = sizes.hidden();
        float[] hidden = pool.take(count * size);
        float[] cell = pool.take(count * size);
        float[] arguments = pool.take(count * sizes.gates());
        float[] products = pool.take(panels.height(count) * panels.stride());
        float[] workspace = pool.take(size);
        int[] offsets = engine.offsets(count, sizes.gates());
        var arrays =
                new CellSteps.Backward(
                        gates,
                        kept,
                        before,
                        FloatRows.of(arguments, sizes.gates()),
                        FloatRows.of(hidden, size),
                        FloatRows.of(cell, size),
                        FloatRows.of(workspace, size));
        // Each sequence's own gradient of its last state: it waits there until the sequence's last step.
        exchange(gradients.last(), arrays, from, count, true);
        for (int turn = sizes.steps() - 1; turn >= 0; turn--) {
            int running = rows.running(from, count, turn);
            if (running > 0) {
                step(arrays, from, running, turn);
                panels.multiply(running, arguments, offsets, products);
                for (int place = 0; place < running; place++) {
                    add(FloatRows.of(products, panels.stride()), place, arrays.hidden(), place);
                }
            }
        }
        exchange(gradients.initial(), arrays, from, count, false);
        pool.give(hidden);
        pool.give(cell);
        pool.give(arguments);
        pool.give(products);
        pool.give(workspace);
        pool.give(offsets);
    }

    private void step(CellSteps.Backward arrays, int from, int running, int turn) {
        var states = FloatRows.of(values.states());
        var stateGradients = FloatRows.of(gradients.states());
        var initial = FloatRows.of(values.initial().hidden());
        var initialCell = values.initial().cell().map(FloatRows::of).orElse(initial);
        for (int place = 0; place < running; place++) {
            int sequence = rows.sequence(from + place);
            int row = rows.row(sequence, turn);
            int padded = rows.paddedRow(sequence, turn);
            add(stateGradients, padded, arrays.hidden(), place);
            if (turn > 0) {
                arrays.before().set(row, states, rows.paddedRow(sequence, turn - 1));
                int cellRow = rows.row(sequence, turn - 1);
                steps.backward(arrays, row, place, states, padded, kept, cellRow);
            } else {
                arrays.before().set(row, initial, sequence);
                steps.backward(arrays, row, place, states, padded, initialCell, sequence);
            }
        }
    }

    private void add(FloatRows x, int row, FloatRows to, int place) {
        float[] sum = to.array();
        int at = to.at(place);
        engine.primitives().binary(Binary.ADD, sum, at, x.array(), x.at(row), sum, at, sizes.hidden());
    }

    private void exchange(State state, CellSteps.Backward arrays, int from, int count, boolean read) {
        engine.exchange(rows, FloatRows.of(state.hidden()), arrays.hidden(), from, count, read);
        state.cell().ifPresent(c -> engine.exchange(rows, FloatRows.of(c), arrays.cell(), from, count, read));
    }

    /// The hidden states before each step with the gates' gradients; with a GRU's candidate, those of its
    /// hidden product.
    private void hiddenWeightGradient(FloatRows before) {
        View out = gradients.weights().hidden();
        boolean apart = sizes.cell() == Cell.GRU;
        int together = apart ? 2 * sizes.hidden() : sizes.gates();
        product(before, gates, together, out, 0);
        if (apart) {
            product(before, kept, sizes.hidden(), out, together);
        }
    }

    private void inputWeightGradient(float[] x, int at) {
        product(new FloatRows(x, at, sizes.inputs()), gates, sizes.gates(), gradients.weights().input(), 0);
    }

    /// Sets rows of a weight's gradient, from the one with the index `start` on: bᵀ · a, summed over the
    /// rows of all steps.
    private void product(FloatRows a, FloatRows b, int columns, View out, int start) {
        int width = a.stride();
        engine.gemm()
                .multiply(
                        columns,
                        width,
                        rows.rows(),
                        new GemmOperand(b.array(), b.offset(), 1, b.stride()),
                        new GemmOperand(a.array(), a.offset(), width, 1),
                        new GemmResult(CpuStorage.floats(out), out.offset() + start * width, width, false));
    }

    private void biasGradients() {
        engine.rowSums().compute(gates, rows.rows(), FloatRows.of(gradients.weights().bias()));
        gradients
                .weights()
                .candidateBias()
                .ifPresent(out -> engine.rowSums().compute(kept, rows.rows(), FloatRows.of(out)));
    }

    private void inputGradient() {
        View out = gradients.x();
        float[] to = CpuStorage.floats(out);
        if (rows.full()) {
            inputGradient(to, out.offset());
            return;
        }
        float[] real = engine.pool().take(rows.rows() * sizes.inputs());
        inputGradient(real, 0);
        rows.scatter(engine.workers(), real, sizes.inputs(), to, out.offset());
        engine.pool().give(real);
    }

    private void inputGradient(float[] out, int at) {
        View weight = values.weights().input();
        engine.gemm()
                .multiply(
                        rows.rows(),
                        sizes.inputs(),
                        sizes.gates(),
                        GemmOperand.of(gates.array(), gates.offset(), sizes.gates(), false),
                        GemmOperand.of(CpuStorage.floats(weight), weight.offset(), sizes.inputs(), false),
                        new GemmResult(out, at, sizes.inputs(), false));
    }
}
