package lamella.backend.cuda.recurrent;

import lamella.backend.RecurrentKernels;
import lamella.backend.View;
import lamella.backend.cuda.runtime.Address;
import lamella.backend.cuda.runtime.CudaStorage;
import lamella.backend.cuda.runtime.Device;
import lamella.backend.cuda.runtime.Operands;

import java.util.Optional;

/// Recurrent nets by cuDNN, by a plan for each set of sizes.
public final class CudaRecurrentKernels implements RecurrentKernels {
    /// What cuDNN is given begins at a multiple of so many bytes, though a view may begin at any element.
    private static final int ALIGNMENT = 256;

    private final Device device;
    private final RecurrentPlans plans;
    private final Lengths.Cache lengths;

    /// Runs on a device.
    public CudaRecurrentKernels(Device device) {
        this.device = device;
        plans = new RecurrentPlans(device);
        lengths = new Lengths.Cache(device);
    }

    @Override
    public int reserveSize(Cell cell, int batch, int steps, int inputs, int hidden) {
        var sizes = new Sizes(cell, batch, steps, inputs, hidden);
        if (sizes.isEmpty()) {
            return 0;
        }
        long bytes = device.prepare(libraries -> plans.get(libraries, sizes)).training().reserve();
        return Math.toIntExact(Math.ceilDiv(bytes + ALIGNMENT - Float.BYTES, Float.BYTES));
    }

    private static Address aligned(View reserve) {
        return new Address(Math.ceilDiv(CudaStorage.address(reserve), ALIGNMENT) * ALIGNMENT);
    }

    @Override
    public void forward(Run run, Pass values, Optional<View> reserve) {
        if (hasNoStep(run, values)) {
            clear(values.states());
            copy(values.initial(), values.last());
            return;
        }
        issue(run, values, call -> call.forward(values, reserve.map(CudaRecurrentKernels::aligned)));
    }

    @Override
    public void gradient(Run run, Pass values, View reserve, Pass gradients) {
        if (hasNoStep(run, values)) {
            clear(gradients.x());
            clear(gradients.weights().input());
            clear(gradients.weights().hidden());
            clear(gradients.weights().bias());
            gradients.weights().candidateBias().ifPresent(this::clear);
            copy(gradients.last(), gradients.initial());
            return;
        }
        issue(run, values, call -> call.gradient(values, aligned(reserve), gradients));
    }

    /// What a pass does with its call.
    private interface Issue {
        void run(RecurrentCall call);
    }

    /// The lengths on the device are those of the last batch: nobody may change them in between.
    private void issue(Run run, Pass values, Issue issue) {
        Sizes sizes = Sizes.of(run, values);
        device.exclusively(
                () -> {
                    RecurrentPlan plan = device.prepare(libraries -> plans.get(libraries, sizes));
                    Lengths known = lengths.get(run.lengths(), sizes.steps());
                    try (var operands = new Operands(device, false)) {
                        var sequences = new Sequences(device, known, run.reverse());
                        issue.run(new RecurrentCall(device, plan, sequences, operands));
                    }
                });
    }

    private static boolean hasNoStep(Run run, Pass values) {
        if (Sizes.of(run, values).isEmpty()) {
            return true;
        }
        for (int length : run.lengths()) {
            if (length > 0) {
                return false;
            }
        }
        return true;
    }

    private void clear(View v) {
        device.clear(CudaStorage.address(v), 4L * v.size());
    }

    private void copy(State from, State to) {
        copy(from.hidden(), to.hidden());
        from.cell().ifPresent(cell -> copy(cell, to.cell().orElseThrow()));
    }

    private void copy(View from, View to) {
        device.copy(CudaStorage.address(to), CudaStorage.address(from), 4L * from.size());
    }
}
