package lamella.app.captioning;

import lamella.array.Shape;
import lamella.backend.Backend;
import lamella.tensor.Memory;
import lamella.tensor.Recurrence.State;
import lamella.tensor.Tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// Finds likely captions of pictures, all of a batch at once.
///
/// A beam search keeps a few beginnings of a caption at a time, the likeliest ones, and goes on by a word from each.
/// What has reached its end is measured by `ln p / length^normalization`, the mark of the end counted, so that long
/// captions have a chance; the search is over when as many have ended as it keeps. With a width of 1 it is the greedy
/// search. At the longest caption only the mark of the end is allowed, so there is none without an end.
///
/// ## Source
/// The length normalisation is that of Wu et al., "Google's neural machine translation system", 2016, section 7,
/// without its constants.
///
/// @param width how many beginnings it keeps
/// @param normalization the power of the length, 0 for none
record Search(int width, float normalization) implements Saying {
    /// Rejects a width below 1.
    Search {
        if (width < 1) {
            throw new IllegalArgumentException("beam: width must be at least 1, got " + width);
        }
    }

    /// Takes the likeliest word each time.
    static Search greedy() {
        return new Search(1, 0);
    }

    /// The beginning of a caption, and the words before it, linked backwards.
    private record Beginning(
            Optional<Beginning> before, int word, double score, int length, Optional<float[]> weights) {
        static final Beginning EMPTY = new Beginning(Optional.empty(), -1, 0, 0, Optional.empty());

        Said said(double normalization) {
            int[] ids = new int[length - 1]; // without the end
            var looked = new ArrayList<float[]>();
            Beginning at = before.orElseThrow();
            for (int i = ids.length - 1; i >= 0; i--) {
                ids[i] = at.word;
                at.weights.ifPresent(looked::add);
                at = at.before.orElseThrow();
            }
            return new Said(ids, score / Math.pow(length, normalization), looked.reversed());
        }
    }

    /// The search in one picture.
    private static final class Hunt {
        private final List<Said> ended = new ArrayList<>();
        private List<Beginning> live = List.of(Beginning.EMPTY);
    }

    /// A way to go on.
    private record Candidate(int beam, int word, double score) {}

    @Override
    public List<Said> say(Captioner captioner, Tensor pictures, Encoding encoding, boolean keepWeights) {
        var found = new ArrayList<Said>();
        Memory.scope(() -> new Pass(captioner, encoding, keepWeights).run(pictures, found));
        return found;
    }

    private final class Pass {
        private final Decoder decoder;
        private final Captioner captioner;
        private final Encoding encoding;
        private final boolean keepWeights;
        private List<Hunt> hunts;

        Pass(Captioner captioner, Encoding encoding, boolean keepWeights) {
            this.captioner = captioner;
            this.encoding = encoding;
            this.keepWeights = keepWeights;
            decoder = captioner.decoder();
        }

        void run(Tensor pictures, List<Said> found) {
            int batch = pictures.shape().dim(0);
            hunts = IntStream.range(0, batch).mapToObj(_ -> new Hunt()).toList();
            Tensor features = captioner.encoder().forward(pictures);
            int[] rows = IntStream.range(0, batch * width).map(row -> row / width).toArray();
            Decoder.Start start = decoder.start(repeated(features, rows));
            State state = start.state();
            int[] words = new int[rows.length];
            Arrays.fill(words, encoding.begin());
            for (int t = 0; hunts.stream().anyMatch(hunt -> !isOver(hunt)); t++) {
                Decoder.Step step = decoder.step(decoder.embed(ids(words)), state, start);
                float[] logs = decoder.logits(step.output()).logSoftmax().toFloats();
                Optional<float[]> weights = step.weights().filter(_ -> keepWeights).map(Tensor::toFloats);
                int[] from = IntStream.range(0, rows.length).toArray();
                for (int i = 0; i < batch; i++) {
                    if (!isOver(hunts.get(i))) {
                        advance(i, t, logs, weights, from, words);
                    }
                }
                state = width == 1 ? step.state() : chosen(step.state(), from);
            }
            hunts.forEach(hunt -> found.add(hunt.ended.stream().max(Comparator.comparingDouble(Said::score)).get()));
        }

        private boolean isOver(Hunt hunt) {
            return hunt.ended.size() >= width || hunt.live.isEmpty();
        }

        private void advance(int picture, int t, float[] logs, Optional<float[]> weights, int[] from, int[] words) {
            Hunt hunt = hunts.get(picture);
            int first = picture * width;
            var next = new ArrayList<Beginning>();
            List<Candidate> candidates = candidates(hunt, first, t, logs);
            for (int rank = 0; rank < candidates.size() && next.size() < width; rank++) {
                Candidate candidate = candidates.get(rank);
                Beginning before = hunt.live.get(candidate.beam);
                var beginning =
                        new Beginning(
                                Optional.of(before),
                                candidate.word,
                                candidate.score,
                                before.length + 1,
                                weights.map(all -> row(all, first + candidate.beam)));
                if (candidate.word != encoding.end()) {
                    from[first + next.size()] = first + candidate.beam;
                    words[first + next.size()] = candidate.word;
                    next.add(beginning);
                } else if (rank < width) {
                    hunt.ended.add(beginning.said(normalization));
                }
            }
            hunt.live = next;
        }

        private float[] row(float[] all, int row) {
            int size = all.length / (hunts.size() * width);
            return Arrays.copyOfRange(all, row * size, (row + 1) * size);
        }

        /// The best ways to go on, twice as many as are kept, since half of them may be ends.
        private List<Candidate> candidates(Hunt hunt, int first, int t, float[] logs) {
            int vocabulary = encoding.vocabulary().size();
            int most = 2 * width;
            var best = new ArrayList<Candidate>();
            for (int beam = 0; beam < hunt.live.size(); beam++) {
                double before = hunt.live.get(beam).score;
                int row = (first + beam) * vocabulary;
                for (int word = 0; word < vocabulary; word++) {
                    boolean allowed = t < encoding.longest() ? encoding.isSaid(word) : word == encoding.end();
                    double score = before + logs[row + word];
                    if (allowed && (best.size() < most || score > best.getLast().score)) {
                        insert(best, new Candidate(beam, word, score), most);
                    }
                }
            }
            return best;
        }

        private static void insert(List<Candidate> best, Candidate candidate, int most) {
            int at = best.size();
            while (at > 0 && best.get(at - 1).score < candidate.score) {
                at--;
            }
            best.add(at, candidate);
            if (best.size() > most) {
                best.removeLast();
            }
        }

        private Tensor ids(int[] ids) {
            return Tensor.ofInts(backend(), Shape.of(ids.length), ids);
        }

        private Backend backend() {
            return captioner.backend();
        }

        private Tensor repeated(Tensor features, int[] rows) {
            if (width == 1) {
                return features;
            }
            return captioner.chosen(features, rows);
        }

        private State chosen(State state, int[] from) {
            Tensor rows = ids(from);
            return new State(state.hidden().gather(rows), state.cell().map(cell -> cell.gather(rows)));
        }
    }
}
