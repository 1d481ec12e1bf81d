package lamella.app.captioning;

import lamella.array.Shape;
import lamella.backend.Backend;
import lamella.data.Batch;
import lamella.data.Values;
import lamella.nn.Loss;
import lamella.nn.Mode;
import lamella.nn.Model;
import lamella.nn.Named;
import lamella.nn.Scope;
import lamella.tensor.Parameter;
import lamella.tensor.RandomSource;
import lamella.tensor.Recurrence.State;
import lamella.tensor.Tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// A net from pictures to captions: an encoder that makes a map of features of a picture, and a decoder that says the
/// words.
final class Captioner {
    private static final String DECODER = "decoder";

    private final Design design;
    private final Model encoder;
    private final Decoder decoder;

    private Captioner(Design design, Model encoder, Decoder decoder) {
        this.design = design;
        this.encoder = encoder;
        this.decoder = decoder;
    }

    /// Builds a net.
    ///
    /// @param picture the shape of one picture, `[3, H, W]`
    /// @param words of the vocabulary
    static Captioner build(Design design, Shape picture, int words, Backend backend, long seed) {
        Model encoder = Model.build(named(design), picture, backend, seed);
        Scope scope = Scope.root(DECODER, backend, RandomSource.of(seed).split("parameters"));
        return of(design, encoder, scope, words);
    }

    /// Builds a net whose parameters are all 0, to be replaced by those of a file.
    ///
    /// @param picture the shape of one picture, `[3, H, W]`
    /// @param words of the vocabulary
    static Captioner blank(Design design, Shape picture, int words, Backend backend) {
        return of(design, Model.blank(named(design), picture, backend), Scope.blank(DECODER, backend), words);
    }

    private static Named named(Design design) {
        return new Named("encoder", design.encoder());
    }

    private static Captioner of(Design design, Model encoder, Scope scope, int words) {
        Shape features = encoder.output();
        if (features.rank() != 3) {
            throw new IllegalArgumentException("the encoder makes %s, expected a map [C, H, W]".formatted(features));
        }
        return new Captioner(design, encoder, Decoder.build(design, scope, features.dim(0), words));
    }

    Design design() {
        return design;
    }

    Model encoder() {
        return encoder;
    }

    Decoder decoder() {
        return decoder;
    }

    /// Returns the number of words of the vocabulary.
    int words() {
        return decoder.words();
    }

    Backend backend() {
        return encoder.backend();
    }

    /// Returns all parameters and buffers.
    List<Parameter> state() {
        var all = new ArrayList<>(encoder.state());
        all.addAll(decoder.parameters());
        return all;
    }

    /// Returns the parameters that are trained.
    List<Parameter> parameters() {
        return state().stream().filter(Parameter::trainable).toList();
    }

    /// Returns the number of parameters that are trained.
    long size() {
        return parameters().stream().mapToLong(parameter -> parameter.shape().size()).sum();
    }

    /// How a loss is taken.
    ///
    /// @param smoothing the fraction of a word's target that is spread over all words
    /// @param balance how much it matters that all regions are looked at alike over a caption
    /// @param ownWords the probability with which a word before is the net's own instead of the caption's
    record Taught(float smoothing, float balance, float ownWords) {
        /// The cross-entropy alone.
        static final Taught PLAIN = new Taught(0, 0, 0);
    }

