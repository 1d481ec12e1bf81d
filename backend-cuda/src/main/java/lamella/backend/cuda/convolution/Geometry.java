package lamella.backend.cuda.convolution;

import jcuda.jcudnn.JCudnn;
import jcuda.jcudnn.cudnnConvolutionDescriptor;
import jcuda.jcudnn.cudnnConvolutionMode;
import jcuda.jcudnn.cudnnDataType;
import jcuda.jcudnn.cudnnFilterDescriptor;
import jcuda.jcudnn.cudnnTensorDescriptor;
import jcuda.jcudnn.cudnnTensorFormat;

import lamella.array.Conv2dOptions;
import lamella.array.Shape;
import lamella.backend.cuda.runtime.CudaException;
import lamella.backend.cuda.runtime.Libraries;

/// The descriptors of a convolution.
///
/// @param x of the input
/// @param weight of the weight
/// @param walk of the options, with what products are computed in
/// @param y of the output
record Geometry(
        cudnnTensorDescriptor x, cudnnFilterDescriptor weight, cudnnConvolutionDescriptor walk, cudnnTensorDescriptor y)
        implements AutoCloseable {

    /// Describes a convolution.
    ///
    /// @param type the type of the arrays, of [cudnnDataType]
    /// @param math in what products are computed, of [jcuda.jcudnn.cudnnMathType]
    static Geometry of(Libraries libraries, Convolution convolution, int type, int math) {
        return new Geometry(
                tensor(libraries, type, convolution.x()),
                filter(type, convolution.weight()),
                walk(convolution.options(), math),
                tensor(libraries, type, convolution.y()));
    }

    private static cudnnTensorDescriptor tensor(Libraries libraries, int type, Shape shape) {
        return libraries.descriptor(type, shape.dim(0), shape.dim(1), shape.dim(2), shape.dim(3));
    }

    private static cudnnFilterDescriptor filter(int type, Shape shape) {
        var filter = new cudnnFilterDescriptor();
        CudaException.checkDnn(JCudnn.cudnnCreateFilterDescriptor(filter), "cudnnCreateFilterDescriptor");
        int status =
                JCudnn.cudnnSetFilter4dDescriptor(
                        filter,
                        type,
                        cudnnTensorFormat.CUDNN_TENSOR_NCHW,
                        shape.dim(0),
                        shape.dim(1),
                        shape.dim(2),
                        shape.dim(3));
        CudaException.checkDnn(status, "cudnnSetFilter4dDescriptor");
        return filter;
    }

    private static cudnnConvolutionDescriptor walk(Conv2dOptions options, int math) {
        var walk = new cudnnConvolutionDescriptor();
        CudaException.checkDnn(JCudnn.cudnnCreateConvolutionDescriptor(walk), "cudnnCreateConvolutionDescriptor");
        int status =
                JCudnn.cudnnSetConvolution2dDescriptor(
                        walk,
                        options.paddingHeight(),
                        options.paddingWidth(),
                        options.strideHeight(),
                        options.strideWidth(),
                        options.dilationHeight(),
                        options.dilationWidth(),
                        cudnnConvolutionMode.CUDNN_CROSS_CORRELATION,
                        cudnnDataType.CUDNN_DATA_FLOAT);
        CudaException.checkDnn(status, "cudnnSetConvolution2dDescriptor");
        CudaException.checkDnn(
                JCudnn.cudnnSetConvolutionGroupCount(walk, options.groups()), "cudnnSetConvolutionGroupCount");
        CudaException.checkDnn(JCudnn.cudnnSetConvolutionMathType(walk, math), "cudnnSetConvolutionMathType");
        return walk;
    }

    /// Destroys what belongs to this convolution alone; the tensors' descriptors are shared.
    @Override
    public void close() {
        JCudnn.cudnnDestroyFilterDescriptor(weight);
        JCudnn.cudnnDestroyConvolutionDescriptor(walk);
    }
}
