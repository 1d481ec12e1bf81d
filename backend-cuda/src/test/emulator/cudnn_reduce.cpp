/// Reductions of a tensor along the axes where the result's extent is 1.

#include <algorithm>
#include <cmath>
#include <limits>

#include "cudnn_tensor.h"

using namespace emulator;
using namespace emulator::cudnn;

namespace {

enum ReduceOperation : int {
    reduce_add = 0, reduce_multiply = 1, reduce_min = 2, reduce_max = 3, reduce_largest_magnitude = 4,
    reduce_average = 5, reduce_norm1 = 6, reduce_norm2 = 7, reduce_multiply_no_zeros = 8,
};

struct Reduction : Object {
    bool set = false;
    int operation = reduce_add;
    bool propagate_nan = false;
};

const Reduction& reduction(const void* argument) {
    const Reduction& found = object<Reduction>(argument, "reduceTensorDesc");
    require_parameter(found.set, "reduceTensorDesc was created but not set");
    return found;
}

void require_matching(const Tensor& a, const Tensor& c) {
    require_type(a.type);
    require_parameter(a.type == c.type, "the data types differ");
    require_parameter(a.rank == c.rank, "the ranks differ");
    for (int axis = 0; axis < a.rank; axis++) {
        require_parameter(c.dims[axis] == a.dims[axis] || c.dims[axis] == 1,
                          "an extent of the result is neither the operand's nor 1");
    }
}

size_t workspace_bytes(const Tensor& a, const Tensor& c) {
    return a.count() == c.count() ? 0 : static_cast<size_t>(c.count()) * 8 + 256;
}

double start(int operation) {
    switch (operation) {
        case reduce_multiply:
        case reduce_multiply_no_zeros: return 1;
        case reduce_min: return std::numeric_limits<double>::infinity();
        case reduce_max: return -std::numeric_limits<double>::infinity();
        default: return 0;
    }
}

double combine(const Reduction& how, double so_far, double value) {
    bool extreme = how.operation >= reduce_min && how.operation <= reduce_largest_magnitude;
    if (extreme && (std::isnan(value) || std::isnan(so_far))) return how.propagate_nan ? NAN : so_far;
    switch (how.operation) {
        case reduce_multiply: return so_far * value;
        case reduce_multiply_no_zeros: return value == 0 ? so_far : so_far * value;
        case reduce_min: return std::min(so_far, value);
        case reduce_max: return std::max(so_far, value);
        case reduce_largest_magnitude: return std::max(so_far, std::abs(value));
        case reduce_norm1: return so_far + std::abs(value);
        case reduce_norm2: return so_far + value * value;
        default: return so_far + value;
    }
}

Values reduce(const Reduction& how, const Tensor& a, const Tensor& c, const Values& values) {
    Values result(c.count(), start(how.operation));
    for (long i = 0; i < static_cast<long>(values.size()); i++) {
        long rest = i;
        long target = 0;
        long stride = 1;
        for (int axis = a.rank - 1; axis >= 0; axis--) {
            if (c.dims[axis] != 1) target += rest % a.dims[axis] * stride;
            rest /= a.dims[axis];
            stride *= c.dims[axis];
        }
        result[target] = combine(how, result[target], values[i]);
    }
    double count = static_cast<double>(values.size()) / static_cast<double>(result.size());
    for (double& value : result) {
        if (how.operation == reduce_average) value /= count;
        if (how.operation == reduce_norm2) value = std::sqrt(value);
    }
    return result;
}

}  // namespace

CUDNN_FUNCTION cudnnCreateReduceTensorDescriptor(void** result) {
    return create<Reduction>("cudnnCreateReduceTensorDescriptor", result);
}

CUDNN_FUNCTION cudnnDestroyReduceTensorDescriptor(void* descriptor) {
    return destroy<Reduction>("cudnnDestroyReduceTensorDescriptor", descriptor);
}

CUDNN_FUNCTION cudnnSetReduceTensorDescriptor(void* descriptor, int operation, int compute_type, int nan_option,
                                              int indices, int indices_type) {
    return entry("cudnnSetReduceTensorDescriptor", [&] {
        Reduction& result = object<Reduction>(descriptor, "reduceTensorDesc");
        require_parameter(operation >= reduce_add && operation <= reduce_multiply_no_zeros, "no such operation");
        require_parameter(nan_option == 0 || nan_option == 1, "no such NaN option");
        require_parameter(indices == 0 || indices == 1, "no such indices option");
        require_parameter(indices_type >= 0 && indices_type <= 3, "no such indices type");
        require_support(compute_type == type_float, "only the compute type float is emulated");
        require_support(indices == 0, "indices are not emulated");
        result.operation = operation;
        result.propagate_nan = nan_option == 1;
        result.set = true;
    });
}

CUDNN_FUNCTION cudnnGetReductionWorkspaceSize(void* handle, void* descriptor, void* a_descriptor, void* c_descriptor,
                                              size_t* size) {
    return entry("cudnnGetReductionWorkspaceSize", [&] {
        object<Handle>(handle, "handle");
        reduction(descriptor);
        require_parameter(size != nullptr, "sizeInBytes is null");
        const Tensor& a = tensor(a_descriptor, "aDesc");
        const Tensor& c = tensor(c_descriptor, "cDesc");
        require_matching(a, c);
        *size = workspace_bytes(a, c);
    });
}

CUDNN_FUNCTION cudnnGetReductionIndicesSize(void* handle, void* descriptor, void* a_descriptor, void* c_descriptor,
                                            size_t* size) {
    return entry("cudnnGetReductionIndicesSize", [&] {
        object<Handle>(handle, "handle");
        reduction(descriptor);
        require_parameter(size != nullptr, "sizeInBytes is null");
        require_matching(tensor(a_descriptor, "aDesc"), tensor(c_descriptor, "cDesc"));
        *size = 0;
    });
}

CUDNN_FUNCTION cudnnReduceTensor(void* handle, void* descriptor, void* /*indices*/, size_t /*indices_size*/,
                                 void* workspace, size_t workspace_size, const void* alpha, void* a_descriptor,
                                 const void* a, const void* beta, void* c_descriptor, void* c) {
    return entry("cudnnReduceTensor", [&] {
        Handle& context = object<Handle>(handle, "handle");
        Reduction how = reduction(descriptor);
        Tensor operand = tensor(a_descriptor, "aDesc");
        Tensor result = tensor(c_descriptor, "cDesc");
        require_matching(operand, result);
        Blend blend = read_blend(alpha, beta);
        require_workspace(workspace, workspace_size, workspace_bytes(operand, result));
        require_memory("A", a, operand);
        require_memory("C", c, result);
        require_apart("C shares memory with A", c, result.bytes(), a, operand.bytes());
        enqueue(context.stream, [=] {
            spoil(workspace, workspace_size);
            write_values(result, c, reduce(how, operand, result, read_values(operand, a)), blend);
        });
    });
}
