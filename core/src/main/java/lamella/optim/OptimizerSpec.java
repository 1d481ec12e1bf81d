package lamella.optim;

import lamella.backend.OptimizerKernels;
import lamella.backend.View;

import java.util.List;

/// The recipe of an optimizer: its constants and its update rule, without state. An immutable
/// record whose text is the code that makes it: `sgd(0.1).momentum(0.9)`.
///
/// Weight decay applies to every parameter, biases and scales included, as in PyTorch.
public interface OptimizerSpec {
    /// Returns the name by which [Optimizers#byName] knows it: `adam`.
    String kind();

    /// Returns the step size, before any [Schedule].
    float learningRate();

    /// Returns the names of the state arrays that each parameter has; they start as zeros.
    List<String> slots();

    /// Changes one parameter and its state.
    ///
    /// @param kernels the update rules of the parameter's backend
    /// @param parameter what is changed
    /// @param gradient of the parameter's size; only read
    /// @param slots state of the parameter's size, in the order of [#slots()]; changed
    /// @param learningRate the step size of this step
    /// @param step the number of this step, from 1
    void update(
            OptimizerKernels kernels, View parameter, View gradient, List<View> slots, float learningRate, long step);
}
