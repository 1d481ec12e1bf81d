/// The convolution calls: forward, the gradients of data, filter and bias.

#include "cudnn_convolution.h"

using namespace emulator;
using namespace emulator::cudnn;

CUDNN_FUNCTION cudnnConvolutionForward(void* handle, const void* alpha, void* x_descriptor, const void* x,
                                       void* w_descriptor, const void* w, void* how, int algorithm, void* workspace,
                                       size_t workspace_size, const void* beta, void* y_descriptor, void* y) {
    return entry("cudnnConvolutionForward", [&] {
        Handle& context = object<Handle>(handle, "handle");
        Tensor input = tensor(x_descriptor, "xDesc");
        Filter weight = filter(w_descriptor, "wDesc");
        Tensor output = tensor(y_descriptor, "yDesc");
        Geometry of = geometry(convolution(how), input, weight, output);
        Blend blend = read_blend(alpha, beta);
        require_algorithm(Pass::forward, algorithm, of, workspace, workspace_size);
        require_memory("x", x, input);
        require_memory("w", w, weight);
        require_memory("y", y, output);
        require_apart("y shares memory with x", y, output.bytes(), x, input.bytes());
        require_apart("y shares memory with w", y, output.bytes(), w, weight.bytes());
        require_apart("y shares memory with the workspace", y, output.bytes(), workspace, workspace_size);
        enqueue(context.stream, [=] {
            spoil(workspace, workspace_size);
            Values x_values = read_values(input, x, of.tf32());
            Values w_values = read_values(weight.type, w, weight.count(), of.tf32());
            write_values(output, y, convolve(of, x_values, w_values), blend);
        });
    });
}

CUDNN_FUNCTION cudnnConvolutionBackwardData(void* handle, const void* alpha, void* w_descriptor, const void* w,
                                            void* dy_descriptor, const void* dy, void* how, int algorithm,
                                            void* workspace, size_t workspace_size, const void* beta,
                                            void* dx_descriptor, void* dx) {
    return entry("cudnnConvolutionBackwardData", [&] {
        Handle& context = object<Handle>(handle, "handle");
        Filter weight = filter(w_descriptor, "wDesc");
        Tensor output = tensor(dy_descriptor, "dyDesc");
        Tensor input = tensor(dx_descriptor, "dxDesc");
        Geometry of = geometry(convolution(how), input, weight, output);
        Blend blend = read_blend(alpha, beta);
        require_algorithm(Pass::backward_data, algorithm, of, workspace, workspace_size);
        require_memory("w", w, weight);
        require_memory("dy", dy, output);
        require_memory("dx", dx, input);
        require_apart("dx shares memory with dy", dx, input.bytes(), dy, output.bytes());
        require_apart("dx shares memory with w", dx, input.bytes(), w, weight.bytes());
        require_apart("dx shares memory with the workspace", dx, input.bytes(), workspace, workspace_size);
        enqueue(context.stream, [=] {
            spoil(workspace, workspace_size);
            Values w_values = read_values(weight.type, w, weight.count(), of.tf32());
            Values dy_values = read_values(output, dy, of.tf32());
            write_values(input, dx, convolve_backward_data(of, w_values, dy_values), blend);
        });
    });
}

CUDNN_FUNCTION cudnnConvolutionBackwardFilter(void* handle, const void* alpha, void* x_descriptor, const void* x,
                                              void* dy_descriptor, const void* dy, void* how, int algorithm,
                                              void* workspace, size_t workspace_size, const void* beta,
                                              void* dw_descriptor, void* dw) {
    return entry("cudnnConvolutionBackwardFilter", [&] {
        Handle& context = object<Handle>(handle, "handle");
        Tensor input = tensor(x_descriptor, "xDesc");
        Tensor output = tensor(dy_descriptor, "dyDesc");
        Filter weight = filter(dw_descriptor, "dwDesc");
        Geometry of = geometry(convolution(how), input, weight, output);
        Blend blend = read_blend(alpha, beta);
        require_algorithm(Pass::backward_filter, algorithm, of, workspace, workspace_size);
        require_memory("x", x, input);
        require_memory("dy", dy, output);
        require_memory("dw", dw, weight);
        require_apart("dw shares memory with x", dw, weight.bytes(), x, input.bytes());
        require_apart("dw shares memory with dy", dw, weight.bytes(), dy, output.bytes());
        require_apart("dw shares memory with the workspace", dw, weight.bytes(), workspace, workspace_size);
        enqueue(context.stream, [=] {
            spoil(workspace, workspace_size);
            Values x_values = read_values(input, x, of.tf32());
            Values dy_values = read_values(output, dy, of.tf32());
            write_values(weight.type, dw, convolve_backward_filter(of, x_values, dy_values), blend);
        });
    });
}

CUDNN_FUNCTION cudnnConvolutionBackwardBias(void* handle, const void* alpha, void* dy_descriptor, const void* dy,
                                            const void* beta, void* db_descriptor, void* db) {
    return entry("cudnnConvolutionBackwardBias", [&] {
        Handle& context = object<Handle>(handle, "handle");
        Tensor output = tensor(dy_descriptor, "dyDesc");
        Tensor bias = tensor(db_descriptor, "dbDesc");
        Blend blend = read_blend(alpha, beta);
        require_support(output.rank == 4, "only convolutions over two axes are emulated");
        require_type(output.type);
        require_parameter(output.type == bias.type, "the data types differ");
        require_parameter(bias.has_dims({1, output.dims[1], 1, 1}), "dbDesc is not [1, C, 1, 1]");
        require_memory("dy", dy, output);
        require_memory("db", db, bias);
        require_apart("db shares memory with dy", db, bias.bytes(), dy, output.bytes());
        enqueue(context.stream, [=] {
            Values gradient = read_values(output, dy);
            Values sums(output.dims[1]);
            long plane = static_cast<long>(output.dims[2]) * output.dims[3];
            for (size_t i = 0; i < gradient.size(); i++) sums[i / plane % sums.size()] += gradient[i];
            write_values(bias, db, sums, blend);
        });
    });
}