    /// Returns the loss of captions, the mean over their words.
    ///
    /// @param examples as [CaptionDataset] makes them
    Tensor loss(Batch examples, Encoding encoding, Taught taught) {
        Lesson lesson = Lesson.of((Values.Ints) examples.targets());
        Tensor features = encoder.forward(examples.inputs().to(backend())); // [pictures, C, H, W]
        int batch = lesson.size();
        var run = new Run(decoder.start(chosen(features, lesson.pictures())), batch, taught);
        int[] labels = new int[lesson.words()];
        int[] rows = new int[labels.length];
        int count = 0;
        for (int t = 0; t < lesson.steps(); t++) {
            int active = lesson.active(t);
            int[] before = new int[batch];
            for (int i = 0; i < active; i++) {
                before[i] = t == 0 ? encoding.begin() : lesson.word(i, t - 1);
                rows[count] = run.rows() + i;
                labels[count++] = lesson.word(i, t);
            }
            run.step(before, active);
        }
        Tensor outputs =
                Tensor.concatenate(0, run.outputs.toArray(Tensor[]::new)).gather(ids(rows)); // [words, embedding]
        Tensor loss = Loss.crossEntropy(taught.smoothing()).of(decoder.logits(outputs), ids(labels));
        return taught.balance() > 0 && !run.weights.isEmpty() ? loss.add(run.imbalance(lesson)) : loss;
    }

    /// Returns features of pictures, in this order, one as often as it is asked for.
    Tensor chosen(Tensor features, int... pictures) {
        Shape one = features.shape().from(1);
        Tensor flat = features.reshape(Shape.of(features.shape().dim(0), one.size()));
        return flat.gather(ids(pictures)).reshape(one.prepend(pictures.length));
    }

    private Tensor ids(int... ids) {
        return Tensor.ofInts(backend(), Shape.of(ids.length), ids);
    }

    /// A pass over the steps of captions, the longest first. Those that have ended are left out, though not at each
    /// step: it costs something, too.
    private final class Run {
        private static final double ENOUGH = 0.8;

        private final int batch;
        private final Taught taught;
        private final boolean own;
        private final List<Tensor> outputs = new ArrayList<>();
        private final List<Tensor> weights = new ArrayList<>();
        private Decoder.Start start;
        private State state;
        private int going;
        private int rows;
        private Optional<int[]> said = Optional.empty();

        Run(Decoder.Start start, int batch, Taught taught) {
            this.start = start;
            this.batch = batch;
            this.taught = taught;
            own = taught.ownWords() > 0 && Mode.training();
            state = start.state();
            going = batch;
        }

        /// The outputs of all steps so far.
        int rows() {
            return rows;
        }

        /// @param before the words before
        /// @param active how many of the captions, from the first on, have a word at this step
        void step(int[] before, int active) {
            if (active < ENOUGH * going) {
                start = decoder.first(state, start, active);
                state = start.state();
                going = active;
            }
            said.ifPresent(words -> mix(before, words, active));
            Tensor word = decoder.embed(ids(Arrays.copyOf(before, going)));
            Decoder.Step step = decoder.step(word, state, start);
            state = step.state();
            outputs.add(step.output());
            rows += going;
            step.weights().ifPresent(weights::add);
            if (own) {
                said = Optional.of(decoder.logits(step.output().detach()).argMax(1).toInts());
            }
        }

        /// Scheduled sampling, after Bengio et al., "Scheduled sampling for sequence prediction with recurrent neural
        /// networks", NIPS 2015: some words before become those that the net would have said. No gradient flows through
        /// the choice.
        private void mix(int[] before, int[] words, int active) {
            for (int i = 0; i < active; i++) {
                if (Mode.random().nextFloat() < taught.ownWords()) {
                    before[i] = words[i];
                }
            }
        }

        /// Doubly stochastic attention: λ · Σ over regions of (steps / regions − Σ over steps of the weights)², the
        /// mean over the captions. Each region ought to be looked at as much as any other.
        Tensor imbalance(Lesson lesson) {
            int regions = weights.getFirst().shape().dim(1);
            float[] even = new float[batch];
            for (int i = 0; i < batch; i++) {
                even[i] = (float) -lesson.length(i) / regions;
            }
            Tensor off = Tensor.of(backend(), Shape.of(batch, 1), even).broadcastTo(Shape.of(batch, regions));
            for (int t = 0; t < weights.size(); t++) {
                Tensor looked = weights.get(t).slice(0, 0, lesson.active(t));
                off = off.add(looked.pad(0, 0, batch - looked.shape().dim(0), 0));
            }
            return off.square().sum().multiply(taught.balance() / batch);
        }
    }
}
