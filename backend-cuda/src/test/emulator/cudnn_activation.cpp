/// Activation functions, value by value.

#include <algorithm>
#include <cmath>

#include "cudnn_tensor.h"

using namespace emulator;
using namespace emulator::cudnn;

namespace {

enum ActivationMode : int {
    act_sigmoid = 0, act_relu = 1, act_tanh = 2, act_clipped_relu = 3, act_elu = 4, act_identity = 5, act_swish = 6,
};

struct Activation : Object {
    bool set = false;
    int mode = act_relu;
    bool propagate_nan = false;
    double coefficient = 0;  // the bound of the clipped ReLU, the alpha of ELU
    double swish_beta = 1;
};

const Activation& activation(const void* argument) {
    const Activation& found = object<Activation>(argument, "activationDesc");
    require_parameter(found.set, "activationDesc was created but not set");
    // Identity exists for fused convolutions only.
    require_parameter(found.mode != act_identity, "the identity is no activation of its own");
    return found;
}

double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

double apply(const Activation& how, double x) {
    if (std::isnan(x) && how.propagate_nan) return x;
    switch (how.mode) {
        case act_sigmoid: return sigmoid(x);
        case act_relu: return std::fmax(x, 0);
        case act_tanh: return std::tanh(x);
        case act_clipped_relu: return std::fmin(std::fmax(x, 0), how.coefficient);
        case act_elu: return x > 0 ? x : how.coefficient * std::expm1(x);
        default: return x * sigmoid(how.swish_beta * x);
    }
}

/// dy/dx; from y where it can be, as a device does.
double slope(const Activation& how, double x, double y) {
    switch (how.mode) {
        case act_sigmoid: return y * (1 - y);
        case act_relu: return x > 0 ? 1 : 0;
        case act_tanh: return 1 - y * y;
        case act_clipped_relu: return x > 0 && x < how.coefficient ? 1 : 0;
        case act_elu: return x > 0 ? 1 : y + how.coefficient;
        default: {
            double beta = how.swish_beta;
            return beta * y + sigmoid(beta * x) * (1 - beta * y);
        }
    }
}

void require_alike(const Tensor& a, const Tensor& b) {
    require_type(a.type);
    require_parameter(a.same_dims(b) && a.type == b.type, "the extents or data types differ");
}

}  // namespace

CUDNN_FUNCTION cudnnCreateActivationDescriptor(void** result) {
    return create<Activation>("cudnnCreateActivationDescriptor", result);
}

CUDNN_FUNCTION cudnnDestroyActivationDescriptor(void* descriptor) {
    return destroy<Activation>("cudnnDestroyActivationDescriptor", descriptor);
}

CUDNN_FUNCTION cudnnSetActivationDescriptor(void* descriptor, int mode, int nan_option, double coefficient) {
    return entry("cudnnSetActivationDescriptor", [&] {
        Activation& result = object<Activation>(descriptor, "activationDesc");
        require_parameter(mode >= act_sigmoid && mode <= act_swish, "no such activation mode");
        require_parameter(nan_option == 0 || nan_option == 1, "no such NaN option");
        result.mode = mode;
        result.propagate_nan = nan_option == 1;
        result.coefficient = coefficient;
        result.set = true;
    });
}

CUDNN_FUNCTION cudnnSetActivationDescriptorSwishBeta(void* descriptor, double beta) {
    return entry("cudnnSetActivationDescriptorSwishBeta",
                 [&] { object<Activation>(descriptor, "activationDesc").swish_beta = beta; });
}

CUDNN_FUNCTION cudnnActivationForward(void* handle, void* descriptor, const void* alpha, void* x_descriptor,
                                      const void* x, const void* beta, void* y_descriptor, void* y) {
    return entry("cudnnActivationForward", [&] {
        Handle& context = object<Handle>(handle, "handle");
        Activation how = activation(descriptor);
        Tensor input = tensor(x_descriptor, "xDesc");
        Tensor output = tensor(y_descriptor, "yDesc");
        require_alike(input, output);
        Blend blend = read_blend(alpha, beta);
        require_memory("x", x, input);
        require_memory("y", y, output);
        if (x != y) require_apart("x and y overlap", x, input.bytes(), y, output.bytes());
        enqueue(context.stream, [=] {
            Values values = read_values(input, x);
            for (double& value : values) value = apply(how, value);
            write_values(output, y, values, blend);
        });
    });
}

CUDNN_FUNCTION cudnnActivationBackward(void* handle, void* descriptor, const void* alpha, void* y_descriptor,
                                       const void* y, void* dy_descriptor, const void* dy, void* x_descriptor,
                                       const void* x, const void* beta, void* dx_descriptor, void* dx) {
    return entry("cudnnActivationBackward", [&] {
        Handle& context = object<Handle>(handle, "handle");
        Activation how = activation(descriptor);
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
        if (dx != dy) require_apart("dx and dy overlap", dx, input_gradient.bytes(), dy, output_gradient.bytes());
        enqueue(context.stream, [=] {
            Values x_values = read_values(input, x);
            Values y_values = read_values(output, y);
            Values gradient = read_values(output_gradient, dy);
            for (size_t i = 0; i < gradient.size(); i++) gradient[i] *= slope(how, x_values[i], y_values[i]);
            write_values(input_gradient, dx, gradient, blend);
        });
    });
}
