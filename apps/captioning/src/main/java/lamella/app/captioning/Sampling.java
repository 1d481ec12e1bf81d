package lamella.app.captioning;

import lamella.array.Shape;
import lamella.tensor.Memory;
import lamella.tensor.RandomSource;
import lamella.tensor.Recurrence.State;
import lamella.tensor.Tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// Draws each word at random, from the probabilities that the net gives: softmax(logits / temperature) over the
/// likeliest words. At the longest caption only the mark of the end is allowed, so there is none without an end.
///
/// A caption depends on the seed and the picture's place in its batch, not on the other pictures.
///
/// @param temperature above 0; below 1 likely words become likelier
/// @param words how many of the likeliest words are drawn from, at least 1
/// @param seed of the random numbers
record Sampling(float temperature, int words, long seed) implements Saying {
    /// Rejects values out of range.
    Sampling {
        if (!(temperature > 0 && Float.isFinite(temperature))) {
            throw new IllegalArgumentException("sampling: temperature must be above 0 and finite, got " + temperature);
        }
        if (words < 1) {
            throw new IllegalArgumentException("sampling: words must be at least 1, got " + words);
        }
    }

    @Override
    public List<Said> say(Captioner captioner, Tensor pictures, Encoding encoding, boolean keepWeights) {
        int batch = pictures.shape().dim(0);
        var drawing = new Drawing(encoding, batch);
        Memory.scope(
                () -> {
                    Decoder decoder = captioner.decoder();
                    Decoder.Start start = decoder.start(captioner.encoder().forward(pictures));
                    State state = start.state();
                    for (int t = 0; drawing.goesOn(); t++) {
                        Tensor ids = Tensor.ofInts(captioner.backend(), Shape.of(batch), drawing.before);
                        Decoder.Step step = decoder.step(decoder.embed(ids), state, start);
                        float[] logs = decoder.logits(step.output()).logSoftmax().toFloats();
                        if (keepWeights) {
                            step.weights().ifPresent(weights -> drawing.look(weights.toFloats()));
                        }
                        drawing.advance(t, logs);
                        state = step.state();
                    }
                });
        return drawing.said();
    }

    /// The captions of a batch while they grow.
    private final class Drawing {
        private final Encoding encoding;
        private final int[] before;
        private final double[] scores;
        private final boolean[] ended;
        private final List<RandomSource> randoms;
        private final List<List<Integer>> ids = new ArrayList<>();
        private final List<List<float[]>> weights = new ArrayList<>();

        Drawing(Encoding encoding, int batch) {
            this.encoding = encoding;
            before = new int[batch];
            Arrays.fill(before, encoding.begin());
            scores = new double[batch];
            ended = new boolean[batch];
            randoms = IntStream.range(0, batch).mapToObj(i -> RandomSource.of(seed).split("caption" + i)).toList();
            for (int i = 0; i < batch; i++) {
                ids.add(new ArrayList<>());
                weights.add(new ArrayList<>());
            }
        }

        boolean goesOn() {
            return IntStream.range(0, ended.length).anyMatch(i -> !ended[i]);
        }

        void look(float[] all) {
            int regions = all.length / ended.length;
            for (int i = 0; i < ended.length; i++) {
                if (!ended[i]) {
                    weights.get(i).add(Arrays.copyOfRange(all, i * regions, (i + 1) * regions));
                }
            }
        }

        void advance(int t, float[] logs) {
            int vocabulary = encoding.vocabulary().size();
            for (int i = 0; i < ended.length; i++) {
                if (ended[i]) {
                    continue;
                }
                int row = i * vocabulary;
                int word = t < encoding.longest() ? draw(logs, row, randoms.get(i)) : encoding.end();
                scores[i] += logs[row + word];
                before[i] = word;
                ended[i] = word == encoding.end();
                if (!ended[i]) {
                    ids.get(i).add(word);
                }
            }
        }

        private int draw(float[] logs, int row, RandomSource random) {
            int[] likeliest =
                    IntStream.range(0, encoding.vocabulary().size())
                            .filter(encoding::isSaid)
                            .boxed()
                            .sorted(Comparator.comparingDouble(word -> -logs[row + word]))
                            .limit(words)
                            .mapToInt(Integer::intValue)
                            .toArray();
            double top = logs[row + likeliest[0]];
            double sum = 0;
            for (int word : likeliest) {
                sum += Math.exp((logs[row + word] - top) / temperature);
            }
            double left = random.nextDouble() * sum;
            for (int word : likeliest) {
                left -= Math.exp((logs[row + word] - top) / temperature);
                if (left < 0) {
                    return word;
                }
            }
            return likeliest[0];
        }

        List<Said> said() {
            return IntStream.range(0, ended.length)
                    .mapToObj(
                            i -> {
                                List<float[]> looked = weights.get(i);
                                int words = ids.get(i).size();
                                return new Said(
                                        ids.get(i).stream().mapToInt(Integer::intValue).toArray(),
                                        scores[i],
                                        looked.isEmpty() ? looked : looked.subList(0, words));
                            })
                    .toList();
        }
    }
}
