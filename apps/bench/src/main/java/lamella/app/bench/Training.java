package lamella.app.bench;

import lamella.backend.Backend;
import lamella.nn.Mode;
import lamella.nn.Model;
import lamella.optim.Optimizer;
import lamella.tensor.Autograd;
import lamella.tensor.Gradients;
import lamella.tensor.Memory;
import lamella.tensor.RandomSource;
import lamella.tensor.Tensor;

import java.util.List;
import java.util.stream.IntStream;

/// A net that is being trained: forward, backward, optimizer, on a few batches in turn that are on the
/// device already. A step does not read the loss, so a device may be behind.
final class Training {
    private final Task task;
    private final Model model;
    private final Optimizer optimizer;
    private final RandomSource random = RandomSource.of(2);
    private final List<Task.Batch> batches;
    private int turn;

    /// Builds the net.
    ///
    /// @param batch examples of a batch
    /// @param batches how many batches are used in turn
    Training(Backend backend, Task task, int batch, int batches) {
        this.task = task;
        model = Model.build(task.net(), task.input(), backend, 1);
        optimizer = Optimizer.of(task.optimizer(), model.parameters());
        this.batches = IntStream.range(0, batches).mapToObj(i -> task.examples().make(backend, batch, i)).toList();
    }

    private Tensor loss(Task.Batch batch) {
        return task.loss().of(model.forward(batch.input()), batch.target());
    }

    void step() {
        Task.Batch batch = batches.get(turn);
        turn = (turn + 1) % batches.size();
        Memory.scope(
                () -> {
                    Gradients gradients =
                            Autograd.differentiate(model.parameters(), () -> Mode.train(random, () -> loss(batch)));
                    optimizer.step(gradients, task.optimizer().learningRate());
                });
    }

    /// Returns the loss of the first batch, as in inference.
    double firstLoss() {
        float[] value = new float[1];
        Memory.scope(() -> value[0] = loss(batches.getFirst()).item());
        return value[0];
    }
}
