package lamella.layers.rnn;

import static lamella.layers.rnn.RnnLayers.lstm;

import lamella.array.Shape;
import lamella.tck.SequenceTck;

import java.util.List;

class StackedLstmTest extends SequenceTck {
    @Override
    protected Facts facts() {
        double first = Math.sqrt(6.0 / (3 + 2));
        double second = Math.sqrt(6.0 / (4 + 2));
        return new Facts(
                lstm(2).layers(2).bidirectional().everyState(),
                "lstm(2).layers(2).bidirectional().everyState()",
                Shape.of(4, 3),
                Shape.of(4, 4),
                List.of(
                        State.parameter("layer1.forward.inputWeight", Shape.of(8, 3), -first, first),
                        State.parameter("layer1.forward.hiddenWeight", Shape.of(8, 2), -1, 1),
                        State.fixed("layer1.forward.bias", Shape.of(8), 0, 1),
                        State.parameter("layer1.backward.inputWeight", Shape.of(8, 3), -first, first),
                        State.parameter("layer1.backward.hiddenWeight", Shape.of(8, 2), -1, 1),
                        State.fixed("layer1.backward.bias", Shape.of(8), 0, 1),
                        State.parameter("layer2.forward.inputWeight", Shape.of(8, 4), -second, second),
                        State.parameter("layer2.forward.hiddenWeight", Shape.of(8, 2), -1, 1),
                        State.fixed("layer2.forward.bias", Shape.of(8), 0, 1),
                        State.parameter("layer2.backward.inputWeight", Shape.of(8, 4), -second, second),
                        State.parameter("layer2.backward.hiddenWeight", Shape.of(8, 2), -1, 1),
                        State.fixed("layer2.backward.bias", Shape.of(8), 0, 1)));
    }
}
