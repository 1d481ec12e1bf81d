package lamella.tensor;

import lamella.array.Conv2dOptions;
import lamella.array.DType;
import lamella.array.LocalResponseOptions;
import lamella.array.Pool2dOptions;
import lamella.array.Shape;
import lamella.array.ShapeException;
import lamella.backend.Backend;
import lamella.backend.ElementwiseKernels.Binary;
import lamella.backend.ElementwiseKernels.Unary;
import lamella.backend.MetaBackend;
import lamella.backend.ReductionKernels.Reduction;
import lamella.backend.View;

import java.util.Arrays;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/// An immutable array of numbers on a backend.
///
/// Operations return new tensors and throw a [ShapeException] where shapes do not fit. Two-operand
/// operations broadcast: aligned at the last axis, an extent of 1 is repeated. Negative axes count
/// from the end. Gradients come from [Autograd]; how long a tensor lives, from [Memory].
///
/// {@snippet :
/// Tensor x = Tensor.of(backend, Shape.of(2, 3), 1, 2, 3, 4, 5, 6);
/// Tensor y = x.matmul(x.transpose()).relu();   // [2, 3] · [3, 2] -> [2, 2]
/// }
public final class Tensor {
    private final Backend backend;
    private final View view;
    private final String label;
    private final Lease lease;
    private Tape tape;
    private int position;

    private Tensor(Backend backend, View view, String label, Lease lease) {
        this.backend = backend;
        this.view = view;
        this.label = label;
        this.lease = lease;
    }

    // Making

    /// Returns a float32 tensor with these elements, in row-major order.
    ///
    /// @throws IllegalArgumentException if their number is not the shape's size
    public static Tensor of(Backend backend, Shape shape, float... elements) {
        requireCount(shape, elements.length);
        return of(backend, shape, elements, 0);
    }

    /// Returns a float32 tensor with the elements of `source` from `start` on.
    ///
    /// @throws IllegalArgumentException if `source` does not hold them all
    public static Tensor of(Backend backend, Shape shape, float[] source, int start) {
        requireRange(shape, source.length, start);
        Tensor result = empty(backend, shape);
        backend.upload(source, start, result.view);
        return result;
    }

    /// Returns an int32 tensor with these elements, in row-major order.
    ///
    /// @throws IllegalArgumentException if their number is not the shape's size
    public static Tensor ofInts(Backend backend, Shape shape, int... elements) {
        requireCount(shape, elements.length);
        return ofInts(backend, shape, elements, 0);
    }

    /// Returns an int32 tensor with the elements of `source` from `start` on.
    ///
    /// @throws IllegalArgumentException if `source` does not hold them all
    public static Tensor ofInts(Backend backend, Shape shape, int[] source, int start) {
        requireRange(shape, source.length, start);
        Tensor result = empty(backend, DType.INT32, shape);
        backend.upload(source, start, result.view);
        return result;
    }

    /// Returns a tensor of zeros.
    public static Tensor zeros(Backend backend, Shape shape) {
        return full(backend, shape, 0);
    }

    /// Returns a tensor in which every element is `value`.
    public static Tensor full(Backend backend, Shape shape, float value) {
        Tensor result = empty(backend, shape);
        backend.elementwise().fill(result.view, value);
        return result;
    }

    /// Returns a tensor that is only a shape; what is computed from it is only a shape too.
    public static Tensor meta(MetaBackend backend, DType type, Shape shape) {
        return empty(backend, type, shape);
    }

    static Tensor empty(Backend backend, Shape shape) {
        return empty(backend, DType.FLOAT32, shape);
    }

    static Tensor empty(Backend backend, DType type, Shape shape) {
        Lease lease = Memory.allocate(backend, type, shape.size());
        return new Tensor(backend, View.of(lease.storage(), shape), "", lease);
    }

    private static void requireCount(Shape shape, int count) {
        if (count != shape.size()) {
            throw ShapeException.of("tensor", count + " elements do not fill " + shape + ", which has " + shape.size());
        }
    }

    private static void requireRange(Shape shape, int length, int start) {
        if (start < 0 || start > length - shape.size()) {
            throw ShapeException.of(
                    "tensor",
                    shape + " takes " + shape.size() + " elements from " + start + " on, but the array has " + length);
        }
    }

    // Looking

    /// Returns the extents.
    public Shape shape() {
        return view.shape();
    }

    /// Returns the type of the elements.
    public DType type() {
        return view.type();
    }

