package lamella.layers.rnn;

import lamella.array.DType;
import lamella.array.Shape;
import lamella.array.ShapeException;
import lamella.nn.Fields;
import lamella.nn.Initializer;
import lamella.nn.Layer;
import lamella.nn.LayerSpec;
import lamella.nn.LayerType;
import lamella.nn.Scope;
import lamella.tensor.Parameter;
import lamella.tensor.Tensor;

/// A vector for each word, to which the vectors of the n-grams that end with it are added: "not good" has a vector of
/// its own.
///
/// There are far more n-grams than a table has rows, and most are rare. So an n-gram's row is a hash of its ids, and
/// n-grams that meet there share it: `y[t] = E[w[t]] + Σ B[hash(w[t−n+1], ..., w[t])]`, the sum over n = 2, ..., longest.
/// Id −1 stands for no word, as in [Embedding]; an n-gram that reaches into it, or beyond the beginning, has no vector.
///
/// ## Shapes
/// - input `[N, T]`, int32 ids in [−1, vocabulary)
/// - word `[vocabulary, dimensions]`, ngram `[buckets, dimensions]`
/// - output `[N, T, dimensions]`
///
/// ## Initial values
/// Words U(−0.05, 0.05), n-grams 0.
///
/// ## Errors
/// [ShapeException] if an example is not `[T]`; [IndexOutOfBoundsException] if an id is outside the vocabulary.
///
/// ## Source
/// Joulin et al., "Bag of tricks for efficient text classification", EACL 2017, section 2.1.
///
/// @param vocabulary the number of words, at least 1
/// @param dimensions the length of a vector, at least 1
/// @param longest words in the longest n-gram, at least 2
/// @param buckets rows for n-grams, at least 1
public record NgramEmbedding(int vocabulary, int dimensions, int longest, int buckets) implements LayerSpec {
    static final LayerType<NgramEmbedding> TYPE =
            LayerType.of("ngramEmbedding", NgramEmbedding.class, NgramEmbedding::read, NgramEmbedding::write);

    private static final float BOUND = 0.05f;

    /// Rejects sizes out of range.
    public NgramEmbedding {
        Checks.requireAtLeast("ngramEmbedding", "vocabulary", 1, vocabulary);
        Checks.requireAtLeast("ngramEmbedding", "dimensions", 1, dimensions);
        Checks.requireAtLeast("ngramEmbedding", "longest", 2, longest);
        Checks.requireAtLeast("ngramEmbedding", "buckets", 1, buckets);
    }

    private static NgramEmbedding read(Fields in) {
        return new NgramEmbedding(
                in.integer("vocabulary"), in.integer("dimensions"), in.integer("longest"), in.integer("buckets"));
    }

    private void write(Fields.Writer out) {
        out.put("vocabulary", vocabulary).put("dimensions", dimensions);
        out.put("longest", longest).put("buckets", buckets);
    }

    @Override
    public Layer build(Scope scope, Shape input) {
        Checks.requireAxes("ngramEmbedding", "T", input);
        Parameter word = scope.parameter("word", Shape.of(vocabulary, dimensions), Initializer.uniform(BOUND));
        Parameter ngram = scope.parameter("ngram", Shape.of(buckets, dimensions), Initializer.zeros());
        return new Built(this, word, ngram);
    }

    private record Built(NgramEmbedding spec, Parameter word, Parameter ngram) implements Layer {
        @Override
        public Tensor forward(Tensor ids) {
            Tensor sum = word.value().gather(ids);
            int steps = ids.shape().dim(1);
            for (int n = 2; n <= spec.longest; n++) {
                int length = n;
                Tensor rows = ids.mapInts(all -> rows(all, steps, length, spec.buckets));
                sum = sum.add(ngram.value().gather(rows));
            }
            return sum;
        }

        @Override
        public DType inputType() {
            return DType.INT32;
        }
    }

    /// Returns the row of the n-gram that ends at each step.
    static int[] rows(int[] ids, int steps, int length, int buckets) {
        int[] rows = new int[ids.length];
        for (int i = 0; i < ids.length; i++) {
            rows[i] = i % steps < length - 1 ? -1 : row(ids, i - length + 1, i, buckets);
        }
        return rows;
    }

    private static int row(int[] ids, int from, int to, int buckets) {
        int hash = to - from;
        for (int i = from; i <= to; i++) {
            if (ids[i] < 0) {
                return -1;
            }
            // the finaliser of MurmurHash3, so that neighbouring ids end up far apart
            hash = 31 * hash + ids[i];
            hash = (hash ^ hash >>> 16) * 0x85ebca6b;
            hash = (hash ^ hash >>> 13) * 0xc2b2ae35;
            hash ^= hash >>> 16;
        }
        return Math.floorMod(hash, buckets);
    }

    @Override
    public String toString() {
        return "ngramEmbedding(%d, %d, %d, %d)".formatted(vocabulary, dimensions, longest, buckets);
    }
}
