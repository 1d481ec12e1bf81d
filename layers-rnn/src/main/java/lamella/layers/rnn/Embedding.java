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

import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;

/// A vector for each word of a vocabulary, found by the word's id.
///
/// Id −1 stands for no word: its vector is 0 and gets no gradient, and so is that of the padding, whatever ids stand in
/// it. Where texts mark padding, or words that shall not count, by an id of their own, [#padding(int)] makes that id mean
/// the same; its row of the table begins as 0 and stays so.
///
/// Vectors learnt elsewhere are read into a built model by [WordVectors]; [#frozen()] keeps them from being trained.
///
/// ## Shapes
/// - input `[N, T]`, int32 ids in [−1, vocabulary)
/// - weight `[vocabulary, dimensions]`, a buffer where frozen
/// - output `[N, T, dimensions]`
///
/// ## Initial values
/// U(−0.05, 0.05).
///
/// ## Errors
/// [ShapeException] if an example is not `[T]`; [IndexOutOfBoundsException] if an id is outside the vocabulary.
///
/// {@snippet :
/// LayerSpec net = sequential(embedding(20_000, 128), lstm(64), dense(1));
/// }
///
/// @param vocabulary the number of words, at least 1
/// @param dimensions the length of a vector, at least 1
/// @param padding an id that means the same as −1
/// @param trainable whether the vectors are trained
public record Embedding(int vocabulary, int dimensions, OptionalInt padding, boolean trainable) implements LayerSpec {
    static final LayerType<Embedding> TYPE =
            LayerType.of("embedding", Embedding.class, Embedding::read, Embedding::write);

    private static final float BOUND = 0.05f;
    private static final int NO_WORD = -1;

    /// Rejects sizes below 1, and a padding id that is outside the vocabulary.
    public Embedding {
        Checks.requireAtLeast("embedding", "vocabulary", 1, vocabulary);
        Checks.requireAtLeast("embedding", "dimensions", 1, dimensions);
        if (padding.isPresent() && (padding.getAsInt() < 0 || padding.getAsInt() >= vocabulary)) {
            throw new IllegalArgumentException(
                    "embedding: padding must be in [0, %d), got %d".formatted(vocabulary, padding.getAsInt()));
        }
    }

    private static Embedding read(Fields in) {
        int padding = in.integer("padding", NO_WORD);
        return new Embedding(
                in.integer("vocabulary"),
                in.integer("dimensions"),
                padding == NO_WORD ? OptionalInt.empty() : OptionalInt.of(padding),
                in.flag("trainable", true));
    }

    private void write(Fields.Writer out) {
        out.put("vocabulary", vocabulary).put("dimensions", dimensions);
        out.put("padding", padding.orElse(NO_WORD)).put("trainable", trainable);
    }

    /// Returns this layer with an id that stands for no word.
    public Embedding padding(int id) {
        return new Embedding(vocabulary, dimensions, OptionalInt.of(id), trainable);
    }

    /// Returns this layer with vectors that are not trained.
    public Embedding frozen() {
        return new Embedding(vocabulary, dimensions, padding, false);
    }

    @Override
    public Layer build(Scope scope, Shape input) {
        Checks.requireAxes("embedding", "T", input);
        Shape shape = Shape.of(vocabulary, dimensions);
        Initializer initial = padding.isPresent() ? withZeros(padding.getAsInt()) : Initializer.uniform(BOUND);
        Parameter weight =
                trainable ? scope.parameter("weight", shape, initial) : scope.buffer("weight", shape, initial);
        return new Built(vocabulary, weight, padding.isPresent() ? Optional.of(words(scope)) : Optional.empty());
    }

    /// Makes `[vocabulary, 1]`: 1 for each word, 0 for the padding.
    private Tensor words(Scope scope) {
        return scope.constant(
                "words",
                Shape.of(vocabulary, 1),
                () -> {
                    float[] words = new float[vocabulary];
                    Arrays.fill(words, 1);
                    words[padding.getAsInt()] = 0;
                    return words;
                });
    }

    /// Uniform, but for zeros in one row.
    private static Initializer withZeros(int row) {
        return (backend, shape, random) -> {
            Tensor table = Initializer.uniform(BOUND).create(backend, shape, random);
            Tensor zeros = Tensor.zeros(backend, shape.with(0, 1));
            return Tensor.concatenate(0, table.slice(0, 0, row), zeros, table.slice(0, row + 1, shape.dim(0)));
        };
    }

    private record Built(int vocabulary, Parameter weight, Optional<Tensor> words) implements Layer {
        @Override
        public Tensor forward(Tensor ids) {
            Tensor vectors = gather(ids);
            if (words.isEmpty()) {
                return vectors;
            }
            Tensor isWord = words.get().gather(ids).broadcastTo(vectors.shape());
            return isWord.select(vectors, Tensor.zeros(vectors.backend(), vectors.shape()));
        }

        private Tensor gather(Tensor ids) {
            try {
                return weight.value().gather(ids);
            } catch (IndexOutOfBoundsException e) {
                throw new IndexOutOfBoundsException(
                        "embedding: an id is neither in the vocabulary of %d words nor -1 (no word)\n  %s\n  at %s"
                                .formatted(vocabulary, e.getMessage(), weight.path()));
            }
        }

        @Override
        public DType inputType() {
            return DType.INT32;
        }
    }

    @Override
    public String toString() {
        return "embedding("
                + vocabulary
                + ", "
                + dimensions
                + ")"
                + (padding.isPresent() ? ".padding(" + padding.getAsInt() + ")" : "")
                + (trainable ? "" : ".frozen()");
    }
}
