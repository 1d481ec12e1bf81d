package lamella.tck.tensor;

import static lamella.tck.tensor.Ops.ints;
import static lamella.tck.tensor.Ops.misfit;
import static lamella.tck.tensor.Ops.parameter;
import static lamella.tck.tensor.Ops.rejects;
import static lamella.tck.tensor.Ops.zeros;

import lamella.array.Shape;
import lamella.tensor.Autograd;
import lamella.tensor.Parameter;
import lamella.tensor.Recurrence;
import lamella.tensor.Recurrence.State;
import lamella.tensor.Recurrence.Weights;
import lamella.tensor.Tensor;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Optional;

/// What [Recurrence] says of operands that do not fit.
class RecurrentMisfitTest {
    private static final int[] LENGTHS = {3, 1};

    /// A GRU from 4 inputs to 5 units, but for one of its operands.
    private static void gruMisfits(
            String relation, String lines, Tensor x, int[] lengths, Tensor hidden, Tensor... weights) {
        var initial = new State(hidden, Optional.empty());
        var learnt = new Weights(weights[0], weights[1], weights[2], Optional.of(weights[3]));
        misfit("gru: " + relation + "\n" + lines, () -> Recurrence.GRU.run(x, lengths, false, initial, learnt));
    }

    private static Tensor[] weights() {
        return new Tensor[] {zeros(15, 4), zeros(15, 5), zeros(15), zeros(5)};
    }

    private static Tensor[] weightsBut(int place, Tensor other) {
        Tensor[] weights = weights();
        weights[place] = other;
        return weights;
    }

    @Test
    void rejectsAnInputThatIsNoBatchOfSequences() {
        gruMisfits(
                "input must be [N, T, in], got rank 2",
                """
                  input    [2, 4]             (N, T, in)
                  state    [2, 5]             (N, H)
                  weight   [15, 4]            (gates·H, in)
                  weight   [15, 5]            (gates·H, H)
                  bias     [15]               (gates·H)
                  bias     [5]                (H)\
                """,
                zeros(2, 4),
                LENGTHS,
                zeros(2, 5),
                weights());
    }

    @Test
    void rejectsAStateOfAnotherBatch() {
        String lines =
                """
                  input    [2, 3, 4]          (N, T, in)
                  state    %s(N, H)
                  weight   [15, 4]            (gates·H, in)
                  weight   [15, 5]            (gates·H, H)
                  bias     [15]               (gates·H)
                  bias     [5]                (H)\
                """;
        String relation = "state must be [N, H] with N = 2";
        Tensor x = zeros(2, 3, 4);
        gruMisfits(relation, lines.formatted("[3, 5]             "), x, LENGTHS, zeros(3, 5), weights());
        gruMisfits(relation, lines.formatted("[2, 1, 5]          "), x, LENGTHS, zeros(2, 1, 5), weights());
    }

    @Test
    void rejectsLengthsThatDoNotFit() {
        String lines =
                """
                  input    [2, 3, 4]          (N, T, in)
                  state    [2, 5]             (N, H)
                  weight   [15, 4]            (gates·H, in)
                  weight   [15, 5]            (gates·H, H)
                  bias     [15]               (gates·H)
                  bias     [5]                (H)\
                """;
        Tensor x = zeros(2, 3, 4);
        Tensor state = zeros(2, 5);
        gruMisfits("1 lengths for 2 sequences", lines, x, new int[] {3}, state, weights());
        gruMisfits("length 4 of sequence 1 is outside [0, 3]", lines, x, new int[] {3, 4}, state, weights());
        gruMisfits("length -1 of sequence 0 is outside [0, 3]", lines, x, new int[] {-1, 3}, state, weights());
    }

