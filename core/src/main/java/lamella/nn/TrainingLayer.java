package lamella.nn;

import java.util.List;
import java.util.Optional;

/// A built layer that does something in training alone, such as dropout: a frozen model is without it.
@FunctionalInterface
public interface TrainingLayer extends StepLayer {
    @Override
    default Optional<List<Finish>> finishes() {
        return Optional.of(List.of());
    }
}
