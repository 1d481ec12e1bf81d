package lamella.backend.cuda.recurrent;

import jcuda.jcudnn.JCudnn;
import jcuda.jcudnn.cudnnRNNDescriptor;
import jcuda.jcudnn.cudnnTensorDescriptor;

import lamella.backend.RecurrentKernels.Cell;
import lamella.backend.RecurrentKernels.Weights;
import lamella.backend.View;
import lamella.backend.cuda.runtime.Address;
import lamella.backend.cuda.runtime.CudaException;
import lamella.backend.cuda.runtime.CudaStorage;
import lamella.backend.cuda.runtime.Device;
import lamella.backend.cuda.runtime.Kernel;
import lamella.backend.cuda.runtime.Libraries;

import java.util.ArrayList;
import java.util.List;

/// Where cuDNN has the weights: all in one space, at places that it tells.
///
/// Gates that follow each other here and there are one part. A GRU has two biases a gate there; those
/// that are none of ours are 0.
///
/// @param bytes the size of the space
/// @param parts the parts that are ours
record WeightSpace(long bytes, List<Part> parts) {
    private static final int MOST_PARTS = 12;

    /// What a part belongs to.
    private enum Role {
        INPUT,
        HIDDEN,
        BIAS,
        CANDIDATE_BIAS
    }

    /// Elements that follow each other in an array and in the space.
    ///
    /// @param role the array
    /// @param from the first one's index in the array
    /// @param to its index in the space
    /// @param size how many
    private record Part(Role role, int from, int to, int size) {
        /// Tells whether another part follows this one.
        boolean isBefore(Part next) {
            return next.role == role && next.from == from + size && next.to == to + size;
        }

        Part join(Part next) {
            return new Part(role, from, to, size + next.size);
        }
    }

    /// Asks cuDNN for the places of a cell's weights.
    static WeightSpace of(Device device, Libraries libraries, cudnnRNNDescriptor net, Sizes sizes) {
        long[] bytes = new long[1];
        CudaException.checkDnn(
                JCudnn.cudnnGetRNNWeightSpaceSize(libraries.dnn(), net, bytes), "cudnnGetRNNWeightSpaceSize");
        try (Device.Scratch space = device.scratch(bytes[0]);
                var survey = new Survey(libraries, net, space.address(), bytes[0])) {
            return new WeightSpace(bytes[0], survey.parts(sizes));
        }
    }

    /// Asks for places in a space that is there only to be asked about.
    private static final class Survey implements AutoCloseable {
        private final Libraries libraries;
        private final cudnnRNNDescriptor net;
        private final long space;
        private final long bytes;
        private final cudnnTensorDescriptor matrix = new cudnnTensorDescriptor();
        private final cudnnTensorDescriptor bias = new cudnnTensorDescriptor();

        Survey(Libraries libraries, cudnnRNNDescriptor net, long space, long bytes) {
            this.libraries = libraries;
            this.net = net;
            this.space = space;
            this.bytes = bytes;
            CudaException.checkDnn(JCudnn.cudnnCreateTensorDescriptor(matrix), "cudnnCreateTensorDescriptor");
            CudaException.checkDnn(JCudnn.cudnnCreateTensorDescriptor(bias), "cudnnCreateTensorDescriptor");
        }

        List<Part> parts(Sizes sizes) {
            Cell cell = sizes.cell();
            int hidden = sizes.hidden();
            List<Part> matrices = new ArrayList<>();
            List<Part> hiddenMatrices = new ArrayList<>();
            List<Part> biases = new ArrayList<>();
            for (int gate = 0; gate < cell.gates(); gate++) {
                Places ofInput = places(gate);
                Places ofHidden = places(cell.gates() + gate);
                int size = hidden * sizes.inputs();
                add(matrices, new Part(Role.INPUT, gate * size, ofInput.matrix, size));
                int square = hidden * hidden;
                add(hiddenMatrices, new Part(Role.HIDDEN, gate * square, ofHidden.matrix, square));
                add(biases, new Part(Role.BIAS, gate * hidden, ofInput.bias, hidden));
                if (cell.hasCandidateBias() && gate == cell.gates() - 1) {
                    biases.add(new Part(Role.CANDIDATE_BIAS, 0, ofHidden.bias, hidden));
                }
            }
            matrices.addAll(hiddenMatrices);
            matrices.addAll(biases);
            return List.copyOf(matrices);
        }

        private static void add(List<Part> parts, Part next) {
            if (!parts.isEmpty() && parts.getLast().isBefore(next)) {
                parts.add(parts.removeLast().join(next));
            } else {
                parts.add(next);
            }
        }

        /// The indices of a gate's matrix and bias in the space.
        private record Places(int matrix, int bias) {}

        /// @param layer cuDNN's number of a matrix: first the gates' for the input, then for the state
        private Places places(int layer) {
            var ofMatrix = new FoundAddress();
            var ofBias = new FoundAddress();
            int status =
                    JCudnn.cudnnGetRNNWeightParams(
                            libraries.dnn(), net, 0, bytes, new Address(space), layer, matrix, ofMatrix, bias, ofBias);
            CudaException.checkDnn(status, "cudnnGetRNNWeightParams");
            return new Places(index(ofMatrix), index(ofBias));
        }

        private int index(FoundAddress found) {
            return (int) ((found.value() - space) / 4);
        }

        @Override
        public void close() {
            JCudnn.cudnnDestroyTensorDescriptor(matrix);
            JCudnn.cudnnDestroyTensorDescriptor(bias);
        }
    }

    /// Writes weights into a space.
    void pack(Device device, Weights weights, Address space) {
        launch(device, device.kernel("recurrent", "pack_weights"), weights, space);
    }

    /// Reads gradients out of a space.
    void unpack(Device device, Address space, Weights gradients) {
        launch(device, device.kernel("recurrent", "unpack_weights"), gradients, space);
    }

    private void launch(Device device, Kernel kernel, Weights weights, Address space) {
        // the space, then the kernel's structure: pointers, starts, ends, their number; then the space's size
        int starts = 1 + MOST_PARTS;
        int ends = starts + MOST_PARTS / 2;
        long[] values = new long[ends + MOST_PARTS / 2 + 2];
        values[0] = space.value();
        for (int i = 0; i < parts.size(); i++) {
            Part part = parts.get(i);
            values[1 + i] = CudaStorage.address(array(weights, part.role)) + 4L * part.from;
            int shift = i % 2 * 32;
            values[starts + i / 2] |= (long) part.to << shift;
            values[ends + i / 2] |= (long) (part.to + part.size) << shift;
        }
        values[values.length - 2] = parts.size();
        int size = (int) (bytes / 4);
        values[values.length - 1] = size;
        device.launchOver(kernel, size, values);
    }

    private static View array(Weights weights, Role role) {
        return switch (role) {
            case INPUT -> weights.input();
            case HIDDEN -> weights.hidden();
            case BIAS -> weights.bias();
            case CANDIDATE_BIAS -> weights.candidateBias().orElseThrow();
        };
    }
}
