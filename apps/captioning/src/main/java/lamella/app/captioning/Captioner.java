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
        Model encoder = Model.build(new Named("encoder", design.encoder()), picture, backend, seed);
        Shape features = encoder.output();
        if (features.rank() != 3) {
            throw new IllegalArgumentException("the encoder makes %s, expected a map [C, H, W]".formatted(features));
        }
        Scope scope = Scope.root("decoder", backend, RandomSource.of(seed).split("parameters"));
        Decoder decoder = Decoder.build(design, scope, features.dim(0), words);
        return new Captioner(design, encoder, decoder);
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
    /// @param examples as [CaptionDataset] makes them, the longest caption first
    Tensor loss(Batch examples, Encoding encoding, Taught taught) {
        var targets = (Values.Padded) examples.targets();
        int[] captions = ((Values.Ints) targets.values()).elements();
        int[] lengths = targets.lengths();
        int batch = examples.size();
        int steps = targets.shape().dim(1);
        var run = new Run(decoder.start(encoder.forward(examples.inputs().to(backend()))), batch, taught);
        int[] labels = new int[Arrays.stream(lengths, 0, batch).sum()];
        int[] rows = new int[labels.length];
        int count = 0;
        for (int t = 0; t < steps; t++) {
            int[] before = new int[batch];
            for (int i = 0; i < batch && lengths[i] > t; i++) {
                before[i] = t == 0 ? encoding.begin() : captions[i * steps + t - 1];
                rows[count] = run.rows() + i;
                labels[count++] = captions[i * steps + t];
            }
            run.step(before, active(lengths, batch, t));
        }
        Tensor outputs =
                Tensor.concatenate(0, run.outputs.toArray(Tensor[]::new)).gather(ids(rows)); // [words, embedding]
        Tensor loss = Loss.crossEntropy(taught.smoothing()).of(decoder.logits(outputs), ids(labels));
        return taught.balance() > 0 && !run.weights.isEmpty() ? loss.add(run.imbalance(lengths)) : loss;
    }

    /// How many captions have a word at a step. The longest come first, so it is these.
    private static int active(int[] lengths, int batch, int t) {
        int count = 0;
        while (count < batch && lengths[count] > t) {
            count++;
        }
        return count;
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
        Tensor imbalance(int[] lengths) {
            int regions = weights.getFirst().shape().dim(1);
            float[] even = new float[batch];
            for (int i = 0; i < batch; i++) {
                even[i] = (float) -lengths[i] / regions;
            }
            Tensor off = Tensor.of(backend(), Shape.of(batch, 1), even).broadcastTo(Shape.of(batch, regions));
            for (int t = 0; t < weights.size(); t++) {
                Tensor looked = weights.get(t).slice(0, 0, active(lengths, batch, t));
                off = off.add(looked.pad(0, 0, batch - looked.shape().dim(0), 0));
            }
            return off.square().sum().multiply(taught.balance() / batch);
        }
    }
}
