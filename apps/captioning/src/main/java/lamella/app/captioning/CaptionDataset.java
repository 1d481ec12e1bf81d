package lamella.app.captioning;

import lamella.app.captioning.data.Captioned;
import lamella.app.captioning.data.Part;
import lamella.array.Shape;
import lamella.data.Batch;
import lamella.data.Buffers;
import lamella.data.Dataset;
import lamella.data.Values;
import lamella.tensor.RandomSource;

import java.util.Arrays;
import java.util.List;

/// Pictures with the numbers of their captions' words. A picture is one example, with all its captions.
///
/// A batch has inputs `[N, 3, H, W]` and targets int32 `[N, captions, T]`: the ids of a caption's words, the mark of
/// its end the last, −1 behind it and where a picture has fewer captions than another.
final class CaptionDataset implements Dataset {
    private static final int NONE = -1;

    private final List<Captioned> pictures;
    private final int[][][] captions;
    private final Pixels pixels;

    private CaptionDataset(List<Captioned> pictures, int[][][] captions, Pixels pixels) {
        this.pictures = pictures;
        this.captions = captions;
        this.pixels = pixels;
    }

    /// Returns the examples of a part.
    ///
    /// @param pixels makes numbers of a picture whenever it enters a batch
    static CaptionDataset of(Part part, Encoding encoding, Pixels pixels) {
        int[][][] captions =
                part.examples().stream()
                        .map(picture -> picture.captions().stream().map(encoding::ids).toArray(int[][]::new))
                        .toArray(int[][][]::new);
        return new CaptionDataset(part.examples(), captions, pixels);
    }

    @Override
    public int size() {
        return captions.length;
    }

    /// Returns the number of captions of all pictures.
    int captions() {
        return Arrays.stream(captions).mapToInt(of -> of.length).sum();
    }

    @Override
    public int length(int index) {
        return Arrays.stream(captions[index]).mapToInt(caption -> caption.length).max().orElse(0);
    }

    @Override
    public Batch batch(int[] indices, RandomSource random, Buffers buffers) {
        int count = indices.length;
        int most = 1;
        int steps = 1;
        for (int index : indices) {
            most = Math.max(most, captions[index].length);
            steps = Math.max(steps, length(index));
        }
        Shape targets = Shape.of(count, most, steps);
        int[] ids = buffers.ints(targets.size());
        Arrays.fill(ids, 0, targets.size(), NONE);
        Shape inputs = pixels.input().prepend(count);
        float[] values = buffers.floats(inputs.size());
        for (int i = 0; i < count; i++) {
            int[][] of = captions[indices[i]];
            for (int k = 0; k < of.length; k++) {
                System.arraycopy(of[k], 0, ids, (i * most + k) * steps, of[k].length);
            }
            byte[] from = pictures.get(indices[i]).pixels();
            pixels.put(from, Dataset.random(random, i), values, i * pixels.input().size());
        }
        return new Batch(new Values.Floats(inputs, values), new Values.Ints(targets, ids), count);
    }
}
