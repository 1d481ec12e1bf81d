/// Backward through recurrent layers: from the reserve that forward filled, first the gradients of data, which leave
/// the gates' gradients in the reserve, then from these the gradients of weights.

#include <algorithm>
#include <cmath>

#include "cudnn_matrix.h"
#include "cudnn_rnn.h"

namespace emulator::cudnn {

namespace {

/// Gradients of one value's step: of p and q (see cudnn_rnn_forward.cpp) per gate, of the state before, and the part
/// of the previous hidden value's that does not pass through a matrix.
struct StepGradient {
    double p[4];
    double q[4];
    double memory;
    double hidden;
};

/// `gates` and `state` are what forward kept for this value; gates lie `size` apart.
StepGradient retreat(int cell, const float* gates, int size, double state, double previous_memory,
                     double previous_hidden, double dh, double dc) {
    StepGradient result{};
    auto gate = [&](int g) -> double { return gates[g * size]; };
    switch (cell) {
        case cell_relu: result.p[0] = gate(0) > 0 ? dh : gate(0) * 0; break;
        case cell_tanh: result.p[0] = dh * (1 - gate(0) * gate(0)); break;
        case cell_lstm: {
            double input = gate(0), forget = gate(1), candidate = gate(2), output = gate(3);
            double squashed = std::tanh(state);
            dc += dh * output * (1 - squashed * squashed);
            result.p[0] = dc * candidate * input * (1 - input);
            result.p[1] = dc * previous_memory * forget * (1 - forget);
            result.p[2] = dc * input * (1 - candidate * candidate);
            result.p[3] = dh * squashed * output * (1 - output);
            result.memory = dc * forget;
            break;
        }
        default: {
            double reset = gate(0), update = gate(1), candidate = gate(2);
            double dn = dh * (1 - update) * (1 - candidate * candidate);
            result.p[0] = dn * state * reset * (1 - reset);
            result.p[1] = dh * (previous_hidden - candidate) * update * (1 - update);
            result.p[2] = dn;
            result.q[2] = dn * reset;
            result.hidden = dh * update;
        }
    }
    int same = cell == cell_gru ? 2 : 4;
    std::copy_n(result.p, same, result.q);
    return result;
}

/// The gates' gradients of one pseudo-layer, [steps, batch, gate values], on the input's and on the hidden side.
struct GateGradients {
    Values p;
    Values q;
};

/// Goes back through the steps of one pseudo-layer; leaves the state gradients in dhx and dcx.
GateGradients run_layer(const RnnCall& call, int pseudo_layer, const Values& output_gradient,
                        const LayerWeights& weights, const DataGradients& gradients) {
    const Recurrence& of = call.of;
    const Sequences& x = call.x_sequences;
    Reserve kept(of, x, call.reserve);
    int size = of.hidden;
    GateGradients result{Values(kept.cells * of.gate_values()), Values(kept.cells * of.gate_values())};
    Values previous_hidden = call.read_previous_hidden(pseudo_layer);
    Values first_memory = call.read_state(of.cell == cell_lstm ? call.cx : nullptr, pseudo_layer);
    Values dh = call.read_state(gradients.dhy, pseudo_layer);
    Values dc = call.read_state(of.cell == cell_lstm ? gradients.dcy : nullptr, pseudo_layer);
    for (int s = x.steps - 1; s >= 0; s--) {
        Values recurrent(static_cast<long>(x.batch) * of.gate_values());
        for (int b = 0; b < x.batch; b++) {
            if (s >= x.lengths[b]) continue;
            long cell = static_cast<long>(step_of(of, x, pseudo_layer, s, b)) * x.batch + b;
            long before = s == 0 ? -1 : static_cast<long>(step_of(of, x, pseudo_layer, s - 1, b)) * x.batch + b;
            for (int i = 0; i < size; i++) {
                double memory = before < 0 ? first_memory[b * size + i] : kept.state(pseudo_layer, before)[i];
                double dy = output_gradient[cell * of.outputs() + pseudo_layer % of.directions * size + i];
                double& h = dh[b * size + i];
                double& c = dc[b * size + i];
                StepGradient step = retreat(of.cell, kept.gates(pseudo_layer, cell) + i, size,
                                            kept.state(pseudo_layer, cell)[i], memory,
                                            previous_hidden[cell * size + i], h + dy, c);
                h = step.hidden;
                c = step.memory;
                for (int gate = 0; gate < of.gates(); gate++) {
                    result.p[cell * of.gate_values() + gate * size + i] = step.p[gate];
                    result.q[cell * of.gate_values() + gate * size + i] = step.q[gate];
                    recurrent[static_cast<long>(b) * of.gate_values() + gate * size + i] = step.q[gate];
                }
            }
        }
        // Sequences that have ended have zeros in `recurrent`, so their gradients stay as they are.
        multiply_add(x.batch, size, of.gate_values(), rounded(of, recurrent).data(), weights.hidden.data(), dh.data());
    }
    call.write_state(gradients.dhx, pseudo_layer, dh);
    if (of.cell == cell_lstm) call.write_state(gradients.dcx, pseudo_layer, dc);
    return result;
}

/// Replaces the gates in the reserve by their gradients, for the gradients of weights.
void keep(const RnnCall& call, int pseudo_layer, const GateGradients& gradients) {
    const Recurrence& of = call.of;
    Reserve kept(of, call.x_sequences, call.reserve);
    for (long cell = 0; cell < kept.cells; cell++) {
        long first = cell * of.gate_values();
        std::copy_n(gradients.p.begin() + first, of.gate_values(), kept.gates(pseudo_layer, cell));
        if (of.cell != cell_gru) continue;
        std::copy_n(gradients.q.begin() + first + 2 * of.hidden, of.hidden, kept.state(pseudo_layer, cell));
    }
}

void write_input_gradient(const RnnCall& call, float* dx, const Values& grid) {
    const Sequences& to = call.x_sequences;
    for (int b = 0; b < to.batch; b++) {
        for (int t = 0; t < to.steps; t++) {
            bool padding = t >= to.lengths[b];
            if (padding && to.packed()) continue;
            float* row = dx + to.row(t, b) * to.vector;
            const double* source = grid.data() + (static_cast<long>(t) * to.batch + b) * to.vector;
            // cuDNN does not say what stands in dx's padding: NaN, so that nobody relies on it.
            for (int i = 0; i < to.vector; i++) row[i] = padding ? NAN : static_cast<float>(source[i]);
        }
    }
}

void add_to(float* memory, const Values& values) { write_values(type_float, memory, values, {1, 1}); }

/// d(matrix) += gate gradients[cells, gate values] transposed * operand[cells, columns].
void add_matrix_gradient(const Recurrence& of, const Values& gradients, const Values& operand, long columns,
                         float* memory) {
    long cells = static_cast<long>(operand.size()) / columns;
    Values transposed(gradients.size());
    transpose(cells, of.gate_values(), rounded(of, gradients).data(), transposed.data());
    Values product(of.gate_values() * columns);
    multiply_add(of.gate_values(), columns, cells, transposed.data(), rounded(of, operand).data(), product.data());
    add_to(memory, product);
}

void add_bias_gradient(const Recurrence& of, const Values& gradients, float* memory) {
    Values sums(of.gate_values());
    for (size_t i = 0; i < gradients.size(); i++) sums[i % sums.size()] += gradients[i];
    add_to(memory, sums);
}

/// The gate gradients that `keep` left; zero in the padding, which is not read.
GateGradients kept_gradients(const RnnCall& call, int pseudo_layer) {
    const Recurrence& of = call.of;
    const Sequences& x = call.x_sequences;
    Reserve kept(of, x, call.reserve);
    GateGradients result{Values(kept.cells * of.gate_values()), {}};
    for (int b = 0; b < x.batch; b++) {
        for (int t = 0; t < x.lengths[b]; t++) {
            long cell = static_cast<long>(t) * x.batch + b;
            std::copy_n(kept.gates(pseudo_layer, cell), of.gate_values(), result.p.begin() + cell * of.gate_values());
        }
    }
    result.q = result.p;
    if (of.cell != cell_gru) return result;
    for (int b = 0; b < x.batch; b++) {
        for (int t = 0; t < x.lengths[b]; t++) {
            long cell = static_cast<long>(t) * x.batch + b;
            std::copy_n(kept.state(pseudo_layer, cell), of.hidden,
                        result.q.begin() + cell * of.gate_values() + 2 * of.hidden);
        }
    }
    return result;
}

}  // namespace

void run_backward_data(const RnnCall& call, const DataGradients& gradients) {
    spoil(call.workspace, call.workspace_size);
    const Recurrence& of = call.of;
    if (!call.lengths_agree("cudnnRNNBackwardData_v8")) return spoil(gradients.dx, call.x_sequences.bytes());
    Values output_gradient = call.read_grid(call.y_sequences, gradients.dy);
    long cells = static_cast<long>(call.x_sequences.steps) * call.x_sequences.batch;
    for (int layer = of.layers - 1; layer >= 0; layer--) {
        long columns = of.inputs(layer * of.directions);
        Values input_gradient(cells * columns);
        for (int direction = 0; direction < of.directions; direction++) {
            int pseudo_layer = layer * of.directions + direction;
            LayerWeights weights(of, pseudo_layer, static_cast<const float*>(call.weights));
            GateGradients gates = run_layer(call, pseudo_layer, output_gradient, weights, gradients);
            multiply_add(cells, columns, of.gate_values(), rounded(of, gates.p).data(), weights.input.data(),
                         input_gradient.data());
            keep(call, pseudo_layer, gates);
        }
        output_gradient = std::move(input_gradient);
    }
    write_input_gradient(call, static_cast<float*>(gradients.dx), output_gradient);
}

void run_backward_weights(const RnnCall& call, void* weight_gradient) {
    spoil(call.workspace, call.workspace_size);
    const Recurrence& of = call.of;
    if (!call.lengths_agree("cudnnRNNBackwardWeights_v8")) {
        return spoil(weight_gradient, static_cast<size_t>(of.weight_count()) * sizeof(float));
    }
    auto target = static_cast<float*>(weight_gradient);
    for (int pseudo_layer = 0; pseudo_layer < of.pseudo_layers(); pseudo_layer++) {
        GateGradients gates = kept_gradients(call, pseudo_layer);
        add_matrix_gradient(of, gates.p, call.read_layer_input(pseudo_layer), of.inputs(pseudo_layer),
                            target + of.matrix_offset(pseudo_layer, 0));
        add_matrix_gradient(of, gates.q, call.read_previous_hidden(pseudo_layer), of.hidden,
                            target + of.matrix_offset(pseudo_layer, of.gates()));
        if (of.has_bias(0)) add_bias_gradient(of, gates.p, target + of.bias_offset(pseudo_layer, 0));
        if (of.has_bias(of.gates())) {
            add_bias_gradient(of, gates.q, target + of.bias_offset(pseudo_layer, of.gates()));
        }
    }
}

}  // namespace emulator::cudnn
