/// Batch normalization: inference, training, backward.
///
/// y = scale * (x - mean) / sqrt(variance + epsilon) + bias; in training mean and variance are the batch's own,
/// the running variance takes the unbiased estimate, the saved inverse deviation the biased one.

#include <cmath>

#include "cudnn_tensor.h"

using namespace emulator;
using namespace emulator::cudnn;

namespace {

enum Mode : int { per_activation = 0, spatial = 1, spatial_persistent = 2 };

/// How the values of [N, C, spatial] fall into groups with one mean each: per channel, or per position.
struct Groups {
    long images;
    long features;  // groups: C, or C * spatial
    long inner;     // neighbours in memory of one group

    Groups(const Tensor& x, int mode) : images(x.dims[0]), features(x.dims[1]), inner(1) {
        for (int axis = 2; axis < x.rank; axis++) inner *= x.dims[axis];
        if (mode == per_activation) {
            features *= inner;
            inner = 1;
        }
    }

    long size() const { return images * inner; }

    /// Calls visit(index) for all values of one group.
    template <class Visit>
    void each(long feature, Visit visit) const {
        for (long image = 0; image < images; image++) {
            long first = (image * features + feature) * inner;
            for (long i = 0; i < inner; i++) visit(first + i);
        }
    }
};

struct Moments {
    double mean;
    double variance;  // biased
};

Moments moments(const Groups& groups, long feature, const Values& x) {
    double sum = 0;
    groups.each(feature, [&](long i) { sum += x[i]; });
    double mean = sum / groups.size();
    double squares = 0;
    groups.each(feature, [&](long i) { squares += (x[i] - mean) * (x[i] - mean); });
    return {mean, squares / groups.size()};
}

Tensor parameters_of(const Tensor& x, int mode) {
    require_parameter(mode >= per_activation && mode <= spatial_persistent, "no such batch normalization mode");
    require_support(x.rank == 4 || x.rank == 5, "only 4 or 5 axes are supported");
    Tensor result = x;
    result.type = type_float;
    result.dims[0] = 1;
    int stride = 1;
    for (int axis = x.rank - 1; axis >= 0; axis--) {
        if (axis >= 2 && mode != per_activation) result.dims[axis] = 1;
        result.strides[axis] = stride;
        stride *= result.dims[axis];
    }
    return result;
}

/// The descriptors of one call, checked.
struct Shapes {
    Tensor x;
    Tensor parameters;

    Shapes(int mode, void* x_descriptor, void* parameter_descriptor, double epsilon)
        : x(tensor(x_descriptor, "xDesc")), parameters(tensor(parameter_descriptor, "bnScaleBiasDesc")) {
        require_parameter(epsilon >= 0, "epsilon is negative");
        require_type(x.type);
        require_parameter(parameters.type == type_float, "scale and bias are not float");
        require_parameter(parameters.same_dims(parameters_of(x, mode)),
                          "the extents of scale and bias are not those of cudnnDeriveBNTensorDescriptor");
        require_support(parameters.packed(), "only packed scale and bias are emulated");
    }

    void require_like_x(const Tensor& other) const {
        require_parameter(other.same_dims(x) && other.type == x.type, "the extents or data types differ");
    }

    void require_parameter_memory(const char* name, const void* address) const {
        require_memory(name, address, parameters);
    }
};

Values read_parameters(const Tensor& descriptor, const void* data) { return read_values(descriptor, data); }

void write_parameters(const Tensor& descriptor, void* data, const Values& values) {
    if (data != nullptr) write_values(descriptor, data, values, {1, 0});
}

}  // namespace

CUDNN_FUNCTION cudnnDeriveBNTensorDescriptor(void* derived, void* x_descriptor, int mode) {
    return entry("cudnnDeriveBNTensorDescriptor", [&] {
        Tensor& result = object<Tensor>(derived, "derivedBnDesc");
        result = parameters_of(tensor(x_descriptor, "xDesc"), mode);
    });
}

