/// Reading and writing what RNN calls share: weights, states, sequences, the reserve.

#include <cmath>
#include <cstring>

#include "cudnn_rnn.h"

namespace emulator::cudnn {

LayerWeights::LayerWeights(const Recurrence& of, int pseudo_layer, const float* weights)
    : input_bias(of.gate_values()), hidden_bias(of.gate_values()) {
    int gates = of.gates();
    // The matrices of one side follow each other, so they are one matrix [gate values, columns].
    input = read_values(type_float, weights + of.matrix_offset(pseudo_layer, 0),
                        static_cast<long>(of.gate_values()) * of.inputs(pseudo_layer), of.tf32());
    hidden = read_values(type_float, weights + of.matrix_offset(pseudo_layer, gates),
                         static_cast<long>(of.gate_values()) * of.hidden, of.tf32());
    if (of.has_bias(0)) {
        input_bias = read_values(type_float, weights + of.bias_offset(pseudo_layer, 0), of.gate_values());
    }
    if (of.has_bias(gates)) {
        hidden_bias = read_values(type_float, weights + of.bias_offset(pseudo_layer, gates), of.gate_values());
    }
}

Values rounded(const Recurrence& of, Values values) {
    if (of.tf32()) {
        for (double& value : values) value = round_to_tf32(static_cast<float>(value));
    }
    return values;
}

bool RnnCall::lengths_agree(const char* function) const {
    size_t bytes = x_sequences.lengths.size() * sizeof(int);
    if (device_lengths == nullptr || std::memcmp(device_lengths, x_sequences.lengths.data(), bytes) == 0) return true;
    fail_device(700, function, "devSeqLengths differs from the lengths of the descriptor");
    return false;
}

Values RnnCall::read_state(const void* memory, int pseudo_layer) const {
    long count = static_cast<long>(x_sequences.batch) * of.hidden;
    if (memory == nullptr) return Values(count);
    return read_values(type_float, static_cast<const float*>(memory) + pseudo_layer * count, count);
}

void RnnCall::write_state(void* memory, int pseudo_layer, const Values& state) const {
    if (memory == nullptr) return;
    Values values = state;
    for (int b = 0; b < x_sequences.batch; b++) {
        if (x_sequences.lengths[b] == 0) std::fill_n(values.begin() + b * of.hidden, of.hidden, NAN);
    }
    write_values(type_float, static_cast<float*>(memory) + pseudo_layer * values.size(), values, {1, 0});
}

Values RnnCall::read_grid(const Sequences& sequences, const void* memory) const {
    Values grid(static_cast<long>(sequences.steps) * sequences.batch * sequences.vector);
    for (int b = 0; b < sequences.batch; b++) {
        for (int t = 0; t < sequences.lengths[b]; t++) {
            auto row = static_cast<const float*>(memory) + sequences.row(t, b) * sequences.vector;
            std::copy_n(row, sequences.vector,
                        grid.begin() + (static_cast<long>(t) * sequences.batch + b) * sequences.vector);
        }
    }
    return grid;
}

Values RnnCall::read_layer_input(int pseudo_layer) const {
    if (pseudo_layer < of.directions) return read_grid(x_sequences, x);
    Reserve kept(of, x_sequences, reserve);
    Values grid(kept.cells * of.outputs());
    int below = (pseudo_layer / of.directions - 1) * of.directions;
    for (int b = 0; b < x_sequences.batch; b++) {
        for (int t = 0; t < x_sequences.lengths[b]; t++) {
            long cell = static_cast<long>(t) * x_sequences.batch + b;
            for (int direction = 0; direction < of.directions; direction++) {
                std::copy_n(kept.output(below + direction, cell), of.hidden,
                            grid.begin() + cell * of.outputs() + direction * of.hidden);
            }
        }
    }
    return grid;
}

Values RnnCall::read_previous_hidden(int pseudo_layer) const {
    Reserve kept(of, x_sequences, reserve);
    Values previous(kept.cells * of.hidden);
    Values first = read_state(hx, pseudo_layer);
    bool top = pseudo_layer >= (of.layers - 1) * of.directions;
    int batch = x_sequences.batch;
    for (int b = 0; b < batch; b++) {
        for (int s = 0; s < x_sequences.lengths[b]; s++) {
            long cell = static_cast<long>(step_of(of, x_sequences, pseudo_layer, s, b)) * batch + b;
            auto target = previous.begin() + cell * of.hidden;
            if (s == 0) {
                std::copy_n(first.begin() + b * of.hidden, of.hidden, target);
                continue;
            }
            int t = step_of(of, x_sequences, pseudo_layer, s - 1, b);
            const float* source = kept.output(pseudo_layer, static_cast<long>(t) * batch + b);
            if (top) {
                // As on a device, the top layer's states come from y: a caller who spoils y spoils the gradient.
                source = static_cast<const float*>(y) + y_sequences.row(t, b) * of.outputs() +
                         pseudo_layer % of.directions * of.hidden;
            }
            std::copy_n(source, of.hidden, target);
        }
    }
    return previous;
}

}  // namespace emulator::cudnn
