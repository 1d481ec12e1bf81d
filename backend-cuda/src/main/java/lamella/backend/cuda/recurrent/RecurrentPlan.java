package lamella.backend.cuda.recurrent;

import jcuda.jcudnn.JCudnn;
import jcuda.jcudnn.cudnnDataType;
import jcuda.jcudnn.cudnnDirectionMode;
import jcuda.jcudnn.cudnnDropoutDescriptor;
import jcuda.jcudnn.cudnnForwardMode;
import jcuda.jcudnn.cudnnMathType;
import jcuda.jcudnn.cudnnRNNAlgo;
import jcuda.jcudnn.cudnnRNNBiasMode;
import jcuda.jcudnn.cudnnRNNDataDescriptor;
import jcuda.jcudnn.cudnnRNNDataLayout;
import jcuda.jcudnn.cudnnRNNDescriptor;
import jcuda.jcudnn.cudnnRNNInputMode;
import jcuda.jcudnn.cudnnRNNMode;
import jcuda.jcudnn.cudnnTensorDescriptor;

import lamella.backend.Precision;
import lamella.backend.RecurrentKernels.Cell;
import lamella.backend.cuda.runtime.Address;
import lamella.backend.cuda.runtime.CudaException;
import lamella.backend.cuda.runtime.Device;
import lamella.backend.cuda.runtime.Libraries;

import java.util.Arrays;

/// How a recurrent layer of certain sizes is computed: cuDNN's descriptors, and the sizes of its memory.
final class RecurrentPlan implements AutoCloseable {
    /// cuDNN's flag for sequences of several lengths in arrays with padding; JCudnn has no name for it.
    private static final int PADDED_ARRAYS = 1;

    /// Bytes of memory that cuDNN needs.
    ///
    /// @param work for the time of a call
    /// @param reserve from a forward pass to its gradient
    record Memory(long work, long reserve) {}

    private final Sizes sizes;
    private final cudnnRNNDescriptor net = new cudnnRNNDescriptor();
    private final cudnnRNNDataDescriptor x = new cudnnRNNDataDescriptor();
    private final cudnnRNNDataDescriptor y = new cudnnRNNDataDescriptor();
    private final cudnnTensorDescriptor state = new cudnnTensorDescriptor();
    private final WeightSpace weights;
    private final Memory inference;
    private final Memory training;
    private int[] lengths;

    /// Makes the descriptors.
    ///
    /// @param dropout a descriptor of none
    RecurrentPlan(Device device, Libraries libraries, cudnnDropoutDescriptor dropout, Sizes sizes) {
        this.sizes = sizes;
        CudaException.checkDnn(JCudnn.cudnnCreateRNNDescriptor(net), "cudnnCreateRNNDescriptor");
        CudaException.checkDnn(JCudnn.cudnnCreateRNNDataDescriptor(x), "cudnnCreateRNNDataDescriptor");
        CudaException.checkDnn(JCudnn.cudnnCreateRNNDataDescriptor(y), "cudnnCreateRNNDataDescriptor");
        CudaException.checkDnn(JCudnn.cudnnCreateTensorDescriptor(state), "cudnnCreateTensorDescriptor");
        describeNet(dropout, libraries.precision());
        describeState();
        // the sizes of the memory do not depend on the lengths
        int[] full = new int[sizes.batch()];
        Arrays.fill(full, sizes.steps());
        lengths = full;
        describeSequences(x, sizes.inputs());
        describeSequences(y, sizes.hidden());
        weights = WeightSpace.of(device, libraries, net, sizes);
        inference = memory(libraries, cudnnForwardMode.CUDNN_FWD_MODE_INFERENCE);
        training = memory(libraries, cudnnForwardMode.CUDNN_FWD_MODE_TRAINING);
    }

