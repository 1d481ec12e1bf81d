package lamella.app.bench;

import lamella.backend.Backend;

import java.util.List;

/// A net or a kernel of a fixed size, timed from end to end; the same is timed with other frameworks.
interface Workload {
    /// Returns what it is called on the command line: `W3`.
    String name();

    /// Returns this workload with batches of another size, which the metric's name then tells.
    Workload batch(int batch);

    /// Builds what it needs on the backend and times it.
    void run(Backend backend, Stopwatch stopwatch);

    /// Returns all there are.
    static List<Workload> all() {
        return List.of(
                new Several(
                        "W1",
                        List.of(
                                new TrainingWorkload("W1", "train_img_per_s", Tasks.lenet(), 64, 8),
                                InferenceWorkload.throughput("W1", Nets.lenet(), Tasks.DIGIT, 64),
                                InferenceWorkload.latency("W1", "infer_latency_us_b1", Nets.lenet(), Tasks.DIGIT))),
                new TrainingWorkload("W2", "train_img_per_s", Tasks.convnet(), 128, 8),
                new TrainingWorkload("W3", "train_seq_per_s_T80_b32", Tasks.judge(80), 32, 8),
                new TrainingWorkload("W3b", "train_seq_per_s_T200_b64", Tasks.judge(200), 64, 8),
                new Several(
                        "W4",
                        List.of(
                                new ConvolutionWorkload("W4", "conv_fwdbwd_ms", 4),
                                InferenceWorkload.latency("W4", "resnet18_infer_us_b1", Nets.resnet18(), Tasks.PHOTO))),
                new TrainingWorkload("W5", "train_seq_per_s", Tasks.writer(), 32, 8),
                new MatrixWorkload("W6", 1024),
                new TrainingWorkload("resnet50", "train_img_per_s", Tasks.resnet50(), 256, 2),
                new MemoryWorkload("memory", Tasks.resnet50(), 8));
    }

    /// Returns a metric's name with the size of the batch at its end.
    static String named(String metric, int batch) {
        return metric.replaceFirst("_b\\d+$", "") + "_b" + batch;
    }
}
