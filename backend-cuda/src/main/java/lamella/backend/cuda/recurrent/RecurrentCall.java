package lamella.backend.cuda.recurrent;

import jcuda.jcudnn.JCudnn;
import jcuda.jcudnn.cudnnForwardMode;
import jcuda.jcudnn.cudnnWgradMode;

import lamella.backend.RecurrentKernels.Pass;
import lamella.backend.RecurrentKernels.State;
import lamella.backend.RecurrentKernels.Weights;
import lamella.backend.View;
import lamella.backend.cuda.runtime.Address;
import lamella.backend.cuda.runtime.CudaException;
import lamella.backend.cuda.runtime.CudaStorage;
import lamella.backend.cuda.runtime.Device;
import lamella.backend.cuda.runtime.Operands;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.LongStream;

/// One pass through cuDNN, of sequences at least one of which has a step.
///
/// cuDNN runs forwards, so that a reversed run works on reversed copies. Whether cuDNN reads padding it does
/// not say: where there is any, it gets copies with zeros. What it leaves in the padding of a result is
/// replaced by zeros.
///
/// @param device issues kernels
/// @param plan for the sizes of the pass
/// @param sequences copies and clears
/// @param operands the arrays of the call
record RecurrentCall(Device device, RecurrentPlan plan, Sequences sequences, Operands operands) {

    /// A state as cuDNN takes it.
    private record Addresses(Address hidden, Address cell) {}

    /// The functions of cuDNN.
    private enum Function {
        TRAIN,
        INFER,
        BACK_TO_DATA,
        BACK_TO_WEIGHTS
    }

    /// Issues a call that reads and writes these arrays, for the lengths of the sequences.
    private void issue(Function function, Device.Call call, Address... arrays) {
        int[] steps = sequences.lengths().steps();
        LongStream places = Arrays.stream(arrays).mapToLong(Address::value);
        LongStream lengths = Arrays.stream(steps).asLongStream();
        device.issue(
                plan,
                libraries -> {
                    plan.setLengths(steps);
                    call.run(libraries);
                },
                LongStream.concat(LongStream.of(function.ordinal()), LongStream.concat(places, lengths)).toArray());
    }

    /// Issues a forward pass.
    ///
    /// @param reserve where it leaves what the gradient needs; empty where none will be asked for
    void forward(Pass values, Optional<Address> reserve) {
        Sizes sizes = plan.sizes();
        boolean training = reserve.isPresent();
        RecurrentPlan.Memory memory = training ? plan.training() : plan.inference();
        Address left = reserve.orElseGet(() -> new Address(0));
        Address x = readSequences(values.x(), sizes.inputs());
        Address y = sequences.reverse() ? room(values.states()) : operands.write(values.states());
        Addresses last = write(values.last());
        Addresses initial = readState(values.initial());
        Address weights = packed(values.weights());
        Address work = operands.room(memory.work());
        Address steps = sequences.lengths().stepsPointer();
        issue(
                training ? Function.TRAIN : Function.INFER,
                libraries -> {
                    int status =
                            JCudnn.cudnnRNNForward(
                                    libraries.dnn(),
                                    plan.net(),
                                    training
                                            ? cudnnForwardMode.CUDNN_FWD_MODE_TRAINING
                                            : cudnnForwardMode.CUDNN_FWD_MODE_INFERENCE,
                                    steps,
                                    plan.x(),
                                    x,
                                    plan.y(),
                                    y,
                                    plan.state(),
                                    initial.hidden,
                                    last.hidden,
                                    plan.state(),
                                    initial.cell,
                                    last.cell,
                                    plan.weights().bytes(),
                                    weights,
                                    memory.work(),
                                    work,
                                    training ? memory.reserve() : 0,
                                    left);
                    CudaException.checkDnn(status, "cudnnRNNForward");
                },
                steps,
                x,
                y,
                initial.hidden,
                last.hidden,
                initial.cell,
                last.cell,
                weights,
                work,
                left);
        operands.deliver();
        finishSequences(y, values.states(), sizes.hidden());
        keep(values.initial(), values.last());
    }

    /// Issues the two passes back.
    void gradient(Pass values, Address reserve, Pass gradients) {
        Sizes sizes = plan.sizes();
        Address x = readSequences(values.x(), sizes.inputs());
        // behind the lengths the states are 0, so that they are copied only where they are reversed
        Address y = sequences.reverse() ? copy(values.states(), sizes.hidden()) : operands.read(values.states());
        Address xGradient = sequences.reverse() ? room(gradients.x()) : operands.write(gradients.x());
        Addresses initial = readState(values.initial());
        Address work = operands.room(plan.training().work());
        backToData(values.weights(), y, xGradient, initial, work, reserve, gradients);
        Address weightGradients = backToWeights(x, y, initial, work, reserve);
        operands.deliver();
        finishSequences(xGradient, gradients.x(), sizes.inputs());
        keep(gradients.last(), gradients.initial());
        plan.weights().unpack(device, weightGradients, gradients.weights());
    }

