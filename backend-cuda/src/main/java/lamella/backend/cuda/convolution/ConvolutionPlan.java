package lamella.backend.cuda.convolution;

import jcuda.jcudnn.cudnnDataType;
import jcuda.jcudnn.cudnnDeterminism;
import jcuda.jcudnn.cudnnHandle;
import jcuda.jcudnn.cudnnMathType;

import lamella.backend.DeviceMemoryException;
import lamella.backend.cuda.convolution.Direction.Candidate;
import lamella.backend.cuda.convolution.Direction.Places;
import lamella.backend.cuda.runtime.Address;
import lamella.backend.cuda.runtime.Device;
import lamella.backend.cuda.runtime.Libraries;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// How one convolution is computed: its descriptors and the algorithm, chosen once.
///
/// Where results must be the same in every run, cuDNN is asked what it recommends, and the first
/// algorithm that gives the same bits counts; else all are measured at the first call.
///
/// Algorithms that transform the arrays (FFT, Winograd) do not count. They mix the values of a tile: one
/// NaN or infinity would spread to windows that do not see it, and errors would not be those of a sum.
/// Where products are rounded to fit tensor cores they are not the fastest anyway.
final class ConvolutionPlan implements AutoCloseable {
    /// The largest workspace: above it, memory is worth more than a few per cent of speed.
    private static final long MOST_WORKSPACE = 1L << 30;

    /// An algorithm that may be used.
    ///
    /// @param number its number within its family
    /// @param workspace bytes of its workspace
    private record Algorithm(int number, long workspace) {}

    private final Direction direction;
    private final Geometry geometry;
    private final boolean bfloat16;
    private final List<Algorithm> algorithms;
    private volatile boolean measured;

    private ConvolutionPlan(
            Direction direction, Geometry geometry, boolean bfloat16, List<Algorithm> algorithms, boolean measured) {
        this.direction = direction;
        this.geometry = geometry;
        this.bfloat16 = bfloat16;
        this.algorithms = algorithms;
        this.measured = measured;
    }

    /// Makes a plan.
    ///
    /// @throws IllegalStateException if cuDNN has no algorithm
    static ConvolutionPlan of(Libraries libraries, Convolution convolution) {
        return switch (libraries.precision()) {
            case FLOAT32 -> inFloat32(libraries, convolution, cudnnMathType.CUDNN_FMA_MATH);
            case TF32 -> inFloat32(libraries, convolution, cudnnMathType.CUDNN_DEFAULT_MATH);
            // some shapes cuDNN computes in float32 alone: then in TF32, which is no less precise
            case BFLOAT16 ->
                    inBfloat16(libraries, convolution)
                            .orElseGet(() -> inFloat32(libraries, convolution, cudnnMathType.CUDNN_DEFAULT_MATH));
        };
    }

    private static Optional<ConvolutionPlan> inBfloat16(Libraries libraries, Convolution convolution) {
        return tryType(libraries, convolution, cudnnDataType.CUDNN_DATA_BFLOAT16, cudnnMathType.CUDNN_TENSOR_OP_MATH);
    }

    private static ConvolutionPlan inFloat32(Libraries libraries, Convolution convolution, int math) {
        return tryType(libraries, convolution, cudnnDataType.CUDNN_DATA_FLOAT, math)
                .orElseThrow(
                        () ->
                                new IllegalStateException(
                                        "backend 'cuda': cuDNN has no %salgorithm for %s"
                                                .formatted(
                                                        libraries.deterministic() ? "deterministic " : "",
                                                        convolution)));
    }

    private static Optional<ConvolutionPlan> tryType(Libraries libraries, Convolution convolution, int type, int math) {
        Direction direction = convolution.direction();
        Geometry geometry = Geometry.of(libraries, convolution, type, math);
        List<Algorithm> algorithms =
                usable(libraries, direction, geometry, direction.recommended(libraries.dnn(), geometry));
        if (algorithms.isEmpty()) {
            geometry.close();
            return Optional.empty();
        }
        boolean bfloat16 = type == cudnnDataType.CUDNN_DATA_BFLOAT16;
        return Optional.of(new ConvolutionPlan(direction, geometry, bfloat16, algorithms, libraries.deterministic()));
    }

    /// Returns the algorithms that may be used, in the order of the candidates.
    private static List<Algorithm> usable(
            Libraries libraries, Direction direction, Geometry geometry, List<Candidate> candidates) {
        cudnnHandle dnn = libraries.dnn();
        List<Algorithm> usable = new ArrayList<>();
        for (Candidate candidate : candidates) {
            int number = candidate.algorithm();
            boolean repeats = candidate.determinism() == cudnnDeterminism.CUDNN_DETERMINISTIC;
            if (candidate.status() == 0 && (repeats || !libraries.deterministic()) && !direction.transforms(number)) {
                long[] bytes = new long[1];
                // asked again: the candidate's size is for products of a kind that JCudnn does not tell
                int status = direction.workspace(dnn, geometry, number, bytes);
                if (status == 0 && bytes[0] <= MOST_WORKSPACE) {
                    usable.add(new Algorithm(number, bytes[0]));
                }
            }
        }
        return usable;
    }

    /// Tells whether the arrays are bfloat16.
    boolean bfloat16() {
        return bfloat16;
    }

    /// Issues the call.
    void run(Device device, Places at) {
        if (!measured) {
            device.issue(libraries -> measure(device, libraries, at));
        }
        try (Device.Scratch room = room(device)) {
            Algorithm algorithm = algorithms.getFirst();
            long address = room.address();
            device.issue(
                    this,
                    libraries ->
                            direction.run(
                                    libraries,
                                    geometry,
                                    at,
                                    algorithm.number,
                                    new Address(address),
                                    algorithm.workspace),
                    algorithm.number,
                    address,
                    at.first().value(),
                    at.second().value(),
                    at.out().value());
        }
    }

    /// Returns workspace for the first algorithm. Where there is no memory for it, gives up those that need
    /// as much.
    private Device.Scratch room(Device device) {
        while (true) {
            long bytes = algorithms.getFirst().workspace;
            try {
                return device.scratch(bytes);
            } catch (DeviceMemoryException e) {
                if (algorithms.stream().noneMatch(a -> a.workspace < bytes)) {
                    throw e;
                }
                algorithms.removeIf(a -> a.workspace >= bytes);
            }
        }
    }

    /// Puts the algorithms into the order of their measured speed.
    private void measure(Device device, Libraries libraries, Places at) {
        if (measured) {
            return;
        }
        measured = true;
        List<Algorithm> inOrder = List.copyOf(algorithms);
        algorithms.sort((a, b) -> Long.compare(b.workspace, a.workspace));
        try (Device.Scratch room = room(device)) {
            List<Candidate> found =
                    direction.measured(libraries.dnn(), geometry, at, new Address(room.address()), room.bytes());
            algorithms.clear();
            algorithms.addAll(usable(libraries, direction, geometry, found));
        }
        if (algorithms.isEmpty()) {
            algorithms.addAll(inOrder);
        }
    }

    @Override
    public void close() {
        geometry.close();
    }
}
