package lamella.backend.cuda.runtime;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Recognises sequences of work that come again, and then starts each as one CUDA graph.
///
/// A training step of fixed shapes issues the same work every time, at the same addresses, for the
/// pool of memory gives the same blocks in the same order. To the program nothing changes: it
/// issues piece by piece, which costs a comparison where starting a kernel costs some
/// microseconds. So it holds for any loop, not only for a trainer's, and for what changes
/// from step to step: other parameters of our own kernels (an optimizer's constants, the counter
/// of random numbers, another address) are set in the graph before its start.
///
/// Work between two waits or transfers is cut into sequences of at most [#LONGEST] pieces, so
/// that the device has begun while the host issues the next. A sequence that came [#TWICE]
/// becomes a graph. From then on its pieces are held back until it is complete; where
/// another piece comes than expected, those held back are issued one by one.
final class Replay implements AutoCloseable {
    /// The most pieces of a sequence.
    static final int LONGEST = 64;

    /// A shorter sequence gains nothing.
    static final int SHORTEST = 4;

    /// How often a sequence must have come before it becomes a graph.
    static final int TWICE = 2;

    /// Sequences that begin with the same piece of work, of which those used last are kept.
    private static final int MOST_ALIKE = 8;

    private final Issuer issuer;
    private final boolean enabled;
    private final Map<Object, List<Sequence>> known = new HashMap<>();
    private final List<Work> current = new ArrayList<>();
    private List<Sequence> candidates = List.of();
    private int heldFrom;
    private boolean holding;

    /// @param enabled whether to make graphs at all
    Replay(Issuer issuer, boolean enabled) {
        this.issuer = issuer;
        this.enabled = enabled;
    }

    /// Work that came before.
    private static final class Sequence {
        private final List<Work> work;
        private int times = 1;
        private boolean impossible;
        private StepGraph graph;

        Sequence(List<Work> work) {
            this.work = work;
        }

        boolean continuesWith(int index, Work next) {
            return index < work.size() && work.get(index).isLike(next);
        }
    }

    /// Issues a piece of work, now or with those that follow.
    void issue(Work work) {
        if (!enabled) {
            issuer.run(work);
            return;
        }
        if (current.isEmpty()) {
            candidates = known.getOrDefault(key(work), List.of());
            holding = candidates.stream().anyMatch(sequence -> sequence.graph != null);
        }
        try {
            add(work);
        } catch (RuntimeException e) {
            forget();
            throw e;
        }
        if (current.size() == LONGEST) {
            endSequence();
        }
    }

    private void add(Work work) {
        int index = current.size();
        candidates = candidates.stream().filter(sequence -> sequence.continuesWith(index, work)).toList();
        if (holding && candidates.stream().noneMatch(sequence -> sequence.graph != null)) {
            stopHolding();
        }
        current.add(work);
        if (!holding) {
            issuer.run(work);
            heldFrom = current.size();
        }
    }

    private void forget() {
        current.clear();
        candidates = List.of();
        heldFrom = 0;
        holding = false;
    }

    private static Object key(Work work) {
        return switch (work) {
            case Work.Launch launch -> launch.kernel();
            case Work.Library library -> library.function();
        };
    }

    private void stopHolding() {
        holding = false;
        for (Work held : current.subList(heldFrom, current.size())) {
            issuer.run(held);
        }
        heldFrom = current.size();
    }

    /// Issues what is held back. Called before whatever must come after it.
    void flush() {
        if (!current.isEmpty()) {
            endSequence();
        }
    }

    private void endSequence() {
        int size = current.size();
        Sequence same = candidates.stream().filter(sequence -> sequence.work.size() == size).findFirst().orElse(null);
        try {
            if (holding && same != null && same.graph != null) {
                same.graph.start(current);
            } else if (holding) {
                stopHolding();
            }
            remember(same);
        } finally {
            forget();
        }
    }

    private void remember(Sequence same) {
        if (current.size() < SHORTEST) {
            return;
        }
        List<Sequence> alike = known.computeIfAbsent(key(current.getFirst()), _ -> new ArrayList<>());
        if (same == null) {
            alike.addFirst(new Sequence(List.copyOf(current)));
            if (alike.size() > MOST_ALIKE) {
                close(alike.removeLast());
            }
            return;
        }
        alike.remove(same);
        alike.addFirst(same);
        if (++same.times >= TWICE && same.graph == null && !same.impossible) {
            try {
                same.graph = new StepGraph(issuer, current);
            } catch (CudaException e) {
                // such as a library that waits for the device in this call: its work stays as it was
                same.impossible = true;
            }
        }
    }

    private static void close(Sequence sequence) {
        if (sequence.graph != null) {
            sequence.graph.close();
        }
    }

    @Override
    public void close() {
        known.values().forEach(sequences -> sequences.forEach(Replay::close));
        known.clear();
    }
}
