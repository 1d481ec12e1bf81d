package lamella.app.captioning;

import lamella.app.captioning.data.Captioned;
import lamella.app.captioning.data.Part;
import lamella.array.Shape;
import lamella.data.Batch;
import lamella.data.Buffers;
import lamella.data.Dataset;
import lamella.data.Values;
import lamella.tensor.RandomSource;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// Pictures with the numbers of their captions' words. A picture with five captions is five examples.
///
/// The examples of a batch are put in order, the longest caption first. A batch has inputs `[N, 3, H, W]` and targets
/// [Values.Padded]: int32 ids `[N, T]`, the mark of the end the last, −1 behind it.
final class CaptionDataset implements Dataset {
    private static final int NONE = -1;

    private final List<Captioned> pictures;
    private final int[] picture;
    private final int[][] captions;
    private final Pixels pixels;

    private CaptionDataset(List<Captioned> pictures, int[] picture, int[][] captions, Pixels pixels) {
        this.pictures = pictures;
        this.picture = picture;
        this.captions = captions;
        this.pixels = pixels;
    }

    /// Returns the examples of a part.
    ///
    /// @param pixels makes numbers of a picture whenever it enters a batch
    static CaptionDataset of(Part part, Encoding encoding, Pixels pixels) {
        var picture = new ArrayList<Integer>();
        var captions = new ArrayList<int[]>();
        for (int i = 0; i < part.size(); i++) {
            for (String caption : part.examples().get(i).captions()) {
                picture.add(i);
                captions.add(encoding.ids(caption));
            }
        }
        return new CaptionDataset(
                part.examples(),
                picture.stream().mapToInt(Integer::intValue).toArray(),
                captions.toArray(int[][]::new),
                pixels);
    }

    @Override
    public int size() {
        return picture.length;
    }

    @Override
    public int length(int index) {
        return captions[index].length;
    }

    @Override
    public Batch batch(int[] indices, RandomSource random, Buffers buffers) {
        int count = indices.length;
        int[] places =
                IntStream.range(0, count)
                        .boxed()
                        .sorted(Comparator.comparingInt(place -> -captions[indices[place]].length))
                        .mapToInt(Integer::intValue)
                        .toArray();
        int[] lengths = buffers.ints(count);
        for (int i = 0; i < count; i++) {
            lengths[i] = captions[indices[places[i]]].length;
        }
        int steps = Math.max(1, count == 0 ? 0 : lengths[0]);
        int[] ids = buffers.ints(count * steps);
        Shape inputs = pixels.input().prepend(count);
        float[] values = buffers.floats(inputs.size());
        for (int i = 0; i < count; i++) {
            int index = indices[places[i]];
            System.arraycopy(captions[index], 0, ids, i * steps, lengths[i]);
            Arrays.fill(ids, i * steps + lengths[i], (i + 1) * steps, NONE);
            byte[] from = pictures.get(picture[index]).pixels();
            pixels.put(from, Dataset.random(random, places[i]), values, i * pixels.input().size());
        }
        var targets = new Values.Padded(new Values.Ints(Shape.of(count, steps), ids), lengths);
        return new Batch(new Values.Floats(inputs, values), targets, count);
    }
}