    @Test
    void rejectsWeightsThatDoNotFit() {
        String lines =
                """
                  input    [2, 3, 4]          (N, T, in)
                  state    [2, 5]             (N, H)
                  weight   %-18s (gates·H, in)
                  weight   %-18s (gates·H, H)
                  bias     %-18s (gates·H)%s
                  bias     %-18s (H)\
                """;
        Tensor x = zeros(2, 3, 4);
        Tensor state = zeros(2, 5);
        gruMisfits(
                "input weight must be [15, 4], got [20, 4]",
                lines.formatted("[20, 4]", "[15, 5]", "[15]", "", "[5]"),
                x,
                LENGTHS,
                state,
                weightsBut(0, zeros(20, 4)));
        gruMisfits(
                "hidden weight must be [15, 5], got [15, 4]",
                lines.formatted("[15, 4]", "[15, 4]", "[15]", "", "[5]"),
                x,
                LENGTHS,
                state,
                weightsBut(1, zeros(15, 4)));
        gruMisfits(
                "bias must be [15], got [5]",
                lines.formatted("[15, 4]", "[15, 5]", "[5]", "  net.gru1.bias", "[5]"),
                x,
                LENGTHS,
                state,
                weightsBut(2, parameter("net.gru1.bias", 5).value()));
        gruMisfits(
                "candidate bias must be [5], got [15]",
                lines.formatted("[15, 4]", "[15, 5]", "[15]", "", "[15]"),
                x,
                LENGTHS,
                state,
                weightsBut(3, zeros(15)));
    }

    @Test
    void rejectsACellOfAnotherSize() {
        var initial = new State(zeros(2, 5), Optional.of(zeros(2, 6)));
        var weights = new Weights(zeros(20, 4), zeros(20, 5), zeros(20), Optional.empty());
        misfit(
                """
                lstm: cell must be [2, 5], got [2, 6]
                  input    [2, 3, 4]          (N, T, in)
                  state    [2, 5]             (N, H)
                  weight   [20, 4]            (gates·H, in)
                  weight   [20, 5]            (gates·H, H)
                  bias     [20]               (gates·H)
                  cell     [2, 6]             (N, H)\
                """,
                () -> Recurrence.LSTM.run(zeros(2, 3, 4), LENGTHS, false, initial, weights));
    }

    @Test
    void namesTheKindOfCell() {
        var initial = new State(zeros(1, 1), Optional.empty());
        var weights = new Weights(zeros(1, 2), zeros(1, 1), zeros(1), Optional.empty());
        for (Recurrence kind : List.of(Recurrence.RNN_TANH, Recurrence.RNN_RELU)) {
            misfit(
                    """
                    %s: input weight must be [1, 3], got [1, 2]
                      input    [1, 1, 3]          (N, T, in)
                      state    [1, 1]             (N, H)
                      weight   [1, 2]             (gates·H, in)
                      weight   [1, 1]             (gates·H, H)
                      bias     [1]                (gates·H)\
                    """
                            .formatted(kind == Recurrence.RNN_TANH ? "rnn tanh" : "rnn relu"),
                    () -> kind.run(zeros(1, 1, 3), new int[] {1}, false, initial, weights));
        }
    }

    /// The shapes are looked at before room is made for the gradient.
    @Test
    void rejectsMisfitsWhileRecordingToo() {
        Parameter x = parameter("x", 3, 4);
        var initial = new State(zeros(2, 5), Optional.empty());
        var weights = new Weights(zeros(5, 4), zeros(5, 5), zeros(5), Optional.empty());
        misfit(
                """
                rnn tanh: input must be [N, T, in], got rank 2
                  input    [3, 4]             (N, T, in)  x
                  state    [2, 5]             (N, H)
                  weight   [5, 4]             (gates·H, in)
                  weight   [5, 5]             (gates·H, H)
                  bias     [5]                (gates·H)\
                """,
                () ->
                        Autograd.differentiate(
                                List.of(x),
                                () ->
                                        Recurrence.RNN_TANH
                                                .run(x.value(), new int[] {1, 1}, false, initial, weights)
                                                .states()
                                                .sum()));
    }

    @Test
    void takesNoIds() {
        var initial = new State(zeros(1, 1), Optional.empty());
        var weights = new Weights(zeros(1, 1), zeros(1, 1), zeros(1), Optional.empty());
        rejects(
                "rnn tanh: operand 0 [1, 1, 1] must not be int32",
                () -> Recurrence.RNN_TANH.run(ints(Shape.of(1, 1, 1), 0), new int[] {1}, false, initial, weights));
    }
}
