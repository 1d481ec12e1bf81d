/// Convolution descriptors, their geometry, their algorithms, and the arithmetic: declarations for the files
/// cudnn_convolution*.cpp.
#pragma once

#include "cudnn_tensor.h"

namespace emulator::cudnn {

enum ConvolutionMode : int { flipped = 0, cross_correlation = 1 };

/// A convolution descriptor, for two spatial axes.
struct Convolution : Object {
    bool set = false;
    int padding[2] = {0, 0};
    int stride[2] = {1, 1};
    int dilation[2] = {1, 1};
    int mode = cross_correlation;
    int compute_type = type_float;
    int groups = 1;
    int math = default_math;
};

/// The checked extents of one convolution.
struct Geometry {
    int type;
    int images;
    int channels;      // of the input, all groups
    int height, width;  // of the input
    int filters;       // output channels, all groups
    int group_channels;
    int filter_height, filter_width;
    int out_height, out_width;
    Convolution convolution;

    int groups() const { return convolution.groups; }
    int group_filters() const { return filters / groups(); }
    long positions() const { return static_cast<long>(out_height) * out_width; }
    /// Products summed for one output value.
    long depth() const { return static_cast<long>(group_channels) * filter_height * filter_width; }
    long input_count() const { return static_cast<long>(images) * channels * height * width; }
    long filter_count() const { return filters * depth(); }
    long output_count() const { return images * filters * positions(); }
    /// Whether products take operands rounded to TF32.
    bool tf32() const { return type == type_float && convolution.math != fma_math; }
};

/// Output extents [n, k, h, w] of the formula, checked.
std::array<int, 4> output_dims(const Convolution& convolution, const Tensor& input, const Filter& filter);

/// The geometry of matching descriptors; throws as cuDNN refuses others.
Geometry geometry(const Convolution& convolution, const Tensor& input, const Filter& filter, const Tensor& output);

const Convolution& convolution(const void* argument);

enum class Pass { forward, backward_data, backward_filter };

/// Whether the algorithm exists and takes this convolution.
bool supports(Pass pass, int algorithm, const Geometry& geometry);

/// Bytes of scratch memory that the algorithm asks for.
size_t workspace_bytes(Pass pass, int algorithm, const Geometry& geometry);

/// Throws unless the algorithm can run with the workspace given.
void require_algorithm(Pass pass, int algorithm, const Geometry& geometry, const void* workspace, size_t given);

// The arithmetic, on packed values: y from x and w, the gradient of x from that of y and w, the gradient of w.
Values convolve(const Geometry& geometry, const Values& x, const Values& w);
Values convolve_backward_data(const Geometry& geometry, const Values& w, const Values& dy);
Values convolve_backward_filter(const Geometry& geometry, const Values& x, const Values& dy);

}  // namespace emulator::cudnn