    /// Returns where the elements are.
    public Backend backend() {
        return backend;
    }

    /// Returns the array itself, for optimizers and tests.
    public View view() {
        return view;
    }

    /// Returns the name used in messages: a parameter's path, else an empty string.
    public String label() {
        return label;
    }

    /// Returns the elements of a float32 tensor, in row-major order.
    public float[] toFloats() {
        requireReadable(DType.FLOAT32);
        float[] elements = new float[shape().size()];
        Trace.noteReading(view);
        backend.download(view, elements, 0);
        return elements;
    }

    /// Returns the elements of an int32 tensor, in row-major order.
    public int[] toInts() {
        requireReadable(DType.INT32);
        int[] elements = new int[shape().size()];
        Trace.noteReading(view);
        backend.download(view, elements, 0);
        return elements;
    }

    /// Returns other int32 elements, computed on the host from these; no gradient. On `meta`, where there are none, this
    /// tensor.
    ///
    /// @param change makes as many elements, in row-major order
    public Tensor mapInts(UnaryOperator<int[]> change) {
        return backend instanceof MetaBackend ? this : ofInts(backend, shape(), change.apply(toInts()));
    }

    /// Returns the only element of a float32 tensor.
    ///
    /// @throws ShapeException if there is not exactly one
    public float item() {
        if (shape().size() != 1) {
            throw ShapeException.of("item", "the tensor has " + shape().size() + " elements, not 1")
                    .operand("input", shape(), "", label);
        }
        return toFloats()[0];
    }

    private void requireReadable(DType expected) {
        if (type() != expected) {
            throw new IllegalArgumentException("read: tensor " + shape() + " is " + type() + ", not " + expected);
        }
        if (view.storage().released()) {
            throw new IllegalStateException("read: tensor " + shape() + lease.afterItsEnd());
        }
    }

    // Elements

    /// Returns −x.
    public Tensor negate() {
        return ElementwiseOps.unary(Unary.NEGATE, 0, this);
    }

    /// Returns |x|.
    public Tensor abs() {
        return ElementwiseOps.unary(Unary.ABSOLUTE, 0, this);
    }

    /// Returns eˣ.
    public Tensor exp() {
        return ElementwiseOps.unary(Unary.EXP, 0, this);
    }

    /// Returns ln x.
    public Tensor log() {
        return ElementwiseOps.unary(Unary.LOG, 0, this);
    }

    /// Returns √x.
    public Tensor sqrt() {
        return ElementwiseOps.unary(Unary.SQRT, 0, this);
    }

    /// Returns x².
    public Tensor square() {
        return ElementwiseOps.unary(Unary.SQUARE, 0, this);
    }

    /// Returns 1 / x.
    public Tensor reciprocal() {
        return ElementwiseOps.unary(Unary.RECIPROCAL, 0, this);
    }

    /// Returns xᵃ.
    public Tensor power(float exponent) {
        return ElementwiseOps.unary(Unary.POWER, exponent, this);
    }

    /// Applies an activation or another function of one element; `alpha` is its constant, if it
    /// has one.
    public Tensor apply(Unary function, float alpha) {
        return ElementwiseOps.unary(function, alpha, this);
    }

    /// Returns max(x, 0).
    public Tensor relu() {
        return ElementwiseOps.unary(Unary.RELU, 0, this);
    }

    /// Returns the hyperbolic tangent.
    public Tensor tanh() {
        return ElementwiseOps.unary(Unary.TANH, 0, this);
    }

    /// Returns 1 / (1 + e⁻ˣ).
    public Tensor sigmoid() {
        return ElementwiseOps.unary(Unary.SIGMOID, 0, this);
    }

    /// Returns the sum.
    public Tensor add(Tensor other) {
        return ElementwiseOps.binary(Binary.ADD, this, other);
    }

    /// Returns the sum with a constant.
    public Tensor add(float constant) {
        return ElementwiseOps.unary(Unary.SHIFT, constant, this);
    }

    /// Returns the difference.
    public Tensor subtract(Tensor other) {
        return ElementwiseOps.binary(Binary.SUBTRACT, this, other);
    }

    /// Returns the product of elements.
    public Tensor multiply(Tensor other) {
        return ElementwiseOps.binary(Binary.MULTIPLY, this, other);
    }

    /// Returns the product with a constant.
    public Tensor multiply(float constant) {
        return ElementwiseOps.unary(Unary.SCALE, constant, this);
    }

