/// Recurrent layers of the emulated cuDNN: descriptors, where weights lie, what the reserve holds.
#pragma once

#include <optional>

#include "cudnn_tensor.h"

namespace emulator::cudnn {

enum Cell : int { cell_relu = 0, cell_tanh = 1, cell_lstm = 2, cell_gru = 3 };

enum BiasMode : int { no_bias = 0, single_input_bias = 1, double_bias = 2, single_recurrent_bias = 3 };

enum Layout : int { sequence_major_unpacked = 0, sequence_major_packed = 1, batch_major_unpacked = 2 };

/// An RNN descriptor. A pseudo-layer is one direction of one layer: layer * directions + direction.
struct Recurrence : Object {
    bool set = false;
    int algorithm = 0;
    int cell = cell_lstm;
    int bias = double_bias;
    int directions = 1;
    int math = default_math;
    int input = 0;
    int hidden = 0;
    int layers = 0;
    float dropout = 0;
    int flags = 0;

    int gates() const { return cell == cell_lstm ? 4 : cell == cell_gru ? 3 : 1; }
    int gate_values() const { return gates() * hidden; }
    int pseudo_layers() const { return layers * directions; }
    int outputs() const { return hidden * directions; }
    int inputs(int pseudo_layer) const { return pseudo_layer < directions ? input : outputs(); }
    bool tf32() const { return math != fma_math; }
    bool padded() const { return (flags & 1) != 0; }

    // Linear layers 0 .. gates - 1 multiply the input, gates .. 2 * gates - 1 the hidden state.
    bool has_bias(int linear) const;
    int columns(int pseudo_layer, int linear) const { return linear < gates() ? inputs(pseudo_layer) : hidden; }

    // Offsets in the weight space, in values. All biases come first, then the matrices: unlike the order that
    // cuDNN happens to have, so that only a caller who asks cudnnGetRNNWeightParams finds them.
    long bias_offset(int pseudo_layer, int linear) const;
    long matrix_offset(int pseudo_layer, int linear) const;
    long weight_count() const { return matrix_offset(pseudo_layers(), 0); }
};

/// A descriptor of sequences of different lengths.
struct Sequences : Object {
    bool set = false;
    int type = -1;
    int layout = 0;
    int steps = 0;
    int batch = 0;
    int vector = 0;
    std::vector<int> lengths;
    std::optional<double> fill;

    bool packed() const { return layout == sequence_major_packed; }
    /// Vectors in memory, padding included.
    long rows() const;
    size_t bytes() const { return static_cast<size_t>(rows()) * vector * 4; }
    /// Which of them holds step t of sequence b; in the packed layout only for t < lengths[b].
    long row(int t, int b) const;
    bool same_sequences(const Sequences& other) const;
};

const Recurrence& recurrence(const void* argument);
const Sequences& sequences(const void* argument, const char* name);

/// Floats in the reserve, for each pseudo-layer in turn: gate values after their function (later: the gradients
/// before it), a state (LSTM: the cell; GRU: the recurrent part of the candidate, later its gradient), the output.
/// All as [step, sequence, values].
struct Reserve {
    const Recurrence& of;
    long cells;  // steps * batch
    float* start;

    Reserve(const Recurrence& of, const Sequences& x, void* memory)
        : of(of), cells(static_cast<long>(x.steps) * x.batch), start(static_cast<float*>(memory)) {}

    long layer_count() const { return cells * (of.gate_values() + 2L * of.hidden); }
    size_t bytes() const { return static_cast<size_t>(layer_count()) * of.pseudo_layers() * sizeof(float); }

    float* gates(int pseudo_layer, long cell) const {
        return start + pseudo_layer * layer_count() + cell * of.gate_values();
    }
    float* state(int pseudo_layer, long cell) const {
        return start + pseudo_layer * layer_count() + cells * of.gate_values() + cell * of.hidden;
    }
    float* output(int pseudo_layer, long cell) const {
        return start + pseudo_layer * layer_count() + cells * (of.gate_values() + of.hidden) + cell * of.hidden;
    }
};

/// Scratch memory of a call; its contents mean nothing.
size_t rnn_workspace_bytes(const Recurrence& of, const Sequences& x);

/// One pseudo-layer's weights in double: [gate values, columns] each, TF32-rounded if asked; absent biases are 0.
struct LayerWeights {
    Values input;
    Values hidden;
    Values input_bias;
    Values hidden_bias;

    LayerWeights(const Recurrence& of, int pseudo_layer, const float* weights);
};

/// Operands of matrix products, rounded as the descriptor's math type says.
Values rounded(const Recurrence& of, Values values);

/// The step that a pseudo-layer takes as its s-th in sequence b: from the end where the direction is backward.
inline int step_of(const Recurrence& of, const Sequences& x, int pseudo_layer, int s, int b) {
    bool backward = of.directions == 2 && pseudo_layer % 2 == 1;
    return backward ? x.lengths[b] - 1 - s : s;
}

/// Everything of one call; `run` functions do the arithmetic. Pointers may be null where cuDNN lets them.
struct RnnCall {
    Recurrence of;
    Sequences x_sequences;
    Sequences y_sequences;
    bool training = true;
    const void* device_lengths = nullptr;
    const void* x = nullptr;
    const void* y = nullptr;
    const void* hx = nullptr;
    const void* cx = nullptr;
    const void* weights = nullptr;
    void* workspace = nullptr;
    size_t workspace_size = 0;
    void* reserve = nullptr;

    /// Breaks the device, and returns false, if the lengths on the device are not those of the descriptor.
    bool lengths_agree(const char* function) const;
    /// [batch, hidden] of a pseudo-layer; zero where there is no memory.
    Values read_state(const void* memory, int pseudo_layer) const;
    /// Stores [batch, hidden]; NaN for sequences of length 0, whose states cuDNN does not promise.
    void write_state(void* memory, int pseudo_layer, const Values& state) const;
    /// [steps, batch, vector] with zeros instead of the padding, which is not read.
    Values read_grid(const Sequences& sequences, const void* memory) const;
    /// The input of a pseudo-layer, [steps, batch, inputs], when the reserve is filled.
    Values read_layer_input(int pseudo_layer) const;
    /// The hidden state before the s-th step of sequence b, from y, the reserve or hx.
    Values read_previous_hidden(int pseudo_layer) const;
};

void run_forward(const RnnCall& call, void* y, void* hy, void* cy);

struct DataGradients {
    const void* dy;
    void* dx;
    const void* dhy;
    void* dhx;
    const void* dcy;
    void* dcx;
};

void run_backward_data(const RnnCall& call, const DataGradients& gradients);
void run_backward_weights(const RnnCall& call, void* weight_gradient);

}  // namespace emulator::cudnn
