package lamella.layers.rnn;

import lamella.nn.Sequences;

import java.util.Arrays;
import java.util.stream.IntStream;

/// Connectionist temporal classification: a net that says in each step one of several labels or
/// `blank` stands for the labels that remain when repeated ones are made one and blanks are left
/// out. `a a - a b b` stands for `a a b`. The labels need not be aligned with the steps.
///
/// ## Source
/// Graves et al., "Connectionist temporal classification: labelling unsegmented sequence data with
/// recurrent neural networks", ICML 2006.
///
/// {@snippet :
/// Sequences logits = model.forward(sounds);                     // [N, T, classes]
/// Tensor loss = Ctc.loss(0).of(logits, Sequences.of(letters, 5, 3, 8));   // letters [3, 8]
/// int[][] heard = Ctc.greedy(logits, 0);
/// }
public final class Ctc {
    private Ctc() {}

    /// Returns the loss that makes nets say the right labels.
    ///
    /// @param blank the class that stands for no label
    public static CtcLoss loss(int blank) {
        return new CtcLoss(blank, false);
    }

    /// Returns the labels for which the likeliest class of each step stands ("best path decoding",
    /// section 3.2), for each sequence. Other alignments are left out of account, so that this need not be
    /// the likeliest labelling.
    ///
    /// @param logits `[N, T, classes]`, or anything that grows with them
    /// @param blank the class that stands for no label
    public static int[][] greedy(Sequences logits, int blank) {
        Operands.requireRank("ctc", "logits", "N, T, classes", logits.values());
        int[] best = logits.values().argMax(2).toInts();
        int[] lengths = logits.stepCounts();
        int steps = logits.values().shape().dim(1);
        return IntStream.range(0, lengths.length)
                .mapToObj(i -> collapse(Arrays.copyOfRange(best, i * steps, i * steps + lengths[i]), blank))
                .toArray(int[][]::new);
    }

    /// Makes repeated labels one and leaves blanks out.
    private static int[] collapse(int[] path, int blank) {
        return IntStream.range(0, path.length)
                .filter(t -> path[t] != blank && (t == 0 || path[t] != path[t - 1]))
                .map(t -> path[t])
                .toArray();
    }
}
