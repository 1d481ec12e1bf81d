package lamella.app.common;

import lamella.io.ModelFile;
import lamella.nn.Model;
import lamella.tensor.Parameter;
import lamella.train.Callback;
import lamella.train.EarlyStopping;
import lamella.train.TrainingControl;
import lamella.train.TrainingEvent;

import java.util.List;
import java.util.Optional;

/// Keeps a model as it was after its best epoch, while training goes on. A model file is written with
/// [#use]: then its net is always the best one so far, and [#newest] beside it is what training goes on
/// from, so that a resumed training ends like one that never stopped.
///
/// {@snippet :
/// var stopping = EarlyStopping.onAccuracy(2);
/// var best = BestEpoch.of(model, Optional.of(stopping));
/// trainer.fit(train, 20, stopping, best, saver);   // in this order
/// best.use(() -> evaluate(model));
/// }
public final class BestEpoch implements Callback {
    private final List<Parameter> model;
    private final List<Parameter> best;
    private final List<Parameter> newest;
    private final Optional<EarlyStopping> judge;
    private boolean kept;

    private BestEpoch(List<Parameter> model, Optional<EarlyStopping> judge) {
        this.model = model;
        this.judge = judge;
        best = copies("best/", model);
        newest = copies("newest/", model);
    }

    /// Returns a keeper.
    ///
    /// @param judge says which epoch is the best, and is told of an epoch before this; without one it is
    ///   always the newest
    public static BestEpoch of(Model model, Optional<EarlyStopping> judge) {
        return new BestEpoch(model.state(), judge);
    }

    /// Returns a keeper of anything that has parameters.
    ///
    /// @param state parameters and buffers
    /// @param judge as for a model
    public static BestEpoch of(List<Parameter> state, Optional<EarlyStopping> judge) {
        return new BestEpoch(state, judge);
    }

    private static List<Parameter> copies(String prefix, List<Parameter> of) {
        return of.stream().map(p -> Parameter.of(prefix + p.path(), p.value(), false)).toList();
    }

    /// Returns the parameters that training goes on from, to be saved beside the model; they are up to date
    /// within [#use].
    public List<Parameter> newest() {
        return newest;
    }

    /// Goes on from a file that was written in [#use] and whose net the model was built from.
    ///
    /// @throws lamella.io.ModelFileException if the file lacks a parameter
    public void resume(Checkpoint from) {
        copy(model, best);
        kept = from.state().epochs() > 0;
        ModelFile file = from.file();
        file.restore(newest);
        copy(newest, model);
    }

    @Override
    public void on(TrainingEvent event, TrainingControl control) {
        if (event instanceof TrainingEvent.EpochEnded ended
                && judge.map(j -> j.bestEpoch() == ended.epoch()).orElse(true)) {
            copy(model, best);
            kept = true;
        }
    }

    /// Does something while the model is that of the best epoch; before the first epoch is over, the newest.
    public void use(Runnable task) {
        copy(model, newest);
        if (!kept) {
            task.run();
            return;
        }
        copy(best, model);
        try {
            task.run();
        } finally {
            copy(newest, model);
        }
    }

    private static void copy(List<Parameter> from, List<Parameter> to) {
        for (int i = 0; i < from.size(); i++) {
            to.get(i).assign(from.get(i).value());
        }
    }
}
