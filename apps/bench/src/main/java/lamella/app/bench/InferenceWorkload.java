package lamella.app.bench;

import lamella.array.Shape;
import lamella.backend.Backend;
import lamella.nn.LayerSpec;
import lamella.nn.Model;
import lamella.tensor.Memory;
import lamella.tensor.Tensor;

/// Answers of a net to images: from a Java array to a Java array, one batch after the other, and one
/// image by itself.
///
/// @param net the net
/// @param input the shape of one image
/// @param batch images of a batch
record InferenceWorkload(String name, LayerSpec net, Shape input, int batch) implements Workload {
    @Override
    public Workload batch(int batch) {
        return new InferenceWorkload(name, net, input, batch);
    }

    @Override
    public void run(Backend backend, Stopwatch stopwatch) {
        Model model = Model.build(net, input, backend, 1);
        float[] images = Task.noise(batch * input.size(), 9);
        stopwatch.throughput(name, "infer_img_per_s_b" + batch, batch, () -> answer(model, images, batch));
        stopwatch.latency(name, "infer_latency_us_b1", () -> answer(model, images, 1));
    }

    private void answer(Model model, float[] images, int count) {
        Memory.scope(() -> model.forward(Tensor.of(model.backend(), input.prepend(count), images, 0)).toFloats());
    }
}
