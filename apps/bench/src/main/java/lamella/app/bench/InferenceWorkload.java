package lamella.app.bench;

import lamella.array.Shape;
import lamella.backend.Backend;
import lamella.nn.LayerSpec;
import lamella.nn.Model;
import lamella.nn.Predictor;

/// Answers of a frozen net to images, from a Java array to a Java array: one batch after the other, or the time of one
/// image by itself.
///
/// @param metric what the figure is called
/// @param net the net
/// @param input the shape of one image
/// @param batch images of a batch
/// @param alone whether the time of an answer counts, and not how many there are in a second
record InferenceWorkload(String name, String metric, LayerSpec net, Shape input, int batch, boolean alone)
        implements Workload {
    /// Returns images in a second.
    static InferenceWorkload throughput(String name, LayerSpec net, Shape input, int batch) {
        return new InferenceWorkload(name, Workload.named("infer_img_per_s", batch), net, input, batch, false);
    }

    /// Returns the time of one image.
    static InferenceWorkload latency(String name, String metric, LayerSpec net, Shape input) {
        return new InferenceWorkload(name, metric, net, input, 1, true);
    }

    /// The time of one image stays what it is.
    @Override
    public Workload batch(int batch) {
        return alone ? this : throughput(name, net, input, batch);
    }

    @Override
    public void run(Backend backend, Stopwatch stopwatch) {
        Predictor predictor = Model.build(net, input, backend, 1).freeze().predictor(batch);
        float[] images = Task.noise(batch * input.size(), 9);
        float[] answers = new float[batch * predictor.output().size()];
        if (alone) {
            stopwatch.latency(name, metric, () -> predictor.predict(images, answers));
        } else {
            stopwatch.throughput(name, metric, batch, () -> predictor.predict(images, answers));
        }
    }
}
