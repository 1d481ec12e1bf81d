package lamella.layers.rnn;

import static lamella.layers.rnn.RnnLayers.rnn;

import lamella.array.Shape;
import lamella.tck.SequenceTck;

import java.util.List;

class StackedRnnTest extends SequenceTck {
    @Override
    protected Facts facts() {
        double first = Math.sqrt(6.0 / (2 + 4));
        double second = Math.sqrt(6.0 / (4 + 4));
        return new Facts(
                rnn(4).relu().layers(2).reverse().dropout(0.25),
                "rnn(4).relu().layers(2).reverse().dropout(0.25)",
                Shape.of(3, 2),
                Shape.of(4),
                List.of(
                        State.parameter("layer1.inputWeight", Shape.of(4, 2), -first, first),
                        State.parameter("layer1.hiddenWeight", Shape.of(4, 4), -1, 1),
                        State.parameter("layer1.bias", Shape.of(4), 0, 0),
                        State.parameter("layer2.inputWeight", Shape.of(4, 4), -second, second),
                        State.parameter("layer2.hiddenWeight", Shape.of(4, 4), -1, 1),
                        State.parameter("layer2.bias", Shape.of(4), 0, 0)));
    }
}