    private void describeNet(cudnnDropoutDescriptor dropout, Precision precision) {
        int status =
                JCudnn.cudnnSetRNNDescriptor_v8(
                        net,
                        cudnnRNNAlgo.CUDNN_RNN_ALGO_STANDARD,
                        mode(sizes.cell()),
                        sizes.cell().hasCandidateBias()
                                ? cudnnRNNBiasMode.CUDNN_RNN_DOUBLE_BIAS
                                : cudnnRNNBiasMode.CUDNN_RNN_SINGLE_INP_BIAS,
                        cudnnDirectionMode.CUDNN_UNIDIRECTIONAL,
                        cudnnRNNInputMode.CUDNN_LINEAR_INPUT,
                        cudnnDataType.CUDNN_DATA_FLOAT,
                        cudnnDataType.CUDNN_DATA_FLOAT,
                        math(precision),
                        sizes.inputs(),
                        sizes.hidden(),
                        sizes.hidden(),
                        1,
                        dropout,
                        PADDED_ARRAYS);
        CudaException.checkDnn(status, "cudnnSetRNNDescriptor_v8");
    }

    private static int mode(Cell cell) {
        return switch (cell) {
            case RNN_TANH -> cudnnRNNMode.CUDNN_RNN_TANH;
            case RNN_RELU -> cudnnRNNMode.CUDNN_RNN_RELU;
            case LSTM -> cudnnRNNMode.CUDNN_LSTM;
            case GRU -> cudnnRNNMode.CUDNN_GRU;
        };
    }

    /// cuDNN's recurrent nets know no bfloat16 beside float32 weights: they get TF32, which is more precise.
    private static int math(Precision precision) {
        return switch (precision) {
            case FLOAT32 -> cudnnMathType.CUDNN_FMA_MATH;
            case TF32, BFLOAT16 -> cudnnMathType.CUDNN_DEFAULT_MATH;
        };
    }

    private void describeState() {
        int[] extents = {1, sizes.batch(), sizes.hidden()};
        int[] strides = {sizes.batch() * sizes.hidden(), sizes.hidden(), 1};
        CudaException.checkDnn(
                JCudnn.cudnnSetTensorNdDescriptor(state, cudnnDataType.CUDNN_DATA_FLOAT, 3, extents, strides),
                "cudnnSetTensorNdDescriptor");
    }

    private void describeSequences(cudnnRNNDataDescriptor sequences, int width) {
        int status =
                JCudnn.cudnnSetRNNDataDescriptor(
                        sequences,
                        cudnnDataType.CUDNN_DATA_FLOAT,
                        cudnnRNNDataLayout.CUDNN_RNN_DATA_LAYOUT_BATCH_MAJOR_UNPACKED,
                        sizes.steps(),
                        sizes.batch(),
                        width,
                        lengths,
                        new Address(0));
        CudaException.checkDnn(status, "cudnnSetRNNDataDescriptor");
    }

    private Memory memory(Libraries libraries, int mode) {
        long[] work = new long[1];
        long[] reserve = new long[1];
        CudaException.checkDnn(
                JCudnn.cudnnGetRNNTempSpaceSizes(libraries.dnn(), net, mode, x, work, reserve),
                "cudnnGetRNNTempSpaceSizes");
        return new Memory(work[0], reserve[0]);
    }

    /// Has the next call run so many steps of each sequence.
    void setLengths(int[] steps) {
        if (!Arrays.equals(steps, lengths)) {
            lengths = steps;
            describeSequences(x, sizes.inputs());
            describeSequences(y, sizes.hidden());
        }
    }

    /// Returns the sizes that it was made for.
    Sizes sizes() {
        return sizes;
    }

    /// Returns the descriptor of the cell.
    cudnnRNNDescriptor net() {
        return net;
    }

    /// Returns the descriptor of inputs.
    cudnnRNNDataDescriptor x() {
        return x;
    }

    /// Returns the descriptor of states after each step.
    cudnnRNNDataDescriptor y() {
        return y;
    }

    /// Returns the descriptor of a state.
    cudnnTensorDescriptor state() {
        return state;
    }

    /// Returns where the weights lie.
    WeightSpace weights() {
        return weights;
    }

    /// Returns what a forward pass without a gradient needs.
    Memory inference() {
        return inference;
    }

    /// Returns what a forward pass with a gradient needs, and the gradient.
    Memory training() {
        return training;
    }

    @Override
    public void close() {
        JCudnn.cudnnDestroyRNNDescriptor(net);
        JCudnn.cudnnDestroyRNNDataDescriptor(x);
        JCudnn.cudnnDestroyRNNDataDescriptor(y);
        JCudnn.cudnnDestroyTensorDescriptor(state);
    }
}
