package lamella.backend.cpu.matrix;

import lamella.backend.cpu.runtime.Workers;

import java.util.function.IntConsumer;

/// Runs the tasks of products and convolutions: on all threads where that pays, otherwise here.
public record GemmTasks(Workers workers) {
    /// Multiply-adds below which a second thread costs more than it takes over: about 5 µs of one.
    static final long WORTH = 250_000;

    /// Runs tasks that make `work` multiply-adds together.
    public void run(int tasks, long work, IntConsumer task) {
        if (work >= WORTH) {
            workers.run(tasks, task);
        } else {
            for (int i = 0; i < tasks; i++) {
                task.accept(i);
            }
        }
    }
}
