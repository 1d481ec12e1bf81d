package lamella.app.imdb.tour;

import static lamella.optim.Optimizers.adam;

import lamella.app.imdb.tour.Sentence.Fault;
import lamella.app.imdb.tour.TruncatedTraining.Stretch;
import lamella.array.Shape;
import lamella.backend.Backend;
import lamella.layers.rnn.RecurrentSpec;
import lamella.layers.rnn.RecurrentState;
import lamella.layers.rnn.RnnLayers;
import lamella.nn.Loss;
import lamella.nn.Scope;
import lamella.optim.OptimizerSpec;
import lamella.optim.Schedule;
import lamella.tensor.RandomSource;
import lamella.tensor.Tensor;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// Nets that learn to speak a language of five words ([Word]), with and without memory.
///
/// In a sentence of four words two are free: the first name, one of three, and the second, one of two. A net that
/// remembers needs (ln 3 + ln 2) / 4 = 0.448 nats a word and no net needs less. One that knows the word before alone
/// cannot tell whether a name is the first or the second (`met` or the full stop, ln 2 at both names), nor which name
/// `met` followed (ln 3): (ln 3 + ln 2 + ln 3 + ln 2) / 4 = 0.896 nats, twice as many.
///
/// When such a net speaks, after each name it stops with probability 1/2 and after `met` it takes any name. So half of
/// its sentences are too short, a quarter too long, 1/12 name one person twice, 1/6 are right; of all meetings, in
/// sentences of any length, a third are those of someone with themselves.
final class FiveWords {
    /// What a net can need at least, nats a word.
    static final double WITH_MEMORY = (Math.log(3) + Math.log(2)) / 4;

    static final double WITHOUT_MEMORY = (Math.log(3) + Math.log(2)) / 2;

    private static final int WORDS = Word.values().length;
    private static final int DIMENSIONS = 8;
    private static final int HIDDEN = 16;
    private static final int TEXTS = 32;
    private static final int STEPS = 16;
    private static final int STRETCHES = 12;
    private static final OptimizerSpec RECIPE = adam(0.02);

    private final Backend backend;
    private final RandomSource random;
    private final int passes;
    private final int sentences;

    /// @param passes how often a net learns from 32 new texts of 192 words
    /// @param sentences how many it says afterwards
    FiveWords(Backend backend, long seed, int passes, int sentences) {
        this.backend = backend;
        random = RandomSource.of(seed).split("five words");
        this.passes = passes;
        this.sentences = sentences;
    }

    /// How a net speaks.
    ///
    /// @param net its name
    /// @param loss cross-entropy on new text, nats a word
    /// @param least what a net with such a memory needs at least
    /// @param said its sentences
    record Result(String net, double loss, double least, List<Sentence> said) {
        /// Copies the list.
        Result {
            said = List.copyOf(said);
        }

        /// Returns how many sentences have each fault.
        Map<Fault, Integer> faults() {
            var counts = new EnumMap<Fault, Integer>(Fault.class);
            for (Fault fault : Fault.values()) {
                counts.put(fault, (int) said.stream().filter(s -> s.fault() == fault).count());
            }
            return counts;
        }

        /// Returns the share of sentences that are no sentences of the language.
        double wrong() {
            return 1 - faults().get(Fault.NONE) / (double) said.size();
        }

        /// Returns the share of meetings at which someone met themselves.
        double selfMeetings() {
            int self = said.stream().mapToInt(Sentence::selfMeetings).sum();
            return self / (double) Math.max(1, said.stream().mapToInt(Sentence::meetings).sum());
        }
    }

    /// Returns a simple recurrent net that sees one word and nothing of those before.
    Result oneWord() {
        return learn("RNN, one word", net(RnnLayers.rnn(HIDDEN)).withoutMemory(), WITHOUT_MEMORY);
    }

    /// Returns a simple recurrent net with its memory.
    Result rnn() {
        return learn("RNN", net(RnnLayers.rnn(HIDDEN)), WITH_MEMORY);
    }

    /// Returns a long short-term memory.
    Result lstm() {
        return learn("LSTM", net(RnnLayers.lstm(HIDDEN)), WITH_MEMORY);
    }

    private Reader net(RecurrentSpec<?> memory) {
        Scope scope = Scope.root("", backend, random.split("parameters"));
        var words = RnnLayers.embedding(WORDS, DIMENSIONS).build(scope.child("words"), Shape.of(1));
        return Reader.create(scope, words, DIMENSIONS, memory, WORDS);
    }

    private Result learn(String name, Reader net, double least) {
        Schedule schedule = Schedule.cosine(passes * STRETCHES, 0);
        var training = new TruncatedTraining(net, Loss.crossEntropy(), RECIPE, schedule);
        for (int pass = 1; pass <= passes; pass++) {
            training.pass(text("pass" + pass));
        }
        return new Result(name, loss(net), least, say(net));
    }

    /// Texts in stretches; the target of each word is the word after it. They begin anywhere in a sentence.
    private List<Stretch> text(String name) {
        RandomSource source = random.split(name);
        var speakers = new ArrayList<Speaker>();
        for (int n = 0; n < TEXTS; n++) {
            speakers.add(new Speaker(source.split("speaker" + n), n % Speaker.SENTENCE));
        }
        int[] before = speakers.stream().mapToInt(Speaker::next).toArray();
        var text = new ArrayList<Stretch>();
        for (int i = 0; i < STRETCHES; i++) {
            text.add(stretch(speakers, before));
        }
        return text;
    }

    /// Leaves in `before` the last word of each.
    private Stretch stretch(List<Speaker> speakers, int[] before) {
        int[] words = new int[TEXTS * STEPS];
        int[] next = new int[TEXTS * STEPS];
        for (int i = 0; i < words.length; i++) {
            int n = i / STEPS;
            words[i] = before[n];
            next[i] = speakers.get(n).next();
            before[n] = next[i];
        }
        Shape shape = Shape.of(TEXTS, STEPS);
        return new Stretch(Tensor.ofInts(backend, shape, words), Tensor.ofInts(backend, shape, next));
    }

    /// The first stretch, in which a net finds out where in a sentence it is, does not count.
    private double loss(Reader net) {
        double sum = 0;
        RecurrentState state = net.begin(TEXTS);
        List<Stretch> test = text("test");
        for (Stretch stretch : test) {
            Reader.Output output = net.read(stretch.input(), state);
            state = output.state();
            if (stretch != test.getFirst()) {
                sum += Loss.crossEntropy().of(output.answers(), stretch.target()).item();
            }
        }
        return sum / (STRETCHES - 1);
    }

    /// Draws each word with the net's probabilities, and lets the net read it, after a full stop at the beginning.
    private List<Sentence> say(Reader net) {
        RandomSource choice = random.split("choice");
        var said = new ArrayList<Sentence>();
        var words = new ArrayList<Word>();
        RecurrentState state = net.begin(1);
        Word last = Word.STOP;
        while (said.size() < sentences) {
            Tensor word = Tensor.ofInts(backend, Shape.of(1, 1), last.ordinal());
            Reader.Output output = net.read(word, state);
            state = output.state();
            last = draw(output.answers().softmax().toFloats(), choice.nextFloat());
            words.add(last);
            if (last == Word.STOP) {
                said.add(new Sentence(words));
                words.clear();
            }
        }
        return said;
    }

    /// Returns the word at a place in [0, 1) of the probabilities in a row.
    private static Word draw(float[] probabilities, float place) {
        int id = 0;
        float behind = probabilities[0];
        while (place >= behind && id < WORDS - 1) {
            id++;
            behind += probabilities[id];
        }
        return Word.of(id);
    }
}
