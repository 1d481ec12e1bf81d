package lamella.train;

import lamella.array.Shape;
import lamella.backend.Backend;
import lamella.tensor.Memory;
import lamella.tensor.Parameter;
import lamella.tensor.Tensor;

import java.util.ArrayList;
import java.util.List;

/// Copies of parameters as they were after some epoch, and the number of that epoch, all of it as
/// buffers, so that a checkpoint can hold it.
final class BestParameters {
    private final List<Parameter> originals;
    private final List<Parameter> copies;
    private final Parameter epoch;

    private BestParameters(List<Parameter> originals, List<Parameter> copies, Parameter epoch) {
        this.originals = originals;
        this.copies = copies;
        this.epoch = epoch;
    }

    static BestParameters of(List<Parameter> parameters) {
        var copies = new ArrayList<Parameter>();
        for (Parameter parameter : parameters) {
            copies.add(Parameter.of("best/" + parameter.path(), parameter.value(), false));
        }
        Backend backend = parameters.getFirst().value().backend();
        Tensor none = Tensor.zeros(backend, Shape.of(1));
        return new BestParameters(
                List.copyOf(parameters), List.copyOf(copies), Parameter.of("best.epoch", none, false));
    }

    List<Parameter> state() {
        var all = new ArrayList<>(copies);
        all.add(epoch);
        return all;
    }

    /// Copies the parameters as they are after an epoch.
    void keep(int number) {
        for (int i = 0; i < copies.size(); i++) {
            copies.get(i).assign(originals.get(i).value());
        }
        Memory.scope(() -> epoch.assign(Tensor.of(epoch.value().backend(), Shape.of(1), number)));
    }

    /// Puts the copies back if they are of this epoch: not if the best epoch lies before a training
    /// was resumed without loading the copies.
    void restore(int number) {
        if (number > 0 && epoch.value().item() == number) {
            for (int i = 0; i < copies.size(); i++) {
                originals.get(i).assign(copies.get(i).value());
            }
        }
    }
}
