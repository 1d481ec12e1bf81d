/// Softmax over all of an example (mode INSTANCE) or over its channels at each position (mode CHANNEL).

#include <algorithm>
#include <cmath>
#include <limits>

#include "cudnn_tensor.h"

using namespace emulator;
using namespace emulator::cudnn;

namespace {

enum SoftmaxAlgorithm : int { fast = 0, accurate = 1, log_softmax = 2 };

enum SoftmaxMode : int { mode_instance = 0, mode_channel = 1 };

/// `outer * inner` independent distributions over `classes` values that lie `inner` apart.
struct Distributions {
    long outer;
    long classes;
    long inner;

    Distributions(const Tensor& descriptor, int mode)
        : outer(descriptor.dims[0]), classes(descriptor.dims[1]), inner(1) {
        for (int axis = 2; axis < descriptor.rank; axis++) inner *= descriptor.dims[axis];
        if (mode == mode_instance) {
            classes *= inner;
            inner = 1;
        }
    }

    template <class Work>
    void each(Work work) const {
        for (long i = 0; i < outer; i++) {
            for (long j = 0; j < inner; j++) work(i * classes * inner + j);
        }
    }
};

void forward(const Distributions& of, int algorithm, Values& values) {
    of.each([&](long first) {
        auto at = [&](long k) -> double& { return values[first + k * of.inner]; };
        double largest = at(0);
        for (long k = 1; k < of.classes; k++) largest = std::max(largest, at(k));
        double shift = algorithm == fast ? 0 : largest;
        double sum = 0;
        for (long k = 0; k < of.classes; k++) {
            double power = std::exp(at(k) - shift);
            // FAST does not subtract the maximum: as in float, large values overflow to infinity over infinity.
            if (algorithm == fast && power > std::numeric_limits<float>::max()) power = INFINITY;
            sum += power;
            at(k) = algorithm == log_softmax ? at(k) - shift : power;
        }
        for (long k = 0; k < of.classes; k++) {
            if (algorithm == log_softmax) {
                at(k) -= std::log(sum);
            } else {
                at(k) /= sum;
            }
        }
    });
}

/// From y and dy to dx, stored in `gradient`.
void backward(const Distributions& of, int algorithm, const Values& y, Values& gradient) {
    of.each([&](long first) {
        double sum = 0;
        for (long k = 0; k < of.classes; k++) {
            long i = first + k * of.inner;
            sum += algorithm == log_softmax ? gradient[i] : gradient[i] * y[i];
        }
        for (long k = 0; k < of.classes; k++) {
            long i = first + k * of.inner;
            gradient[i] = algorithm == log_softmax ? gradient[i] - std::exp(y[i]) * sum : y[i] * (gradient[i] - sum);
        }
    });
}

void require_kind(int algorithm, int mode) {
    require_parameter(algorithm >= fast && algorithm <= log_softmax, "no such softmax algorithm");
    require_parameter(mode == mode_instance || mode == mode_channel, "no such softmax mode");
}

void require_alike(const Tensor& a, const Tensor& b) {
    require_support(a.rank == 4 || a.rank == 5, "only 4 or 5 axes are supported");
    require_type(a.type);
    require_parameter(a.same_dims(b) && a.type == b.type, "the extents or data types differ");
}

}  // namespace

CUDNN_FUNCTION cudnnSoftmaxForward(void* handle, int algorithm, int mode, const void* alpha, void* x_descriptor,
                                   const void* x, const void* beta, void* y_descriptor, void* y) {
    return entry("cudnnSoftmaxForward", [&] {
        Handle& context = object<Handle>(handle, "handle");
        require_kind(algorithm, mode);
        Tensor input = tensor(x_descriptor, "xDesc");
        Tensor output = tensor(y_descriptor, "yDesc");
        require_alike(input, output);
        Blend blend = read_blend(alpha, beta);
        require_memory("x", x, input);
        require_memory("y", y, output);
        if (x != y) require_apart("x and y overlap", x, input.bytes(), y, output.bytes());
        enqueue(context.stream, [=] {
            Values values = read_values(input, x);
            forward(Distributions(input, mode), algorithm, values);
            write_values(output, y, values, blend);
        });
    });
}

CUDNN_FUNCTION cudnnSoftmaxBackward(void* handle, int algorithm, int mode, const void* alpha, void* y_descriptor,
                                    const void* y, void* dy_descriptor, const void* dy, const void* beta,
                                    void* dx_descriptor, void* dx) {
    return entry("cudnnSoftmaxBackward", [&] {
        Handle& context = object<Handle>(handle, "handle");
        require_kind(algorithm, mode);
        Tensor output = tensor(y_descriptor, "yDesc");
        Tensor output_gradient = tensor(dy_descriptor, "dyDesc");
        Tensor input_gradient = tensor(dx_descriptor, "dxDesc");
        require_alike(output, output_gradient);
        require_alike(output, input_gradient);
        Blend blend = read_blend(alpha, beta);
        require_memory("y", y, output);
        require_memory("dy", dy, output_gradient);
        require_memory("dx", dx, input_gradient);
        require_apart("dx shares memory with y", dx, input_gradient.bytes(), y, output.bytes());
        if (dx != dy) require_apart("dx and dy overlap", dx, input_gradient.bytes(), dy, output_gradient.bytes());
        enqueue(context.stream, [=] {
            Values gradient = read_values(output_gradient, dy);
            backward(Distributions(output, mode), algorithm, read_values(output, y), gradient);
            write_values(input_gradient, dx, gradient, blend);
        });
    });
}