    /// Returns the quotient of elements.
    public Tensor divide(Tensor other) {
        return ElementwiseOps.binary(Binary.DIVIDE, this, other);
    }

    /// Returns the larger of two elements; where they are equal each gets half the gradient.
    public Tensor maximum(Tensor other) {
        return ElementwiseOps.binary(Binary.MAXIMUM, this, other);
    }

    /// Returns the smaller of two elements; where they are equal each gets half the gradient.
    public Tensor minimum(Tensor other) {
        return ElementwiseOps.binary(Binary.MINIMUM, this, other);
    }

    /// Returns the elements limited to [least, most]; no gradient where the limit holds.
    public Tensor clamp(float least, float most) {
        return apply(Unary.AT_LEAST, least).apply(Unary.AT_MOST, most);
    }

    /// Returns 1 where elements are equal, else 0; no gradient.
    public Tensor equalTo(Tensor other) {
        return ElementwiseOps.binary(Binary.EQUAL, this, other);
    }

    /// Returns 1 where this is larger, else 0; no gradient.
    public Tensor greaterThan(Tensor other) {
        return ElementwiseOps.binary(Binary.GREATER, this, other);
    }

    /// Returns elements of `yes` where this is not 0, of `no` elsewhere; all of one shape.
    public Tensor select(Tensor yes, Tensor no) {
        return Op.apply(new ElementwiseOps.Select(), this, yes, no);
    }

    /// Returns int32 elements as float32.
    public Tensor toFloat() {
        return Op.apply(new ElementwiseOps.ToFloat(), this);
    }

    // Reductions

    /// Returns the sum over these axes, which vanish; over all where none is named.
    public Tensor sum(int... axes) {
        return ReduceOps.Reduce.apply(Reduction.SUM, this, axes);
    }

    /// Returns the mean over these axes, which vanish; over all where none is named.
    public Tensor mean(int... axes) {
        return ReduceOps.Reduce.apply(Reduction.MEAN, this, axes);
    }

    /// Returns the maximum over these axes, which vanish; over all where none is named.
    public Tensor max(int... axes) {
        return ReduceOps.Reduce.apply(Reduction.MAXIMUM, this, axes);
    }

    /// Returns the minimum over these axes, which vanish; over all where none is named.
    public Tensor min(int... axes) {
        return ReduceOps.Reduce.apply(Reduction.MINIMUM, this, axes);
    }

    /// Returns the int32 index of the first largest element along an axis; no gradient.
    public Tensor argMax(int axis) {
        return Op.apply(new ReduceOps.ArgMaximum(LayoutOps.axis("argMax", this, axis)), this);
    }

    // Matrices

    /// Returns the matrix product `[M, K] · [K, N]`, or of each pair in a batch
    /// `[B, M, K] · [B, K, N]`.
    public Tensor matmul(Tensor right) {
        return Op.apply(new MatrixOps.MatMul(false, false), this, right);
    }

    /// Returns the product after transposing this (`[K, M]`), the right operand (`[N, K]`) or both.
    public Tensor matmul(boolean transposeLeft, Tensor right, boolean transposeRight) {
        return Op.apply(new MatrixOps.MatMul(transposeLeft, transposeRight), this, right);
    }

    /// Returns x · weightᵀ: `[..., in]` and `[out, in]` to `[..., out]`.
    public Tensor linear(Tensor weight) {
        return Op.apply(new MatrixOps.Linear(), this, weight);
    }

    /// Returns x · weightᵀ + bias: `[..., in]`, `[out, in]` and `[out]` to `[..., out]`.
    public Tensor linear(Tensor weight, Tensor bias) {
        return Op.apply(new MatrixOps.Linear(), this, weight, bias);
    }

    /// Returns x · weightᵀ and what follows it, computed together: `[..., in]` and `[out, in]` to `[..., out]`.
    public Tensor linear(Tensor weight, Epilogue epilogue) {
        return FusedOps.apply(new MatrixOps.Linear(), epilogue, this, weight);
    }

    /// Returns x · weightᵀ + bias and what follows it, computed together: `[..., in]`, `[out, in]` and `[out]` to
    /// `[..., out]`.
    public Tensor linear(Tensor weight, Tensor bias, Epilogue epilogue) {
        return FusedOps.apply(new MatrixOps.Linear(), epilogue, this, weight, bias);
    }

    // Layout

    /// Returns the same elements in the same order with another shape; nothing is copied.
    public Tensor reshape(Shape shape) {
        return shape.equals(shape()) ? this : Op.apply(new LayoutOps.Reshape(shape), this);
    }

