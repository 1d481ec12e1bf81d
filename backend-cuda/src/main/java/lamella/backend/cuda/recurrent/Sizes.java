package lamella.backend.cuda.recurrent;

import lamella.backend.RecurrentKernels.Cell;
import lamella.backend.RecurrentKernels.Pass;
import lamella.backend.RecurrentKernels.Run;

/// What a plan is made for, once.
///
/// @param cell the kind of cell
/// @param batch sequences
/// @param steps places of a sequence, its padding counted
/// @param inputs elements of an input
/// @param hidden elements of a state
record Sizes(Cell cell, int batch, int steps, int inputs, int hidden) {
    static Sizes of(Run run, Pass pass) {
        return new Sizes(run.cell(), pass.x().dim(0), pass.x().dim(1), pass.x().dim(2), pass.states().dim(2));
    }

    /// Tells whether no step can run, whatever the lengths.
    boolean isEmpty() {
        return batch == 0 || steps == 0 || hidden == 0;
    }
}