CUDNN_FUNCTION cudnnBatchNormalizationForwardInference(void* handle, int mode, const void* alpha, const void* beta,
                                                       void* x_descriptor, const void* x, void* y_descriptor, void* y,
                                                       void* parameter_descriptor, const void* scale, const void* bias,
                                                       const void* mean, const void* variance, double epsilon) {
    return entry("cudnnBatchNormalizationForwardInference", [&] {
        Handle& context = object<Handle>(handle, "handle");
        Shapes shapes(mode, x_descriptor, parameter_descriptor, epsilon);
        Tensor output = tensor(y_descriptor, "yDesc");
        shapes.require_like_x(output);
        Blend blend = read_blend(alpha, beta);
        require_memory("x", x, shapes.x);
        require_memory("y", y, output);
        if (x != y) require_apart("x and y overlap", x, shapes.x.bytes(), y, output.bytes());
        shapes.require_parameter_memory("bnScale", scale);
        shapes.require_parameter_memory("bnBias", bias);
        shapes.require_parameter_memory("estimatedMean", mean);
        shapes.require_parameter_memory("estimatedVariance", variance);
        enqueue(context.stream, [=] {
            Groups groups(shapes.x, mode);
            Values values = read_values(shapes.x, x);
            Values scales = read_parameters(shapes.parameters, scale);
            Values biases = read_parameters(shapes.parameters, bias);
            Values means = read_parameters(shapes.parameters, mean);
            Values variances = read_parameters(shapes.parameters, variance);
            for (long f = 0; f < groups.features; f++) {
                double factor = scales[f] / std::sqrt(variances[f] + epsilon);
                groups.each(f, [&](long i) { values[i] = factor * (values[i] - means[f]) + biases[f]; });
            }
            write_values(output, y, values, blend);
        });
    });
}

CUDNN_FUNCTION cudnnBatchNormalizationForwardTraining(void* handle, int mode, const void* alpha, const void* beta,
                                                      void* x_descriptor, const void* x, void* y_descriptor, void* y,
                                                      void* parameter_descriptor, const void* scale, const void* bias,
                                                      double average_factor, void* running_mean,
                                                      void* running_variance, double epsilon, void* saved_mean,
                                                      void* saved_inverse) {
    return entry("cudnnBatchNormalizationForwardTraining", [&] {
        Handle& context = object<Handle>(handle, "handle");
        Shapes shapes(mode, x_descriptor, parameter_descriptor, epsilon);
        Tensor output = tensor(y_descriptor, "yDesc");
        shapes.require_like_x(output);
        Blend blend = read_blend(alpha, beta);
        require_memory("x", x, shapes.x);
        require_memory("y", y, output);
        require_apart("y shares memory with x", x, shapes.x.bytes(), y, output.bytes());
        shapes.require_parameter_memory("bnScale", scale);
        shapes.require_parameter_memory("bnBias", bias);
        require_parameter((running_mean == nullptr) == (running_variance == nullptr),
                          "running mean and variance must be both given or both null");
        require_parameter((saved_mean == nullptr) == (saved_inverse == nullptr),
                          "saved mean and inverse variance must be both given or both null");
        bool running = running_mean != nullptr;
        if (running) {
            require_parameter(average_factor >= 0 && average_factor <= 1, "exponentialAverageFactor is not in [0, 1]");
            shapes.require_parameter_memory("resultRunningMean", running_mean);
            shapes.require_parameter_memory("resultRunningVariance", running_variance);
        }
        if (saved_mean != nullptr) {
            shapes.require_parameter_memory("resultSaveMean", saved_mean);
            shapes.require_parameter_memory("resultSaveInvVariance", saved_inverse);
        }
        enqueue(context.stream, [=] {
            Groups groups(shapes.x, mode);
            Values values = read_values(shapes.x, x);
            Values scales = read_parameters(shapes.parameters, scale);
            Values biases = read_parameters(shapes.parameters, bias);
            Values means(groups.features);
            Values inverses(groups.features);
            Values running_means = running ? read_parameters(shapes.parameters, running_mean) : Values(groups.features);
            Values running_variances =
                running ? read_parameters(shapes.parameters, running_variance) : Values(groups.features);
            double m = static_cast<double>(groups.size());
            for (long f = 0; f < groups.features; f++) {
                Moments batch = moments(groups, f, values);
                means[f] = batch.mean;
                inverses[f] = 1 / std::sqrt(batch.variance + epsilon);
                double unbiased = m > 1 ? batch.variance * m / (m - 1) : batch.variance;
                // Taken literally: with a factor of 1 a running value that never was set stays NaN.
                running_means[f] = running_means[f] * (1 - average_factor) + batch.mean * average_factor;
                running_variances[f] = running_variances[f] * (1 - average_factor) + unbiased * average_factor;
                groups.each(f, [&](long i) {
                    values[i] = scales[f] * (values[i] - batch.mean) * inverses[f] + biases[f];
                });
            }
            write_values(output, y, values, blend);
            write_parameters(shapes.parameters, running_mean, running_means);
            write_parameters(shapes.parameters, running_variance, running_variances);
            write_parameters(shapes.parameters, saved_mean, means);
            write_parameters(shapes.parameters, saved_inverse, inverses);
        });
    });
}