    private void backToData(
            Weights values,
            Address y,
            Address xGradient,
            Addresses initial,
            Address work,
            Address reserve,
            Pass gradients) {
        Addresses last = readState(gradients.last());
        Addresses initialGradient = write(gradients.initial());
        Address yGradient = readSequences(gradients.states(), plan.sizes().hidden());
        Address weights = packed(values);
        Address steps = sequences.lengths().stepsPointer();
        issue(
                Function.BACK_TO_DATA,
                libraries -> {
                    int status =
                            JCudnn.cudnnRNNBackwardData_v8(
                                    libraries.dnn(),
                                    plan.net(),
                                    steps,
                                    plan.y(),
                                    y,
                                    yGradient,
                                    plan.x(),
                                    xGradient,
                                    plan.state(),
                                    initial.hidden,
                                    last.hidden,
                                    initialGradient.hidden,
                                    plan.state(),
                                    initial.cell,
                                    last.cell,
                                    initialGradient.cell,
                                    plan.weights().bytes(),
                                    weights,
                                    plan.training().work(),
                                    work,
                                    plan.training().reserve(),
                                    reserve);
                    CudaException.checkDnn(status, "cudnnRNNBackwardData_v8");
                },
                steps,
                y,
                yGradient,
                xGradient,
                initial.hidden,
                last.hidden,
                initialGradient.hidden,
                initial.cell,
                last.cell,
                initialGradient.cell,
                weights,
                work,
                reserve);
    }

    private Address backToWeights(Address x, Address y, Addresses initial, Address work, Address reserve) {
        Address space = operands.room(plan.weights().bytes());
        // cuDNN adds to what is there
        device.clear(space.value(), plan.weights().bytes());
        Address steps = sequences.lengths().stepsPointer();
        issue(
                Function.BACK_TO_WEIGHTS,
                libraries -> {
                    int status =
                            JCudnn.cudnnRNNBackwardWeights_v8(
                                    libraries.dnn(),
                                    plan.net(),
                                    cudnnWgradMode.CUDNN_WGRAD_MODE_ADD,
                                    steps,
                                    plan.x(),
                                    x,
                                    plan.state(),
                                    initial.hidden,
                                    plan.y(),
                                    y,
                                    plan.weights().bytes(),
                                    space,
                                    plan.training().work(),
                                    work,
                                    plan.training().reserve(),
                                    reserve);
                    CudaException.checkDnn(status, "cudnnRNNBackwardWeights_v8");
                },
                steps,
                x,
                initial.hidden,
                y,
                space,
                work,
                reserve);
        return space;
    }

    private Address packed(Weights weights) {
        Address space = operands.room(plan.weights().bytes());
        plan.weights().pack(device, weights, space);
        return space;
    }

    private Address room(View v) {
        return operands.room(4L * v.size());
    }

    private Address readSequences(View v, int width) {
        return sequences.needsCopies() ? copy(v, width) : operands.read(v);
    }

    private Address copy(View v, int width) {
        Address copy = room(v);
        sequences.copy(plan.sizes(), width, CudaStorage.address(v), copy.value());
        return copy;
    }

    /// Brings a result into order, and its padding to 0.
    private void finishSequences(Address result, View v, int width) {
        if (sequences.reverse()) {
            sequences.copy(plan.sizes(), width, result.value(), CudaStorage.address(v));
        } else {
            sequences.clearPadding(plan.sizes(), width, CudaStorage.address(v));
        }
    }

    private Addresses readState(State state) {
        return new Addresses(
                readState(state.hidden()), state.cell().map(this::readState).orElseGet(() -> new Address(0)));
    }

    /// The step that a sequence without one gets starts from 0, and no gradient comes back through it: so it
    /// adds nothing to gradients, whatever the state is.
    private Address readState(View v) {
        if (!sequences.lengths().hasEmpty()) {
            return operands.read(v);
        }
        Address masked = room(v);
        sequences.maskStates(plan.sizes(), CudaStorage.address(v), masked.value());
        return masked;
    }

    private Addresses write(State state) {
        return new Addresses(
                operands.write(state.hidden()), state.cell().map(operands::write).orElseGet(() -> new Address(0)));
    }

    /// Copies states through sequences without a step.
    private void keep(State from, State to) {
        keep(from.hidden(), to.hidden());
        from.cell().ifPresent(cell -> keep(cell, to.cell().orElseThrow()));
    }

    private void keep(View from, View to) {
        sequences.keepStates(plan.sizes(), CudaStorage.address(from), CudaStorage.address(to));
    }
}
