/// RNN and sequence descriptors, the sizes they imply, and where the weights lie.

#include <algorithm>

#include "cudnn_dropout.h"
#include "cudnn_rnn.h"

namespace emulator::cudnn {

bool Recurrence::has_bias(int linear) const {
    switch (bias) {
        case no_bias: return false;
        case single_input_bias: return linear < gates();
        case single_recurrent_bias: return linear >= gates();
        default: return true;
    }
}

long Recurrence::bias_offset(int pseudo_layer, int linear) const {
    int sides = bias == no_bias ? 0 : bias == double_bias ? 2 : 1;
    int place = bias == single_recurrent_bias ? linear - gates() : linear;
    return (static_cast<long>(pseudo_layer) * sides * gates() + place) * hidden;
}

long Recurrence::matrix_offset(int pseudo_layer, int linear) const {
    long offset = bias_offset(pseudo_layers(), bias == single_recurrent_bias ? gates() : 0);
    for (int layer = 0; layer < pseudo_layer; layer++) {
        offset += static_cast<long>(gate_values()) * (inputs(layer) + hidden);
    }
    for (int before = 0; before < linear; before++) offset += static_cast<long>(hidden) * columns(pseudo_layer, before);
    return offset;
}

long Sequences::rows() const {
    if (!packed()) return static_cast<long>(steps) * batch;
    long sum = 0;
    for (int length : lengths) sum += length;
    return sum;
}

long Sequences::row(int t, int b) const {
    if (layout == batch_major_unpacked) return static_cast<long>(b) * steps + t;
    if (layout == sequence_major_unpacked) return static_cast<long>(t) * batch + b;
    long before = 0;
    for (int length : lengths) before += std::min(length, t);
    return before + b;
}

bool Sequences::same_sequences(const Sequences& other) const {
    return layout == other.layout && steps == other.steps && batch == other.batch && lengths == other.lengths;
}

const Recurrence& recurrence(const void* argument) {
    const Recurrence& found = object<Recurrence>(argument, "rnnDesc");
    require_parameter(found.set, "rnnDesc was created but not set");
    return found;
}

const Sequences& sequences(const void* argument, const char* name) {
    const Sequences& found = object<Sequences>(argument, name);
    if (!found.set) throw Failure{bad_parameter, std::string(name) + " was created but not set"};
    return found;
}

size_t rnn_workspace_bytes(const Recurrence& of, const Sequences& x) {
    size_t values = static_cast<size_t>(x.steps) * x.batch * (of.gate_values() + of.hidden);
    return values * sizeof(float) + 512;
}

}  // namespace emulator::cudnn

using namespace emulator::cudnn;

CUDNN_FUNCTION cudnnCreateRNNDescriptor(void** result) {
    return create<Recurrence>("cudnnCreateRNNDescriptor", result);
}

CUDNN_FUNCTION cudnnDestroyRNNDescriptor(void* descriptor) {
    return destroy<Recurrence>("cudnnDestroyRNNDescriptor", descriptor);
}

CUDNN_FUNCTION cudnnSetRNNDescriptor_v8(void* descriptor, int algorithm, int cell, int bias, int direction,
                                        int input_mode, int type, int precision, int math, int input, int hidden,
                                        int projection, int layers, void* dropout, unsigned flags) {
    return entry("cudnnSetRNNDescriptor_v8", [&] {
        Recurrence& result = object<Recurrence>(descriptor, "rnnDesc");
        require_parameter(algorithm >= 0 && algorithm <= 3, "no such RNN algorithm");
        require_parameter(cell >= cell_relu && cell <= cell_gru, "no such cell mode");
        require_parameter(bias >= no_bias && bias <= single_recurrent_bias, "no such bias mode");
        require_parameter(direction == 0 || direction == 1, "no such direction mode");
        require_parameter(input_mode == 0 || input_mode == 1, "no such input mode");
        require_parameter(math >= default_math && math <= fma_math, "no such math type");
        require_parameter(input > 0 && hidden > 0 && layers > 0, "a size is zero or negative");
        require_parameter(projection > 0 && projection <= hidden, "projSize is not in [1, hiddenSize]");
        require_parameter(cell == cell_lstm || projection == hidden, "only an LSTM can have a projection");
        require_parameter(flags <= 1, "no such auxFlags");
        const Dropout& between = object<Dropout>(dropout, "dropoutDesc");
        require_parameter(between.set, "dropoutDesc was created but not set");
        require_support(algorithm == 0, "only the standard algorithm is emulated");
        require_support(input_mode == 0, "only the linear input mode is emulated");
        require_support(type == type_float && precision == type_float, "only float is emulated");
        require_support(projection == hidden, "projections are not emulated");
        result.algorithm = algorithm;
        result.cell = cell;
        result.bias = bias;
        result.directions = direction + 1;
        result.math = math;
        result.input = input;
        result.hidden = hidden;
        result.layers = layers;
        result.dropout = between.rate;
        result.flags = static_cast<int>(flags);
        result.set = true;
    });
}

