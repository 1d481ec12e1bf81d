package lamella.app.captioning;

import lamella.app.captioning.data.Captioned;
import lamella.app.captioning.data.Part;
import lamella.array.Shape;
import lamella.tensor.RandomSource;
import lamella.tensor.Tensor;

import java.util.ArrayList;
import java.util.List;

/// Says what is in pictures.
///
/// @param captioner the net
/// @param encoding makes words of its numbers
/// @param saying how words are chosen
record Describer(Captioner captioner, Encoding encoding, Saying saying) {
    private static final int BATCH_SIZE = 128;

    /// Returns a caption for each picture.
    List<Said> describe(Shape picture, List<Captioned> pictures, boolean keepWeights) {
        var pixels = Pixels.plain(picture);
        Shape input = pixels.input();
        var all = new ArrayList<Said>();
        for (int from = 0; from < pictures.size(); from += BATCH_SIZE) {
            int count = Math.min(BATCH_SIZE, pictures.size() - from);
            float[] values = new float[count * input.size()];
            for (int i = 0; i < count; i++) {
                pixels.put(pictures.get(from + i).pixels(), RandomSource.of(0), values, i * input.size());
            }
            all.addAll(captions(input, count, values, keepWeights));
        }
        return all;
    }

    private List<Said> captions(Shape input, int count, float[] values, boolean keepWeights) {
        Tensor batch = Tensor.of(captioner.backend(), input.prepend(count), values);
        return saying.say(captioner, batch, encoding, keepWeights);
    }

    /// Measures on a part.
    Scores scores(Part part) {
        return Scores.of(part, describe(part.picture(), part.examples(), false), encoding);
    }
}
