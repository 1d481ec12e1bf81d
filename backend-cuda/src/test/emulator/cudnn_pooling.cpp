/// Pooling over windows of the two spatial axes: maximum, average with or without the padding.

#include <cmath>
#include <limits>

#include "cudnn_tensor.h"

using namespace emulator;
using namespace emulator::cudnn;

namespace {

enum PoolingMode : int {
    pool_max = 0, average_with_padding = 1, average_without_padding = 2, pool_max_deterministic = 3,
};

struct Pooling : Object {
    bool set = false;
    int mode = pool_max;
    bool propagate_nan = false;
    int window[2] = {1, 1};
    int padding[2] = {0, 0};
    int stride[2] = {1, 1};
};

const Pooling& pooling(const void* argument) {
    const Pooling& found = object<Pooling>(argument, "poolingDesc");
    require_parameter(found.set, "poolingDesc was created but not set");
    return found;
}

std::array<int, 4> output_dims(const Pooling& how, const Tensor& x) {
    require_support(x.rank == 4, "only pooling over two axes is emulated");
    std::array<int, 4> result{x.dims[0], x.dims[1], 0, 0};
    for (int axis = 0; axis < 2; axis++) {
        int reach = x.dims[axis + 2] + 2 * how.padding[axis] - how.window[axis];
        require_parameter(reach >= 0, "the window is larger than the padded input");
        require_parameter(how.padding[axis] < how.window[axis], "the padding is not smaller than the window");
        result[axis + 2] = 1 + reach / how.stride[axis];
    }
    return result;
}

void require_matching(const Pooling& how, const Tensor& x, const Tensor& y) {
    std::array<int, 4> dims = output_dims(how, x);
    require_type(x.type);
    require_parameter(x.type == y.type, "the data types differ");
    require_parameter(y.has_dims({dims[0], dims[1], dims[2], dims[3]}), "the output's extents are not the formula's");
}

/// One window, cut to the input; offsets are within the plane of one channel.
struct Window {
    int top, bottom, left, right;
    int width;  // of the input
    int full;   // values with the padding counted

    template <class Visit>
    void each(Visit visit) const {
        for (int i = top; i < bottom; i++) {
            for (int j = left; j < right; j++) visit(static_cast<long>(i) * width + j);
        }
    }
    int count() const { return (bottom - top) * (right - left); }
};

/// Calls visit(window, offset of the input's plane, offset of the output value).
template <class Visit>
void each_window(const Pooling& how, const Tensor& x, const Tensor& y, Visit visit) {
    int height = x.dims[2];
    int width = x.dims[3];
    long planes = static_cast<long>(x.dims[0]) * x.dims[1];
    long output = 0;
    for (long plane = 0; plane < planes; plane++) {
        for (int i = 0; i < y.dims[2]; i++) {
            for (int j = 0; j < y.dims[3]; j++, output++) {
                int top = i * how.stride[0] - how.padding[0];
                int left = j * how.stride[1] - how.padding[1];
                Window window{std::max(top, 0),  std::min(top + how.window[0], height),
                              std::max(left, 0), std::min(left + how.window[1], width),
                              width,             how.window[0] * how.window[1]};
                visit(window, plane * height * width, output);
            }
        }
    }
}

bool is_max(const Pooling& how) { return how.mode == pool_max || how.mode == pool_max_deterministic; }

/// Where the maximum stands. Of equal values the deterministic mode takes the first, the other the last: cuDNN does
/// not say, so nobody may rely on it. -1 if all are NaN and NaN is not propagated.
long position_of_max(const Pooling& how, const Window& window, const double* plane) {
    long best = -1;
    window.each([&](long i) {
        if (std::isnan(plane[i])) {
            if (how.propagate_nan && (best < 0 || !std::isnan(plane[best]))) best = i;
            return;
        }
        bool better = best < 0 || plane[i] > plane[best];
        if (better || (how.mode == pool_max && plane[i] == plane[best])) best = i;
    });
    return best;
}

double pool(const Pooling& how, const Window& window, const double* plane) {
    if (is_max(how)) {
        long best = position_of_max(how, window, plane);
        return best < 0 ? -std::numeric_limits<float>::max() : plane[best];
    }
    double sum = 0;
    window.each([&](long i) { sum += plane[i]; });
    return sum / (how.mode == average_with_padding ? window.full : window.count());
}

void spread(const Pooling& how, const Window& window, const double* plane, double gradient, double* to) {
    if (is_max(how)) {
        long best = position_of_max(how, window, plane);
        if (best >= 0) to[best] += gradient;
        return;
    }
    double share = gradient / (how.mode == average_with_padding ? window.full : window.count());
    window.each([&](long i) { to[i] += share; });
}

}  // namespace

