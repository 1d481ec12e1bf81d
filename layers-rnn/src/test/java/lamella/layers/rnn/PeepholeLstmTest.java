package lamella.layers.rnn;

import static lamella.layers.rnn.RnnLayers.lstm;

import lamella.array.Shape;
import lamella.tck.SequenceTck;

import java.util.List;

class PeepholeLstmTest extends SequenceTck {
    @Override
    protected Facts facts() {
        double glorot = Math.sqrt(6.0 / (2 + 3));
        return new Facts(
                lstm(3).peepholes().recurrentDropout(0.25),
                "lstm(3).peepholes().recurrentDropout(0.25)",
                Shape.of(4, 2),
                Shape.of(3),
                List.of(
                        State.parameter("inputWeight", Shape.of(12, 2), -glorot, glorot),
                        State.parameter("hiddenWeight", Shape.of(12, 3), -1, 1),
                        State.fixed("bias", Shape.of(12), 0, 1),
                        State.parameter("peephole", Shape.of(9), 0, 0)));
    }
}
