package lamella.app.imdb.tour;

import static lamella.layers.rnn.RnnLayers.lstm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import lamella.array.Shape;
import lamella.backend.Backend;
import lamella.nn.Scope;
import lamella.tensor.RandomSource;
import lamella.tensor.Tensor;

import org.junit.jupiter.api.Test;

import java.util.Arrays;

class ReaderTest {
    private static final int BATCH = 3;
    private static final int STEPS = 6;
    private static final int FEATURES = 4;

    private static Reader reader(Backend backend) {
        Scope scope = Scope.root("", backend, RandomSource.of(1));
        return Reader.create(scope, x -> x, FEATURES, lstm(8), 2);
    }

    private static Tensor random(Backend backend) {
        return RandomSource.of(2).uniform(backend, Shape.of(BATCH, STEPS, FEATURES), -1, 1);
    }

    private static float[] answers(Reader reader, Tensor x) {
        return reader.read(x, reader.begin(BATCH)).answers().toFloats();
    }

    @Test
    void readsOnWhereItStopped() {
        Cpu.with(
                1,
                backend -> {
                    Reader reader = reader(backend);
                    Tensor x = random(backend);
                    Reader.Output first = reader.read(x.slice(1, 0, 2), reader.begin(BATCH));
                    Reader.Output second = reader.read(x.slice(1, 2, STEPS), first.state().detach());
                    Tensor pieces = Tensor.concatenate(1, first.answers(), second.answers());
                    assertArrayEquals(answers(reader, x), pieces.toFloats(), 1e-6f);
                    return null;
                });
    }

    @Test
    void withoutMemoryAnAnswerDependsOnItsStepAlone() {
        Cpu.with(
                1,
                backend -> {
                    Reader with = reader(backend);
                    Reader without = with.withoutMemory();
                    Tensor x = random(backend);
                    // a step of the reversed sequence is answered as where it stood before
                    float[] backward = without.read(x.reverse(1), without.begin(BATCH)).answers().reverse(1).toFloats();
                    assertArrayEquals(answers(without, x), backward, 1e-6f);
                    float[] remembered = with.read(x.reverse(1), with.begin(BATCH)).answers().reverse(1).toFloats();
                    assertFalse(Arrays.equals(answers(with, x), remembered));
                    // where nothing came before, both are alike
                    Tensor start = x.slice(1, 0, 1);
                    assertArrayEquals(answers(with, start), answers(without, start), 0);
                    return null;
                });
    }
}
