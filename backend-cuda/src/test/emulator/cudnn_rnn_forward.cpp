/// Forward through recurrent layers.
///
/// With p = W x + b_W and q = R h + b_R, per gate:
/// - RNN:  h' = relu(p + q) or tanh(p + q)
/// - LSTM: i, f, o = sigmoid(p + q), g = tanh(p + q), c' = f c + i g, h' = o tanh(c')
/// - GRU:  r, z = sigmoid(p + q), n = tanh(p + r q), h' = (1 - z) n + z h

#include <cmath>

#include "cudnn_matrix.h"
#include "cudnn_rnn.h"

namespace emulator::cudnn {

namespace {

double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

/// What one step leaves behind for one value: up to four gates, the state of the reserve, the new hidden value.
struct Step {
    double gates[4];
    double state;
    double hidden;
};

/// p and q point at gate 0 of this value; gates lie `size` apart.
Step advance(int cell, const double* p, const double* q, int size, double hidden, double memory) {
    Step step{};
    auto sum = [&](int gate) { return p[gate * size] + q[gate * size]; };
    switch (cell) {
        case cell_relu: step.gates[0] = step.hidden = std::isnan(sum(0)) ? NAN : std::fmax(sum(0), 0); break;
        case cell_tanh: step.gates[0] = step.hidden = std::tanh(sum(0)); break;
        case cell_lstm: {
            double input = step.gates[0] = sigmoid(sum(0));
            double forget = step.gates[1] = sigmoid(sum(1));
            double candidate = step.gates[2] = std::tanh(sum(2));
            double output = step.gates[3] = sigmoid(sum(3));
            step.state = forget * memory + input * candidate;
            step.hidden = output * std::tanh(step.state);
            break;
        }
        default: {
            double reset = step.gates[0] = sigmoid(sum(0));
            double update = step.gates[1] = sigmoid(sum(1));
            step.state = q[2 * size];
            double candidate = step.gates[2] = std::tanh(p[2 * size] + reset * step.state);
            step.hidden = (1 - update) * candidate + update * hidden;
        }
    }
    return step;
}

/// [rows, gate values] = operand[rows, columns] * matrix[gate values, columns] transposed + bias.
Values project(const Recurrence& of, const Values& operand, long columns, const Values& matrix, const Values& bias) {
    long rows = static_cast<long>(operand.size()) / columns;
    Values transposed(matrix.size());
    transpose(of.gate_values(), columns, matrix.data(), transposed.data());
    Values result(rows * of.gate_values());
    for (long row = 0; row < rows; row++) std::copy(bias.begin(), bias.end(), result.begin() + row * of.gate_values());
    multiply_add(rows, of.gate_values(), columns, rounded(of, operand).data(), transposed.data(), result.data());
    return result;
}

/// One direction of one layer: reads `input` [steps, batch, inputs], fills its part of `output`.
void run_layer(const RnnCall& call, int pseudo_layer, const Values& input, Values& output, void* hy, void* cy) {
    const Recurrence& of = call.of;
    const Sequences& x = call.x_sequences;
    LayerWeights weights(of, pseudo_layer, static_cast<const float*>(call.weights));
    Reserve kept(of, x, call.reserve);
    Values projected = project(of, input, of.inputs(pseudo_layer), weights.input, weights.input_bias);
    Values hidden = call.read_state(call.hx, pseudo_layer);
    Values memory = call.read_state(of.cell == cell_lstm ? call.cx : nullptr, pseudo_layer);
    int size = of.hidden;
    for (int s = 0; s < x.steps; s++) {
        Values recurrent = project(of, hidden, size, weights.hidden, weights.hidden_bias);
        for (int b = 0; b < x.batch; b++) {
            if (s >= x.lengths[b]) continue;
            long cell = static_cast<long>(step_of(of, x, pseudo_layer, s, b)) * x.batch + b;
            const double* p = projected.data() + cell * of.gate_values();
            const double* q = recurrent.data() + static_cast<long>(b) * of.gate_values();
            for (int i = 0; i < size; i++) {
                double& h = hidden[b * size + i];
                double& c = memory[b * size + i];
                Step step = advance(of.cell, p + i, q + i, size, h, c);
                // States are float between steps, as on a device.
                h = static_cast<float>(step.hidden);
                c = static_cast<float>(step.state);
                output[cell * of.outputs() + pseudo_layer % of.directions * size + i] = h;
                if (!call.training) continue;
                for (int gate = 0; gate < of.gates(); gate++) {
                    kept.gates(pseudo_layer, cell)[gate * size + i] = static_cast<float>(step.gates[gate]);
                }
                kept.state(pseudo_layer, cell)[i] = static_cast<float>(c);
                kept.output(pseudo_layer, cell)[i] = static_cast<float>(h);
            }
        }
    }
    call.write_state(hy, pseudo_layer, hidden);
    if (of.cell == cell_lstm) call.write_state(cy, pseudo_layer, memory);
}

void write_output(const RnnCall& call, float* y, const Values& grid) {
    const Sequences& to = call.y_sequences;
    for (int b = 0; b < to.batch; b++) {
        for (int t = 0; t < to.steps; t++) {
            bool padding = t >= to.lengths[b];
            if (padding && (to.packed() || !to.fill)) continue;
            float* row = y + to.row(t, b) * to.vector;
            const double* source = grid.data() + (static_cast<long>(t) * to.batch + b) * to.vector;
            for (int i = 0; i < to.vector; i++) row[i] = static_cast<float>(padding ? *to.fill : source[i]);
        }
    }
}

}  // namespace

void run_forward(const RnnCall& call, void* y, void* hy, void* cy) {
    spoil(call.workspace, call.workspace_size);
    const Recurrence& of = call.of;
    if (!call.lengths_agree("cudnnRNNForward")) return spoil(y, call.y_sequences.bytes());
    Values grid = call.read_grid(call.x_sequences, call.x);
    if (call.training) spoil(call.reserve, Reserve(of, call.x_sequences, call.reserve).bytes());
    long cells = static_cast<long>(call.x_sequences.steps) * call.x_sequences.batch;
    for (int layer = 0; layer < of.layers; layer++) {
        Values output(cells * of.outputs());
        for (int direction = 0; direction < of.directions; direction++) {
            run_layer(call, layer * of.directions + direction, grid, output, hy, cy);
        }
        grid = std::move(output);
    }
    write_output(call, static_cast<float*>(y), grid);
}

}  // namespace emulator::cudnn
