package lamella.tck;

import lamella.array.DType;
import lamella.backend.Backend;
import lamella.backend.ConvolutionKernels;
import lamella.backend.ElementwiseKernels;
import lamella.backend.FusedKernels;
import lamella.backend.IndexKernels;
import lamella.backend.LayoutKernels;
import lamella.backend.MatrixKernels;
import lamella.backend.MemoryUse;
import lamella.backend.NormalizationKernels;
import lamella.backend.OptimizerKernels;
import lamella.backend.PoolingKernels;
import lamella.backend.RandomKernels;
import lamella.backend.RecurrentKernels;
import lamella.backend.ReductionKernels;
import lamella.backend.SoftmaxKernels;
import lamella.backend.Storage;
import lamella.backend.View;

import java.util.Optional;

/// A backend that asserts the kernel contract on every call to another one: shapes and types fit,
/// no storage was released, and a result shares no elements with another operand unless the kernel
/// allows it. For tests of what calls kernels; kernels themselves check nothing.
///
/// {@snippet :
/// Backend backend = CheckedBackend.of(ReferenceBackend.create()).requiringFinite();
/// }
///
/// ## Errors
///
/// [AssertionError], such as `matrix.linear: out is [2, 3], expected [2, 4]`.
public final class CheckedBackend implements Backend {
    private final Backend backend;
    private final boolean finite;

    private CheckedBackend(Backend backend, boolean finite) {
        this.backend = backend;
        this.finite = finite;
    }

    /// Returns a backend that checks the calls to `backend`.
    public static CheckedBackend of(Backend backend) {
        return new CheckedBackend(backend, false);
    }

    /// Returns this backend with one more check: a kernel on finite operands gives finite results.
    /// It reads all operands of every call.
    public CheckedBackend requiringFinite() {
        return new CheckedBackend(backend, true);
    }

    /// Makes the checks of one call.
    interface Calls {
        CheckedCall of(String op);
    }

    private Calls calls() {
        return op -> new CheckedCall(op, backend, finite);
    }

    @Override
    public String name() {
        return backend.name();
    }

    @Override
    public String device() {
        return backend.device();
    }

    @Override
    public int threads() {
        return backend.threads();
    }

    @Override
    public Storage allocate(DType type, int size) {
        return backend.allocate(type, size);
    }

    @Override
    public void release(Storage storage) {
        backend.release(storage);
    }

    @Override
    public void upload(float[] source, int start, View target) {
        calls().of("upload")
                .writes("target", target)
                .require(
                        start >= 0 && start <= source.length - target.size(),
                        tooFew("source", source.length, start, target))
                .run(() -> backend.upload(source, start, target));
    }

    private static String tooFew(String role, int length, int start, View view) {
        return "%s has %d elements from %d on, expected %d".formatted(role, length - start, start, view.size());
    }

    @Override
    public void upload(int[] source, int start, View target) {
        calls().of("upload")
                .writes("target", target, DType.INT32)
                .require(
                        start >= 0 && start <= source.length - target.size(),
                        tooFew("source", source.length, start, target))
                .run(() -> backend.upload(source, start, target));
    }

    @Override
    public void download(View source, float[] target, int start) {
        calls().of("download")
                .reads("source", source)
                .require(
                        start >= 0 && start <= target.length - source.size(),
                        tooFew("target", target.length, start, source))
                .run(() -> backend.download(source, target, start));
    }

    @Override
    public void download(View source, int[] target, int start) {
        calls().of("download")
                .reads("source", source, DType.INT32)
                .require(
                        start >= 0 && start <= target.length - source.size(),
                        tooFew("target", target.length, start, source))
                .run(() -> backend.download(source, target, start));
    }

    @Override
    public ElementwiseKernels elementwise() {
        return new CheckedElementwise(backend.elementwise(), calls());
    }

    @Override
    public ReductionKernels reduction() {
        return new CheckedReduction(backend.reduction(), calls());
    }

    @Override
    public MatrixKernels matrix() {
        return new CheckedMatrix(backend.matrix(), calls());
    }

    @Override
    public ConvolutionKernels convolution() {
        return new CheckedConvolution(backend.convolution(), calls());
    }

    @Override
    public PoolingKernels pooling() {
        return new CheckedPooling(backend.pooling(), calls());
    }

    @Override
    public NormalizationKernels normalization() {
        return new CheckedNormalization(backend.normalization(), calls());
    }

    @Override
    public SoftmaxKernels softmax() {
        return new CheckedSoftmax(backend.softmax(), calls());
    }

    @Override
    public LayoutKernels layout() {
        return new CheckedLayout(backend.layout(), calls());
    }

    @Override
    public IndexKernels index() {
        return new CheckedIndex(backend.index(), calls());
    }

    @Override
    public RandomKernels random() {
        return new CheckedRandom(backend.random(), calls());
    }

    @Override
    public OptimizerKernels optimizer() {
        return new CheckedOptimizer(backend.optimizer(), calls());
    }

    @Override
    public Optional<RecurrentKernels> recurrent() {
        return backend.recurrent().map(kernels -> new CheckedRecurrent(kernels, calls()));
    }

    @Override
    public FusedKernels fused() {
        return new CheckedFused(backend.fused(), calls());
    }

    @Override
    public MemoryUse memory() {
        return backend.memory();
    }

    @Override
    public void synchronize() {
        backend.synchronize();
    }

    @Override
    public void close() {
        backend.close();
    }
}