CUDNN_FUNCTION cudnnCreatePoolingDescriptor(void** result) {
    return create<Pooling>("cudnnCreatePoolingDescriptor", result);
}

CUDNN_FUNCTION cudnnDestroyPoolingDescriptor(void* descriptor) {
    return destroy<Pooling>("cudnnDestroyPoolingDescriptor", descriptor);
}

CUDNN_FUNCTION cudnnSetPooling2dDescriptor(void* descriptor, int mode, int nan_option, int window_height,
                                           int window_width, int vertical_padding, int horizontal_padding,
                                           int vertical_stride, int horizontal_stride) {
    return entry("cudnnSetPooling2dDescriptor", [&] {
        Pooling& result = object<Pooling>(descriptor, "poolingDesc");
        require_parameter(mode >= pool_max && mode <= pool_max_deterministic, "no such pooling mode");
        require_parameter(nan_option == 0 || nan_option == 1, "no such NaN option");
        require_parameter(window_height > 0 && window_width > 0, "a window is zero or negative");
        require_parameter(vertical_padding >= 0 && horizontal_padding >= 0, "the padding is negative");
        require_parameter(vertical_stride > 0 && horizontal_stride > 0, "a stride is zero or negative");
        result.mode = mode;
        result.propagate_nan = nan_option == 1;
        result.window[0] = window_height;
        result.window[1] = window_width;
        result.padding[0] = vertical_padding;
        result.padding[1] = horizontal_padding;
        result.stride[0] = vertical_stride;
        result.stride[1] = horizontal_stride;
        result.set = true;
    });
}

CUDNN_FUNCTION cudnnGetPooling2dForwardOutputDim(void* descriptor, void* input, int* n, int* c, int* h, int* w) {
    return entry("cudnnGetPooling2dForwardOutputDim", [&] {
        std::array<int, 4> dims = output_dims(pooling(descriptor), tensor(input, "inputDesc"));
        require_parameter(n != nullptr && c != nullptr && h != nullptr && w != nullptr, "a result pointer is null");
        *n = dims[0];
        *c = dims[1];
        *h = dims[2];
        *w = dims[3];
    });
}

CUDNN_FUNCTION cudnnPoolingForward(void* handle, void* descriptor, const void* alpha, void* x_descriptor, const void* x,
                                   const void* beta, void* y_descriptor, void* y) {
    return entry("cudnnPoolingForward", [&] {
        Handle& context = object<Handle>(handle, "handle");
        Pooling how = pooling(descriptor);
        Tensor input = tensor(x_descriptor, "xDesc");
        Tensor output = tensor(y_descriptor, "yDesc");
        require_matching(how, input, output);
        Blend blend = read_blend(alpha, beta);
        require_memory("x", x, input);
        require_memory("y", y, output);
        require_apart("y shares memory with x", y, output.bytes(), x, input.bytes());
        enqueue(context.stream, [=] {
            Values values = read_values(input, x);
            Values result(output.count());
            each_window(how, input, output, [&](const Window& window, long plane, long at) {
                result[at] = pool(how, window, values.data() + plane);
            });
            write_values(output, y, result, blend);
        });
    });
}

CUDNN_FUNCTION cudnnPoolingBackward(void* handle, void* descriptor, const void* alpha, void* y_descriptor,
                                    const void* y, void* dy_descriptor, const void* dy, void* x_descriptor,
                                    const void* x, const void* beta, void* dx_descriptor, void* dx) {
    return entry("cudnnPoolingBackward", [&] {
        Handle& context = object<Handle>(handle, "handle");
        Pooling how = pooling(descriptor);
        Tensor output = tensor(y_descriptor, "yDesc");
        Tensor output_gradient = tensor(dy_descriptor, "dyDesc");
        Tensor input = tensor(x_descriptor, "xDesc");
        Tensor input_gradient = tensor(dx_descriptor, "dxDesc");
        require_matching(how, input, output);
        require_matching(how, input_gradient, output_gradient);
        require_parameter(input.same_dims(input_gradient) && input.type == input_gradient.type,
                          "x and dx differ in extents or data type");
        Blend blend = read_blend(alpha, beta);
        require_memory("y", y, output);
        require_memory("dy", dy, output_gradient);
        require_memory("x", x, input);
        require_memory("dx", dx, input_gradient);
        require_apart("dx shares memory with dy", dx, input_gradient.bytes(), dy, output_gradient.bytes());
        require_apart("dx shares memory with x", dx, input_gradient.bytes(), x, input.bytes());
        enqueue(context.stream, [=] {
            Values values = read_values(input, x);
            Values gradient = read_values(output_gradient, dy);
            Values result(input.count());
            each_window(how, input, output, [&](const Window& window, long plane, long at) {
                spread(how, window, values.data() + plane, gradient[at], result.data() + plane);
            });
            write_values(input_gradient, dx, result, blend);
        });
    });
}
