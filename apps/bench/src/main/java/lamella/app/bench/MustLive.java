package lamella.app.bench;

import lamella.array.Shape;
import lamella.backend.MetaBackend;
import lamella.layers.cnn.AdaptiveAveragePool2d;
import lamella.layers.cnn.BatchNorm;
import lamella.layers.cnn.Conv2d;
import lamella.layers.cnn.GlobalAveragePool2d;
import lamella.layers.cnn.MaxPool2d;
import lamella.nn.Activation;
import lamella.nn.Dense;
import lamella.nn.LayerSpec;
import lamella.nn.Model;
import lamella.nn.Residual;
import lamella.nn.Sequential;
import lamella.tensor.Parameter;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The bytes that must live at once in a step of training, counted from a net's layers alone: no storage, no tape. It
/// is what a framework would need that had no overhead at all, and so what the memory of a real step is compared with.
///
/// At each moment there must be
/// - the parameters, what the optimizer keeps for each, buffers, and the batch;
/// - each value that a later layer takes, or that a gradient still to be computed reads: a convolution's, dense
///   layer's and batch norm's input, a rectifier's output, a maximum's input and output; each once;
/// - the parameters' gradients that have been computed, all of which the optimizer is to take;
/// - the gradient of the layer's output, and that of its input. A rectifier and a batch norm may write the one over the
///   other, unless another layer needs it too. The two ways of a residual get the same gradient.
///
/// The count is the largest of these sums. It leaves out a few numbers for each channel, the loss, and what kernels need
/// while they run.
final class MustLive {
    private static final int BYTES = 4;

    private final int batch;
    private final List<Step> steps = new ArrayList<>();

    /// The output of a layer, or the batch.
    private static final class Value {
        private final long bytes;

        Value(long bytes) {
            this.bytes = bytes;
        }
    }

    /// A gradient, and of how many values it is one.
    private static final class Gradient {
        private final long bytes;
        private int values;

        Gradient(long bytes) {
            this.bytes = bytes;
        }
    }

    /// What a layer does in the backward pass.
    private enum Way {
        /// Computes another gradient.
        NEW,
        /// May write over the gradient.
        IN_PLACE,
        /// Passes the gradient on to all of its inputs.
        PASSES
    }

    private record Step(List<Value> in, Value out, List<Value> reads, long parameters, Way way) {}

    private MustLive(int batch) {
        this.batch = batch;
    }

    /// Returns the largest sum of a step.
    ///
    /// @param slots numbers that the optimizer keeps for each parameter
    /// @throws IllegalArgumentException if the net has a layer that this does not know
    static long bytes(LayerSpec net, Shape input, int batch, int slots) {
        var count = new MustLive(batch);
        Value examples = new Value(count.size(input));
        count.add(net, input, examples);
        long state = 0;
        for (Parameter each : Model.build(net, input, MetaBackend.create(), 1).state()) {
            state += (long) BYTES * each.shape().size() * (each.trainable() ? 1 + slots : 1);
        }
        return state + Math.max(count.forward(examples), count.backward(examples));
    }

    private long size(Shape example) {
        return (long) BYTES * batch * example.size();
    }

    private Value add(LayerSpec layer, Shape shape, Value in) {
        return switch (layer) {
            case Sequential all -> {
                Value value = in;
                Shape next = shape;
                for (LayerSpec each : all.layers()) {
                    value = add(each, next, value);
                    next = output(each, next);
                }
                yield value;
            }
            case Residual residual -> {
                Value left = add(residual.body(), shape, in);
                Value right = residual.shortcut().map(around -> add(around, shape, in)).orElse(in);
                yield step(List.of(left, right), new Value(left.bytes), List.of(), 0, Way.PASSES);
            }
            case Activation activation when activation.function() == Activation.Function.RELU -> {
                Value out = new Value(in.bytes);
                yield step(List.of(in), out, List.of(out), 0, Way.IN_PLACE);
            }
            case BatchNorm _ -> single(layer, shape, in, true, Way.IN_PLACE);
            case Conv2d _ -> single(layer, shape, in, true, Way.NEW);
            case Dense _ -> single(layer, shape, in, true, Way.NEW);
            case GlobalAveragePool2d _ -> single(layer, shape, in, false, Way.NEW);
            case AdaptiveAveragePool2d _ -> single(layer, shape, in, false, Way.NEW);
            case MaxPool2d _ -> {
                Value out = new Value(size(output(layer, shape)));
                yield step(List.of(in), out, List.of(in, out), 0, Way.NEW);
            }
            default -> throw new IllegalArgumentException("must live: there is no count for " + layer);
        };
    }

    private Value single(LayerSpec layer, Shape shape, Value in, boolean readsInput, Way way) {
        Model alone = Model.build(layer, shape, MetaBackend.create(), 1);
        long parameters = BYTES * alone.summary().parameters();
        Value out = new Value(size(alone.output()));
        return step(List.of(in), out, readsInput ? List.of(in) : List.of(), parameters, way);
    }

    private static Shape output(LayerSpec layer, Shape input) {
        return Model.build(layer, input, MetaBackend.create(), 1).output();
    }

    private Value step(List<Value> in, Value out, List<Value> reads, long parameters, Way way) {
        steps.add(new Step(in, out, reads, parameters, way));
        return out;
    }

    /// Returns the values that the gradients of some steps read.
    private Set<Value> read(int from, int to) {
        var values = new HashSet<Value>();
        steps.subList(from, to).forEach(step -> values.addAll(step.reads));
        return values;
    }

    private static long sum(Set<Value> values) {
        return values.stream().mapToLong(value -> value.bytes).sum();
    }

    private long forward(Value examples) {
        Set<Value> ever = read(0, steps.size());
        var made = new HashSet<>(Set.of(examples));
        long most = 0;
        for (int i = 0; i < steps.size(); i++) {
            made.add(steps.get(i).out);
            var live = new HashSet<>(Set.of(examples, steps.get(i).out));
            steps.subList(i, steps.size()).forEach(later -> live.addAll(later.in));
            live.addAll(ever);
            live.retainAll(made);
            most = Math.max(most, sum(live));
        }
        return most;
    }

    private long backward(Value examples) {
        Map<Value, Gradient> gradients = new HashMap<>();
        give(gradients, steps.getLast().out, new Gradient(steps.getLast().out.bytes));
        long parameters = 0;
        long most = 0;
        for (int i = steps.size() - 1; i >= 0; i--) {
            Step step = steps.get(i);
            Set<Value> live = read(0, i + 1);
            live.add(examples);
            parameters += step.parameters;
            Gradient gradient = gradients.get(step.out);
            long more = 0;
            for (Value in : step.in) {
                if (in == examples) {
                    continue;
                }
                boolean same = step.way == Way.PASSES || step.way == Way.IN_PLACE && gradient.values == 1;
                boolean first = !gradients.containsKey(in);
                if (first) {
                    give(gradients, in, same ? gradient : new Gradient(in.bytes));
                } else {
                    // added to the one that is there already
                    more += same ? 0 : in.bytes;
                }
            }
            long pending = new HashSet<>(gradients.values()).stream().mapToLong(each -> each.bytes).sum();
            most = Math.max(most, sum(live) + parameters + pending + more);
            gradients.remove(step.out).values--;
        }
        return most;
    }

    private static void give(Map<Value, Gradient> gradients, Value value, Gradient gradient) {
        gradients.put(value, gradient);
        gradient.values++;
    }
}
