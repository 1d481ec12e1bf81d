/// Convolution descriptors and the checks of what they, the tensors and the filter are to each other.

#include <algorithm>

#include "cudnn_convolution.h"

namespace emulator::cudnn {

const Convolution& convolution(const void* argument) {
    const Convolution& found = object<Convolution>(argument, "convDesc");
    require_parameter(found.set, "convDesc was created but not set");
    return found;
}

std::array<int, 4> output_dims(const Convolution& convolution, const Tensor& input, const Filter& filter) {
    require_support(input.rank == 4 && filter.rank == 4, "only convolutions over two axes are emulated");
    require_support(filter.format == format_nchw, "only filters in NCHW are emulated");
    require_parameter(input.dims[1] == filter.dims[1] * convolution.groups,
                      "the input's channels are not the filter's channels times the groups");
    require_parameter(filter.dims[0] % convolution.groups == 0, "the filters do not divide into the groups");
    std::array<int, 4> result{input.dims[0], filter.dims[0], 0, 0};
    for (int axis = 0; axis < 2; axis++) {
        long reach = static_cast<long>(filter.dims[axis + 2] - 1) * convolution.dilation[axis] + 1;
        long padded = input.dims[axis + 2] + 2L * convolution.padding[axis];
        require_parameter(padded >= reach, "the padded input is smaller than the dilated filter");
        result[axis + 2] = static_cast<int>(1 + (padded - reach) / convolution.stride[axis]);
    }
    return result;
}

Geometry geometry(const Convolution& convolution, const Tensor& input, const Filter& filter, const Tensor& output) {
    std::array<int, 4> expected = output_dims(convolution, input, filter);
    require_support(output.rank == 4, "only convolutions over two axes are emulated");
    require_parameter(input.type == filter.type && input.type == output.type, "the data types differ");
    require_type(input.type);
    require_support(convolution.compute_type == type_float, "only the compute type float is emulated");
    require_parameter(std::equal(expected.begin(), expected.end(), output.dims.begin()),
                      "the output's extents are not those of the formula");
    return {input.type,     input.dims[0],  input.dims[1],  input.dims[2],  input.dims[3], filter.dims[0],
            filter.dims[1], filter.dims[2], filter.dims[3], expected[2],    expected[3],   convolution};
}

}  // namespace emulator::cudnn

using namespace emulator::cudnn;

CUDNN_FUNCTION cudnnCreateConvolutionDescriptor(void** result) {
    return create<Convolution>("cudnnCreateConvolutionDescriptor", result);
}

CUDNN_FUNCTION cudnnDestroyConvolutionDescriptor(void* descriptor) {
    return destroy<Convolution>("cudnnDestroyConvolutionDescriptor", descriptor);
}

CUDNN_FUNCTION cudnnSetConvolution2dDescriptor(void* descriptor, int pad_height, int pad_width, int vertical_stride,
                                               int horizontal_stride, int dilation_height, int dilation_width, int mode,
                                               int compute_type) {
    return entry("cudnnSetConvolution2dDescriptor", [&] {
        Convolution& result = object<Convolution>(descriptor, "convDesc");
        require_parameter(pad_height >= 0 && pad_width >= 0, "the padding is negative");
        require_parameter(vertical_stride > 0 && horizontal_stride > 0, "a stride is zero or negative");
        require_parameter(dilation_height > 0 && dilation_width > 0, "a dilation is zero or negative");
        require_parameter(mode == flipped || mode == cross_correlation, "no such convolution mode");
        require_parameter(compute_type >= 0 && compute_type <= last_type, "no such data type");
        result.padding[0] = pad_height;
        result.padding[1] = pad_width;
        result.stride[0] = vertical_stride;
        result.stride[1] = horizontal_stride;
        result.dilation[0] = dilation_height;
        result.dilation[1] = dilation_width;
        result.mode = mode;
        result.compute_type = compute_type;
        result.set = true;
    });
}

CUDNN_FUNCTION cudnnSetConvolutionGroupCount(void* descriptor, int groups) {
    return entry("cudnnSetConvolutionGroupCount", [&] {
        Convolution& result = object<Convolution>(descriptor, "convDesc");
        require_parameter(groups > 0, "the group count is zero or negative");
        result.groups = groups;
    });
}

CUDNN_FUNCTION cudnnGetConvolutionGroupCount(void* descriptor, int* groups) {
    return entry("cudnnGetConvolutionGroupCount", [&] {
        require_parameter(groups != nullptr, "groupCount is null");
        *groups = object<Convolution>(descriptor, "convDesc").groups;
    });
}

CUDNN_FUNCTION cudnnSetConvolutionMathType(void* descriptor, int math) {
    return entry("cudnnSetConvolutionMathType", [&] {
        Convolution& result = object<Convolution>(descriptor, "convDesc");
        require_parameter(math >= default_math && math <= fma_math, "no such math type");
        result.math = math;
    });
}

CUDNN_FUNCTION cudnnGetConvolutionMathType(void* descriptor, int* math) {
    return entry("cudnnGetConvolutionMathType", [&] {
        require_parameter(math != nullptr, "mathType is null");
        *math = object<Convolution>(descriptor, "convDesc").math;
    });
}

CUDNN_FUNCTION cudnnGetConvolution2dForwardOutputDim(void* descriptor, void* input, void* filter_descriptor, int* n,
                                                     int* c, int* h, int* w) {
    return entry("cudnnGetConvolution2dForwardOutputDim", [&] {
        std::array<int, 4> dims = output_dims(convolution(descriptor), tensor(input, "inputTensorDesc"),
                                              filter(filter_descriptor, "filterDesc"));
        require_parameter(n != nullptr && c != nullptr && h != nullptr && w != nullptr, "a result pointer is null");
        *n = dims[0];
        *c = dims[1];
        *h = dims[2];
        *w = dims[3];
    });
}