    /// Returns the axes from `axis` on as one: `flatten(1)` makes `[N, C, H, W]` `[N, C·H·W]`.
    public Tensor flatten(int axis) {
        int from = LayoutOps.axis("flatten", this, axis);
        int rest = shape().sizeBetween(from, shape().rank());
        int[] dims = Arrays.copyOf(shape().dims(), from + 1);
        dims[from] = rest;
        return reshape(Shape.of(dims));
    }

    /// Returns the axes in another order: axis i of the result is axis `order[i]` of this.
    public Tensor permute(int... order) {
        return LayoutOps.Permute.apply(this, order);
    }

    /// Returns the last two axes exchanged.
    public Tensor transpose() {
        int last = LayoutOps.axis("transpose", this, -2) + 1;
        int[] order = IntStream.rangeClosed(0, last).toArray();
        order[last] = last - 1;
        order[last - 1] = last;
        return permute(order);
    }

    /// Returns the entries `from` to `to - 1` along an axis.
    public Tensor slice(int axis, int from, int to) {
        return LayoutOps.Slice.alongAxis(this, axis, from, to);
    }

    /// Returns this with `before` and `after` entries of `value` added along an axis.
    public Tensor pad(int axis, int before, int after, float value) {
        return LayoutOps.Pad.alongAxis(this, axis, before, after, value);
    }

    /// Returns the tensors joined along an axis.
    public static Tensor concatenate(int axis, Tensor... parts) {
        return LayoutOps.Concatenate.apply(axis, parts);
    }

    /// Returns this repeated along its axes of extent 1 (or missing), to `shape`.
    public Tensor broadcastTo(Shape shape) {
        return shape.equals(shape()) ? this : Op.apply(new LayoutOps.Broadcast(shape), this);
    }

    /// Returns the order along an axis reversed.
    public Tensor reverse(int axis) {
        return Op.apply(new LayoutOps.Reverse(LayoutOps.axis("reverse", this, axis)), this);
    }

    /// Sums over the axes along which `shape` was broadcast to this one's.
    Tensor sumTo(Shape shape) {
        if (shape.equals(shape())) {
            return this;
        }
        int missing = shape().rank() - shape.rank();
        int[] axes =
                IntStream.range(0, shape().rank())
                        .filter(i -> i < missing || shape.dim(i - missing) != shape().dim(i))
                        .toArray();
        Tensor sum = axes.length == 0 ? this : sum(axes);
        return sum.reshape(shape);
    }

    // Indices

    /// Returns rows of this table `[V, D]` by int32 ids `[...]`, as `[..., D]`; id −1 gives zeros.
    public Tensor gather(Tensor ids) {
        return Op.apply(new IndexOps.Gather(), this, ids);
    }

    // Neural networks

    /// Returns the convolution with weight `[out, in/groups, kH, kW]`.
    public Tensor conv2d(Tensor weight, Conv2dOptions options) {
        return Op.apply(new ConvolutionOps.Conv2d(options), this, weight);
    }

    /// Returns the convolution with weight `[out, in/groups, kH, kW]` plus bias `[out]`:
    /// `[N, C, H, W]` to `[N, out, 1 + (H − F + 2P)/S, 1 + (W − F + 2P)/S]`.
    public Tensor conv2d(Tensor weight, Tensor bias, Conv2dOptions options) {
        return Op.apply(new ConvolutionOps.Conv2d(options), this, weight, bias);
    }

    /// Returns the convolution with weight `[out, in/groups, kH, kW]` and what follows it, computed together.
    public Tensor conv2d(Tensor weight, Conv2dOptions options, Epilogue epilogue) {
        return FusedOps.apply(new ConvolutionOps.Conv2d(options), epilogue, this, weight);
    }

    /// Returns the convolution with weight `[out, in/groups, kH, kW]` plus bias `[out]` and what follows it, computed
    /// together.
    public Tensor conv2d(Tensor weight, Tensor bias, Conv2dOptions options, Epilogue epilogue) {
        return FusedOps.apply(new ConvolutionOps.Conv2d(options), epilogue, this, weight, bias);
    }

    /// Returns the transposed convolution with weight `[in, out/groups, kH, kW]`.
    public Tensor convTranspose2d(Tensor weight, Conv2dOptions options, int outputPadding) {
        return Op.apply(new ConvolutionOps.ConvTranspose2d(options, outputPadding), this, weight);
    }