CUDNN_FUNCTION cudnnCreateRNNDataDescriptor(void** result) {
    return create<Sequences>("cudnnCreateRNNDataDescriptor", result);
}

CUDNN_FUNCTION cudnnDestroyRNNDataDescriptor(void* descriptor) {
    return destroy<Sequences>("cudnnDestroyRNNDataDescriptor", descriptor);
}

CUDNN_FUNCTION cudnnSetRNNDataDescriptor(void* descriptor, int type, int layout, int steps, int batch, int vector,
                                         const int* lengths, const void* fill) {
    return entry("cudnnSetRNNDataDescriptor", [&] {
        Sequences& result = object<Sequences>(descriptor, "rnnDataDesc");
        require_parameter(layout >= sequence_major_unpacked && layout <= batch_major_unpacked, "no such layout");
        require_parameter(steps > 0 && batch > 0 && vector > 0, "a size is zero or negative");
        require_parameter(lengths != nullptr, "seqLengthArray is null");
        require_support(type == type_float, "only float sequences are emulated");
        for (int b = 0; b < batch; b++) {
            require_parameter(lengths[b] >= 0 && lengths[b] <= steps, "a length is not in [0, maxSeqLength]");
            require_parameter(layout != sequence_major_packed || b == 0 || lengths[b] <= lengths[b - 1],
                              "packed sequences are not sorted by falling length");
        }
        result.type = type;
        result.layout = layout;
        result.steps = steps;
        result.batch = batch;
        result.vector = vector;
        result.lengths.assign(lengths, lengths + batch);
        result.fill.reset();
        if (fill != nullptr) result.fill = *static_cast<const float*>(fill);
        result.set = true;
    });
}

CUDNN_FUNCTION cudnnGetRNNWeightSpaceSize(void* handle, void* descriptor, size_t* size) {
    return entry("cudnnGetRNNWeightSpaceSize", [&] {
        object<Handle>(handle, "handle");
        require_parameter(size != nullptr, "weightSpaceSize is null");
        *size = static_cast<size_t>(recurrence(descriptor).weight_count()) * sizeof(float);
    });
}

CUDNN_FUNCTION cudnnGetRNNTempSpaceSizes(void* handle, void* descriptor, int forward_mode, void* x_descriptor,
                                         size_t* workspace, size_t* reserve) {
    return entry("cudnnGetRNNTempSpaceSizes", [&] {
        object<Handle>(handle, "handle");
        require_parameter(forward_mode == 0 || forward_mode == 1, "no such forward mode");
        const Recurrence& of = recurrence(descriptor);
        const Sequences& x = sequences(x_descriptor, "xDesc");
        require_parameter(x.vector == of.input, "the input's vectors are not of the RNN's input size");
        if (workspace != nullptr) *workspace = rnn_workspace_bytes(of, x);
        if (reserve != nullptr) *reserve = forward_mode == 1 ? Reserve(of, x, nullptr).bytes() : 0;
    });
}

CUDNN_FUNCTION cudnnGetRNNWeightParams(void* handle, void* descriptor, int pseudo_layer, size_t weight_bytes,
                                       void* weights, int linear, void* matrix_descriptor, void** matrix,
                                       void* bias_descriptor, void** bias) {
    return entry("cudnnGetRNNWeightParams", [&] {
        object<Handle>(handle, "handle");
        const Recurrence& of = recurrence(descriptor);
        require_parameter(pseudo_layer >= 0 && pseudo_layer < of.pseudo_layers(), "no such pseudoLayer");
        require_parameter(linear >= 0 && linear < 2 * of.gates(), "no such linLayerID");
        size_t needed = static_cast<size_t>(of.weight_count()) * sizeof(float);
        require_parameter(weight_bytes >= needed, "weightSpaceSize is too small");
        require_memory("weightSpace", weights, weight_bytes);
        require_parameter(matrix != nullptr && bias != nullptr, "a result pointer is null");
        Tensor& matrix_shape = object<Tensor>(matrix_descriptor, "mDesc");
        Tensor& bias_shape = object<Tensor>(bias_descriptor, "bDesc");
        auto start = static_cast<float*>(weights);
        *matrix = start + of.matrix_offset(pseudo_layer, linear);
        matrix_shape.set_packed(type_float, {1, of.hidden, of.columns(pseudo_layer, linear)});
        if (of.has_bias(linear)) {
            *bias = start + of.bias_offset(pseudo_layer, linear);
            bias_shape.set_packed(type_float, {1, of.hidden, 1});
        } else {
            *bias = nullptr;
            bias_shape = Tensor();
        }
    });
}