CUDNN_FUNCTION cudnnBatchNormalizationBackward(void* handle, int mode, const void* alpha_data, const void* beta_data,
                                               const void* alpha_parameters, const void* beta_parameters,
                                               void* x_descriptor, const void* x, void* dy_descriptor, const void* dy,
                                               void* dx_descriptor, void* dx, void* parameter_descriptor,
                                               const void* scale, void* scale_gradient, void* bias_gradient,
                                               double epsilon, const void* saved_mean, const void* saved_inverse) {
    return entry("cudnnBatchNormalizationBackward", [&] {
        Handle& context = object<Handle>(handle, "handle");
        Shapes shapes(mode, x_descriptor, parameter_descriptor, epsilon);
        Tensor output_gradient = tensor(dy_descriptor, "dyDesc");
        Tensor input_gradient = tensor(dx_descriptor, "dxDesc");
        shapes.require_like_x(output_gradient);
        shapes.require_like_x(input_gradient);
        Blend data_blend = read_blend(alpha_data, beta_data);
        Blend parameter_blend = read_blend(alpha_parameters, beta_parameters);
        require_memory("x", x, shapes.x);
        require_memory("dy", dy, output_gradient);
        require_memory("dx", dx, input_gradient);
        require_apart("dx shares memory with x", dx, input_gradient.bytes(), x, shapes.x.bytes());
        if (dx != dy) require_apart("dx and dy overlap", dx, input_gradient.bytes(), dy, output_gradient.bytes());
        shapes.require_parameter_memory("bnScale", scale);
        shapes.require_parameter_memory("dBnScaleResult", scale_gradient);
        shapes.require_parameter_memory("dBnBiasResult", bias_gradient);
        require_parameter((saved_mean == nullptr) == (saved_inverse == nullptr),
                          "saved mean and inverse variance must be both given or both null");
        if (saved_mean != nullptr) {
            shapes.require_parameter_memory("savedMean", saved_mean);
            shapes.require_parameter_memory("savedInvVariance", saved_inverse);
        }
        enqueue(context.stream, [=] {
            Groups groups(shapes.x, mode);
            Values values = read_values(shapes.x, x);
            Values gradient = read_values(output_gradient, dy);
            Values scales = read_parameters(shapes.parameters, scale);
            bool saved = saved_mean != nullptr;
            Values means = saved ? read_parameters(shapes.parameters, saved_mean) : Values(groups.features);
            Values inverses = saved ? read_parameters(shapes.parameters, saved_inverse) : Values(groups.features);
            Values scale_gradients(groups.features);
            Values bias_gradients(groups.features);
            double m = static_cast<double>(groups.size());
            for (long f = 0; f < groups.features; f++) {
                if (!saved) {
                    Moments batch = moments(groups, f, values);
                    means[f] = batch.mean;
                    inverses[f] = 1 / std::sqrt(batch.variance + epsilon);
                }
                double sum = 0;
                double product = 0;
                groups.each(f, [&](long i) {
                    sum += gradient[i];
                    product += gradient[i] * (values[i] - means[f]) * inverses[f];
                });
                bias_gradients[f] = sum;
                scale_gradients[f] = product;
                groups.each(f, [&](long i) {
                    double normalized = (values[i] - means[f]) * inverses[f];
                    gradient[i] = scales[f] * inverses[f] * (gradient[i] - sum / m - normalized * product / m);
                });
            }
            write_values(input_gradient, dx, gradient, data_blend);
            write_values(shapes.parameters, scale_gradient, scale_gradients, parameter_blend);
            write_values(shapes.parameters, bias_gradient, bias_gradients, parameter_blend);
        });
    });
}