    /// Returns the transposed convolution with weight `[in, out/groups, kH, kW]` plus bias `[out]`.
    public Tensor convTranspose2d(Tensor weight, Tensor bias, Conv2dOptions options, int outputPadding) {
        var op = new ConvolutionOps.ConvTranspose2d(options, outputPadding);
        return Op.apply(op, this, weight, bias);
    }

    /// Returns the largest element of each window of `[N, C, H, W]`.
    public Tensor maxPool2d(Pool2dOptions options) {
        return Op.apply(new PoolingOps.Maximum(options), this);
    }

    /// Returns the mean of each window of `[N, C, H, W]`.
    public Tensor averagePool2d(Pool2dOptions options) {
        return Op.apply(new PoolingOps.Average(options), this);
    }

    /// A batch normalised by its own statistics, and these: row 0 means, row 1 biased variances. The
    /// moments are constants; no gradient.
    ///
    /// @param output has the input's shape
    /// @param moments `[2, C]`
    public record BatchNormalized(Tensor output, Tensor moments) {}

    /// Normalises each channel of `[N, C, ...]` by the mean and variance of this batch, then scales
    /// and shifts it.
    public BatchNormalized batchNorm(Tensor scale, Tensor shift, float epsilon) {
        Tensor moments = Op.apply(new NormalizationOps.Moments(), this);
        var op = new NormalizationOps.BatchNorm(epsilon, true);
        return new BatchNormalized(Op.apply(op, this, scale, shift, moments), moments.detach());
    }

    /// Normalises each channel of `[N, C, ...]` by given moments `[2, C]`, taken as constants.
    public Tensor batchNorm(Tensor scale, Tensor shift, Tensor moments, float epsilon) {
        var op = new NormalizationOps.BatchNorm(epsilon, false);
        return Op.apply(op, this, scale, shift, moments);
    }

    /// Normalises along the last axis, then scales and shifts by feature.
    public Tensor layerNorm(Tensor scale, Tensor shift, float epsilon) {
        return Op.apply(new NormalizationOps.LayerNorm(epsilon), this, scale, shift);
    }

    /// Normalises each element of `[N, C, H, W]` by its neighbours in the channels around:
    /// `y[c] = x[c] / (bias + alpha / size · Σ x[c′]²)^beta`, the sum over the `size` channels
    /// around c that exist; `size` is odd.
    public Tensor localResponseNorm(int size, float alpha, float beta, float bias) {
        var constants = new LocalResponseOptions(size, alpha, beta, bias);
        return Op.apply(new NormalizationOps.LocalResponse(constants), this);
    }

    /// Returns the softmax over the last axis.
    public Tensor softmax() {
        return Op.apply(new SoftmaxOps.Softmax(), this);
    }

    /// Returns the logarithm of the softmax over the last axis.
    public Tensor logSoftmax() {
        return Op.apply(new SoftmaxOps.LogSoftmax(), this);
    }

    /// Returns the cross-entropy, in nats, of each row of these logits `[..., classes]` with its
    /// int32 label `[...]`; a row with the label −1 counts 0. `smoothing` moves that fraction of the
    /// target evenly over all classes.
    public Tensor crossEntropy(Tensor labels, float smoothing) {
        return Op.apply(new SoftmaxOps.CrossEntropy(smoothing), this, labels);
    }

    /// Applies an operation with a gradient of its own.
    public static Tensor custom(CustomOp op, Tensor... operands) {
        return CustomOps.apply(op, operands);
    }

    // Recording

    /// Returns the same elements, through which no gradient flows.
    public Tensor detach() {
        return new Tensor(backend, view, label, lease);
    }

    Tensor labelled(String name) {
        return new Tensor(backend, view, name, lease);
    }

    /// Returns another look at the storage, through which no gradient flows yet.
    Tensor look(View other) {
        return new Tensor(backend, other, "", lease);
    }

    Lease lease() {
        return lease;
    }

    void recorded(Tape by, int at) {
        tape = by;
        position = at;
    }

    boolean isRecordedBy(Tape other) {
        return tape == other;
    }

    int position() {
        return position;
    }

    /// Returns type, shape and backend: `float32 [64, 10] on cpu`.
    @Override
    public String toString() {
        String name = label.isEmpty() ? "" : label + " ";
        return name + type().name().toLowerCase(java.util.Locale.ROOT) + " " + shape() + " on " + backend.name();
    }
}
