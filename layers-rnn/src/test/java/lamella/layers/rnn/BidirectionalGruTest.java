package lamella.layers.rnn;

import static lamella.layers.rnn.RnnLayers.gru;

import lamella.array.Shape;
import lamella.tck.SequenceTck;

import java.util.List;

class BidirectionalGruTest extends SequenceTck {
    @Override
    protected Facts facts() {
        double glorot = Math.sqrt(6.0 / (2 + 3));
        return new Facts(
                gru(3).bidirectional(Merge.SUM).recurrentDropout(0.25),
                "gru(3).bidirectional(Merge.SUM).recurrentDropout(0.25)",
                Shape.of(4, 2),
                Shape.of(3),
                List.of(
                        State.parameter("forward.inputWeight", Shape.of(9, 2), -glorot, glorot),
                        State.parameter("forward.hiddenWeight", Shape.of(9, 3), -1, 1),
                        State.parameter("forward.bias", Shape.of(9), 0, 0),
                        State.parameter("forward.candidateBias", Shape.of(3), 0, 0),
                        State.parameter("backward.inputWeight", Shape.of(9, 2), -glorot, glorot),
                        State.parameter("backward.hiddenWeight", Shape.of(9, 3), -1, 1),
                        State.parameter("backward.bias", Shape.of(9), 0, 0),
                        State.parameter("backward.candidateBias", Shape.of(3), 0, 0)));
    }
}
