package lamella.nn;

import lamella.array.DType;
import lamella.backend.Epilogue.Function;
import lamella.tensor.Epilogue;
import lamella.tensor.Tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A linear layer of a frozen model with the functions that follow it.
record Fused(Fusible layer, List<Function> functions) implements Joinable {
    static List<Function> plus(List<Function> functions, Function next) {
        var all = new ArrayList<>(functions);
        all.add(next);
        return List.copyOf(all);
    }

    @Override
    public Optional<Layer> followedBy(Finish next) {
        return switch (next) {
            case Finish.Applied(Function function) -> Optional.of(new Fused(layer, plus(functions, function)));
            case Finish.Scaled by when functions.isEmpty() -> layer.scaled(by).map(l -> new Fused(l, functions));
            case Finish.Scaled _ -> Optional.empty();
        };
    }

    @Override
    public Tensor forward(Tensor x) {
        return functions.isEmpty() ? layer.forward(x) : layer.forward(x, Epilogue.of(functions));
    }

    @Override
    public DType inputType() {
        return layer.inputType();
    }
}
