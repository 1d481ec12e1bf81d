/// The RNN calls: forward, gradients of data, gradients of weights. Checks here, arithmetic in the other files.

#include "cudnn_rnn.h"

using namespace emulator;
using namespace emulator::cudnn;

namespace {

void require_states(const Recurrence& of, const Sequences& x, void* descriptor, const char* name,
                    std::initializer_list<const void*> memories) {
    const Tensor& shape = tensor(descriptor, name);
    require_parameter(shape.has_dims({of.pseudo_layers(), x.batch, of.hidden}) && shape.packed() &&
                          shape.type == type_float,
                      "a state's descriptor is not packed float [layers * directions, batch, hidden]");
    for (const void* memory : memories) {
        if (memory != nullptr) require_memory(name, memory, shape);
    }
}

/// What all three calls check.
RnnCall checked(void* descriptor, void* x_descriptor, void* y_descriptor, size_t weights, const void* device_lengths) {
    RnnCall call;
    call.of = recurrence(descriptor);
    call.x_sequences = sequences(x_descriptor, "xDesc");
    call.y_sequences = sequences(y_descriptor, "yDesc");
    const Sequences& x = call.x_sequences;
    const Sequences& y = call.y_sequences;
    require_parameter(x.vector == call.of.input, "the input's vectors are not of the RNN's input size");
    require_parameter(y.vector == call.of.outputs(), "the output's vectors are not of the RNN's output size");
    require_parameter(x.same_sequences(y), "xDesc and yDesc differ in layout, sizes or lengths");
    require_parameter(x.packed() || call.of.padded(), "an unpacked layout needs CUDNN_RNN_PADDED_IO_ENABLED");
    size_t needed = static_cast<size_t>(call.of.weight_count()) * sizeof(float);
    require_parameter(weights >= needed, "weightSpaceSize is too small");
    if (device_lengths != nullptr) require_memory("devSeqLengths", device_lengths, x.lengths.size() * sizeof(int));
    call.device_lengths = device_lengths;
    return call;
}

void require_reserve(RnnCall& call, void* reserve, size_t given) {
    size_t needed = Reserve(call.of, call.x_sequences, nullptr).bytes();
    require_parameter(given >= needed, "the reserve is too small");
    require_memory("reserveSpace", reserve, given);
    call.reserve = reserve;
}

void require_work(RnnCall& call, void* workspace, size_t given) {
    require_workspace(workspace, given, rnn_workspace_bytes(call.of, call.x_sequences));
    call.workspace = workspace;
    call.workspace_size = given;
}

}  // namespace

CUDNN_FUNCTION cudnnRNNForward(void* handle, void* descriptor, int forward_mode, const void* device_lengths,
                               void* x_descriptor, const void* x, void* y_descriptor, void* y, void* h_descriptor,
                               const void* hx, void* hy, void* c_descriptor, const void* cx, void* cy,
                               size_t weight_bytes, const void* weights, size_t workspace_size, void* workspace,
                               size_t reserve_size, void* reserve) {
    return entry("cudnnRNNForward", [&] {
        Handle& context = object<Handle>(handle, "handle");
        require_parameter(forward_mode == 0 || forward_mode == 1, "no such forward mode");
        RnnCall call = checked(descriptor, x_descriptor, y_descriptor, weight_bytes, device_lengths);
        const Recurrence& of = call.of;
        call.training = forward_mode == 1;
        require_support(!call.training || of.dropout == 0 || of.layers == 1,
                        "dropout between layers is not emulated");
        require_memory("x", x, call.x_sequences.bytes());
        require_memory("y", y, call.y_sequences.bytes());
        require_memory("weightSpace", weights, weight_bytes);
        require_states(of, call.x_sequences, h_descriptor, "hDesc", {hx, hy});
        if (of.cell == cell_lstm) require_states(of, call.x_sequences, c_descriptor, "cDesc", {cx, cy});
        require_work(call, workspace, workspace_size);
        if (call.training) require_reserve(call, reserve, reserve_size);
        require_apart("y shares memory with x", y, call.y_sequences.bytes(), x, call.x_sequences.bytes());
        call.x = x;
        call.hx = hx;
        call.cx = cx;
        call.weights = weights;
        enqueue(context.stream, [=] { run_forward(call, y, hy, cy); });
    });
}

CUDNN_FUNCTION cudnnRNNBackwardData_v8(void* handle, void* descriptor, const void* device_lengths, void* y_descriptor,
                                       const void* y, const void* dy, void* x_descriptor, void* dx, void* h_descriptor,
                                       const void* hx, const void* dhy, void* dhx, void* c_descriptor, const void* cx,
                                       const void* dcy, void* dcx, size_t weight_bytes, const void* weights,
                                       size_t workspace_size, void* workspace, size_t reserve_size, void* reserve) {
    return entry("cudnnRNNBackwardData_v8", [&] {
        Handle& context = object<Handle>(handle, "handle");
        RnnCall call = checked(descriptor, x_descriptor, y_descriptor, weight_bytes, device_lengths);
        const Recurrence& of = call.of;
        require_memory("y", y, call.y_sequences.bytes());
        require_memory("dy", dy, call.y_sequences.bytes());
        require_memory("dx", dx, call.x_sequences.bytes());
        require_memory("weightSpace", weights, weight_bytes);
        require_states(of, call.x_sequences, h_descriptor, "hDesc", {hx, dhy, dhx});
        if (of.cell == cell_lstm) require_states(of, call.x_sequences, c_descriptor, "cDesc", {cx, dcy, dcx});
        require_work(call, workspace, workspace_size);
        require_reserve(call, reserve, reserve_size);
        require_apart("dx shares memory with dy", dx, call.x_sequences.bytes(), dy, call.y_sequences.bytes());
        require_apart("dx shares memory with y", dx, call.x_sequences.bytes(), y, call.y_sequences.bytes());
        call.y = y;
        call.hx = hx;
        call.cx = cx;
        call.weights = weights;
        enqueue(context.stream, [=] { run_backward_data(call, {dy, dx, dhy, dhx, dcy, dcx}); });
    });
}

CUDNN_FUNCTION cudnnRNNBackwardWeights_v8(void* handle, void* descriptor, int add_gradient, const void* device_lengths,
                                          void* x_descriptor, const void* x, void* h_descriptor, const void* hx,
                                          void* y_descriptor, const void* y, size_t weight_bytes, void* weight_gradient,
                                          size_t workspace_size, void* workspace, size_t reserve_size, void* reserve) {
    return entry("cudnnRNNBackwardWeights_v8", [&] {
        Handle& context = object<Handle>(handle, "handle");
        require_parameter(add_gradient == 0 || add_gradient == 1, "no such weight gradient mode");
        require_support(add_gradient == 0, "only CUDNN_WGRAD_MODE_ADD is supported");
        RnnCall call = checked(descriptor, x_descriptor, y_descriptor, weight_bytes, device_lengths);
        require_memory("x", x, call.x_sequences.bytes());
        require_memory("y", y, call.y_sequences.bytes());
        require_memory("dweightSpace", weight_gradient, weight_bytes);
        require_states(call.of, call.x_sequences, h_descriptor, "hDesc", {hx});
        require_work(call, workspace, workspace_size);
        require_reserve(call, reserve, reserve_size);
        call.x = x;
        call.y = y;
        call.hx = hx;
        enqueue(context.stream, [=] { run_backward_weights(call, weight_gradient); });
    });
}
