package lamella.nn;

import lamella.array.DType;
import lamella.array.Shape;
import lamella.backend.Backend;
import lamella.tensor.Memory;
import lamella.tensor.Plan;
import lamella.tensor.Tensor;

import java.util.Optional;

/// Answers of a [Frozen] net to batches of one size, from array to array, in arrays that are allocated once: the way to
/// the shortest time for a single example.
///
/// It keeps what its layers computed; make one for each size and each thread, and use it again. A net that looks at
/// elements on the host or draws random numbers in inference is run as [Frozen#forward] runs it.
///
/// {@snippet :
/// Predictor one = frozen.predictor(1);
/// one.predict(pixels, logits);   // [784] -> [10]
/// }
public final class Predictor {
    private final Frozen net;
    private final Shape inputs;
    private final int outputs;
    private final DType type;
    private final Optional<Plan> plan;

    Predictor(Frozen net, DType type, int batch) {
        if (batch < 1) {
            throw new IllegalArgumentException("predictor: batch must be at least 1, got " + batch);
        }
        this.net = net;
        this.inputs = net.input().prepend(batch);
        this.outputs = batch * net.output().size();
        this.type = type;
        Backend backend = net.backend();
        plan = Memory.outside(() -> Plan.of(example(backend), net::forward));
    }

    /// Ids of 0 are in every vocabulary.
    private Tensor example(Backend backend) {
        return type == DType.INT32
                ? Tensor.ofInts(backend, inputs, new int[inputs.size()])
                : Tensor.zeros(backend, inputs);
    }

    /// Returns the number of examples of a batch.
    public int batch() {
        return inputs.dim(0);
    }

    /// Returns the shape of one output example.
    public Shape output() {
        return net.output();
    }

    /// Computes the outputs for a batch.
    ///
    /// @param in its elements, in row-major order
    /// @param out takes the elements of the output, in row-major order
    /// @throws IllegalArgumentException if one of them has another length, or the net takes ids
    public void predict(float[] in, float[] out) {
        requireFit(DType.FLOAT32, in.length, out.length);
        if (plan.isPresent()) {
            net.backend().upload(in, 0, plan.get().input().view());
            run(plan.get(), out);
        } else {
            Memory.scope(() -> forward(Tensor.of(net.backend(), inputs, in), out));
        }
    }

    /// Computes the outputs for a batch of ids.
    ///
    /// @param in its elements, in row-major order
    /// @param out takes the elements of the output, in row-major order
    /// @throws IllegalArgumentException if one of them has another length, or the net takes no ids
    public void predict(int[] in, float[] out) {
        requireFit(DType.INT32, in.length, out.length);
        if (plan.isPresent()) {
            net.backend().upload(in, 0, plan.get().input().view());
            run(plan.get(), out);
        } else {
            Memory.scope(() -> forward(Tensor.ofInts(net.backend(), inputs, in), out));
        }
    }

    private void requireFit(DType given, int in, int out) {
        if (given != type) {
            throw new IllegalArgumentException("predict: the net takes %s, got %s".formatted(name(type), name(given)));
        }
        if (in != inputs.size()) {
            throw new IllegalArgumentException(
                    "predict: %s inputs %s take %d elements, got %d"
                            .formatted(batch(), net.input(), inputs.size(), in));
        }
        if (out != outputs) {
            throw new IllegalArgumentException(
                    "predict: %s outputs %s give %d elements, but there is room for %d"
                            .formatted(batch(), net.output(), outputs, out));
        }
    }

    private static String name(DType type) {
        return type == DType.INT32 ? "ids" : "numbers";
    }

    private void run(Plan prepared, float[] out) {
        prepared.run();
        net.backend().download(prepared.output().view(), out, 0);
    }

    private void forward(Tensor x, float[] out) {
        net.backend().download(net.forward(x).view(), out, 0);
    }
}
