/// Local response normalization across channels:
/// y[c] = x[c] * s[c]^-beta, s[c] = k + alpha / n * (sum of x² over the n channels from c - (n - 1) / 2).

#include <algorithm>
#include <cmath>

#include "cudnn_tensor.h"

using namespace emulator;
using namespace emulator::cudnn;

namespace {

struct ResponseNormalization : Object {
    bool set = false;
    int n = 0;
    double alpha = 0;
    double beta = 0;
    double k = 0;

    int behind() const { return (n - 1) / 2; }
    int ahead() const { return n - behind() - 1; }
};

const ResponseNormalization& normalization(const void* argument, int mode) {
    require_parameter(mode == 0, "no such LRN mode");
    const ResponseNormalization& found = object<ResponseNormalization>(argument, "normDesc");
    require_parameter(found.set, "normDesc was created but not set");
    return found;
}

/// Calls visit(offset of channel 0, distance of channels) for every position of every image.
template <class Visit>
void each_position(const Tensor& x, Visit visit) {
    long inner = 1;
    for (int axis = 2; axis < x.rank; axis++) inner *= x.dims[axis];
    for (int image = 0; image < x.dims[0]; image++) {
        for (long i = 0; i < inner; i++) visit(image * x.dims[1] * inner + i, inner);
    }
}

/// s of the formula, for each value.
Values scales(const ResponseNormalization& how, const Tensor& shape, const Values& x) {
    Values result(x.size());
    each_position(shape, [&](long first, long step) {
        for (int c = 0; c < shape.dims[1]; c++) {
            double sum = 0;
            for (int j = std::max(0, c - how.behind()); j <= std::min(shape.dims[1] - 1, c + how.ahead()); j++) {
                sum += x[first + j * step] * x[first + j * step];
            }
            result[first + c * step] = how.k + how.alpha / how.n * sum;
        }
    });
    return result;
}

void require_alike(const Tensor& a, const Tensor& b) {
    require_support(a.rank == 4 || a.rank == 5, "only 4 or 5 axes are supported");
    require_type(a.type);
    require_parameter(a.same_dims(b) && a.type == b.type, "the extents or data types differ");
}

}  // namespace

CUDNN_FUNCTION cudnnCreateLRNDescriptor(void** result) {
    return create<ResponseNormalization>("cudnnCreateLRNDescriptor", result);
}

CUDNN_FUNCTION cudnnDestroyLRNDescriptor(void* descriptor) {
    return destroy<ResponseNormalization>("cudnnDestroyLRNDescriptor", descriptor);
}

CUDNN_FUNCTION cudnnSetLRNDescriptor(void* descriptor, unsigned n, double alpha, double beta, double k) {
    return entry("cudnnSetLRNDescriptor", [&] {
        ResponseNormalization& result = object<ResponseNormalization>(descriptor, "normDesc");
        require_parameter(n >= 1 && n <= 16, "lrnN is not in [1, 16]");
        require_parameter(k >= 1e-5, "lrnK is below 1e-5");
        require_parameter(beta >= 0.01, "lrnBeta is below 0.01");
        result.n = static_cast<int>(n);
        result.alpha = alpha;
        result.beta = beta;
        result.k = k;
        result.set = true;
    });
}

CUDNN_FUNCTION cudnnLRNCrossChannelForward(void* handle, void* descriptor, int mode, const void* alpha,
                                           void* x_descriptor, const void* x, const void* beta, void* y_descriptor,
                                           void* y) {
    return entry("cudnnLRNCrossChannelForward", [&] {
        Handle& context = object<Handle>(handle, "handle");
        ResponseNormalization how = normalization(descriptor, mode);
        Tensor input = tensor(x_descriptor, "xDesc");
        Tensor output = tensor(y_descriptor, "yDesc");
        require_alike(input, output);
        Blend blend = read_blend(alpha, beta);
        require_memory("x", x, input);
        require_memory("y", y, output);
        require_apart("y shares memory with x", y, output.bytes(), x, input.bytes());
        enqueue(context.stream, [=] {
            Values values = read_values(input, x);
            Values scale = scales(how, input, values);
            for (size_t i = 0; i < values.size(); i++) values[i] *= std::pow(scale[i], -how.beta);
            write_values(output, y, values, blend);
        });
    });
}

CUDNN_FUNCTION cudnnLRNCrossChannelBackward(void* handle, void* descriptor, int mode, const void* alpha,
                                            void* y_descriptor, const void* y, void* dy_descriptor, const void* dy,
                                            void* x_descriptor, const void* x, const void* beta, void* dx_descriptor,
                                            void* dx) {
    return entry("cudnnLRNCrossChannelBackward", [&] {
        Handle& context = object<Handle>(handle, "handle");
        ResponseNormalization how = normalization(descriptor, mode);
        Tensor output = tensor(y_descriptor, "yDesc");
        Tensor output_gradient = tensor(dy_descriptor, "dyDesc");
        Tensor input = tensor(x_descriptor, "xDesc");
        Tensor input_gradient = tensor(dx_descriptor, "dxDesc");
        require_alike(input, output);
        require_alike(input, output_gradient);
        require_alike(input, input_gradient);
        Blend blend = read_blend(alpha, beta);
        require_memory("y", y, output);
        require_memory("dy", dy, output_gradient);
        require_memory("x", x, input);
        require_memory("dx", dx, input_gradient);
        require_apart("dx shares memory with dy", dx, input_gradient.bytes(), dy, output_gradient.bytes());
        require_apart("dx shares memory with x", dx, input_gradient.bytes(), x, input.bytes());
        require_apart("dx shares memory with y", dx, input_gradient.bytes(), y, output.bytes());
        enqueue(context.stream, [=] {
            Values x_values = read_values(input, x);
            Values y_values = read_values(output, y);
            Values gradient = read_values(output_gradient, dy);
            Values scale = scales(how, input, x_values);
            Values result(x_values.size());
            int channels = input.dims[1];
            each_position(input, [&](long first, long step) {
                for (int c = 0; c < channels; c++) {
                    long i = first + c * step;
                    double sum = 0;
                    // All channels whose window holds c.
                    for (int j = std::max(0, c - how.ahead()); j <= std::min(channels - 1, c + how.behind()); j++) {
                        long other = first + j * step;
                        sum += gradient[other] * y_values[other] / scale[other];
                    }
                    double factor = 2 * how.alpha * how.beta / how.n;
                    result[i] = gradient[i] * std::pow(scale[i], -how.beta) - factor * x_values[i] * sum;
                }
            });
            write_values(input_gradient, dx, result, blend);
        });
    });
}
