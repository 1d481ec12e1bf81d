package lamella.app.bench;

import lamella.array.Shape;
import lamella.backend.Backend;
import lamella.backend.BackendOptions;
import lamella.backend.Backends;
import lamella.layers.cnn.CnnModels;
import lamella.nn.Loss;
import lamella.nn.Model;
import lamella.optim.Optimizer;
import lamella.optim.Optimizers;
import lamella.tensor.Autograd;
import lamella.tensor.Gradients;
import lamella.tensor.Memory;
import lamella.tensor.RandomSource;
import lamella.tensor.Tensor;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

import java.util.concurrent.TimeUnit;

/// Whole training steps of the two MNIST nets: forward, backward, optimizer, upload of the batch.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 7, time = 1)
@Fork(1)
@State(Scope.Thread)
public class TrainingBenchmark {
    /// Batches of random images, used in turn.
    private static final int BATCHES = 8;

    /// `lenet5` at batch 64 with momentum, `convnet` at batch 128 with Adam.
    @Param({"lenet5", "convnet"})
    public String net;

    /// Threads that compute.
    @Param({"1", "2"})
    public int threads;

    private final float[][] images = new float[BATCHES][];
    private final int[][] labels = new int[BATCHES][];
    private final Loss loss = Loss.crossEntropy();
    private final RandomSource random = RandomSource.of(2);
    private Backend backend;
    private Model model;
    private Optimizer optimizer;
    private int batch;
    private int turn;

    /// Builds the net and checks that a few steps lower the loss.
    @Setup
    public void prepare() {
        backend = Backends.installed().open("cpu", BackendOptions.defaults().threads(threads));
        boolean small = net.equals("lenet5");
        batch = small ? 64 : 128;
        model = Model.build(small ? CnnModels.lenet5() : CnnModels.convnet(), Shape.of(1, 28, 28), backend, 1);
        var spec = small ? Optimizers.sgd(0.01).momentum(0.9f) : Optimizers.adam(1e-3);
        optimizer = Optimizer.of(spec, model.parameters());
        for (int i = 0; i < BATCHES; i++) {
            images[i] = new float[batch * 28 * 28];
            labels[i] = new int[batch];
            for (int j = 0; j < images[i].length; j++) {
                images[i][j] = random.nextFloat();
            }
            for (int j = 0; j < batch; j++) {
                labels[i][j] = random.nextInt(10);
            }
        }
        float first = step(0);
        float last = first;
        for (int i = 0; i < 30; i++) {
            last = step(0);
        }
        if (!(last < first)) {
            throw new AssertionError("the loss rose from " + first + " to " + last);
        }
    }

    private float step(int which) {
        var result = new float[1];
        Memory.scope(
                () -> {
                    Tensor x = Tensor.of(backend, model.input().prepend(batch), images[which], 0);
                    Tensor target = Tensor.ofInts(backend, Shape.of(batch), labels[which], 0);
                    Gradients gradients =
                            Autograd.differentiate(
                                    model.parameters(),
                                    () -> lamella.nn.Mode.train(random, () -> loss.of(model.forward(x), target)));
                    optimizer.step(gradients, 0.01f);
                    result[0] = gradients.result().item();
                });
        return result[0];
    }

    /// Frees the backend.
    @TearDown
    public void close() {
        backend.close();
    }

    /// One step.
    @Benchmark
    public float step() {
        turn = (turn + 1) % BATCHES;
        return step(turn);
    }
}
