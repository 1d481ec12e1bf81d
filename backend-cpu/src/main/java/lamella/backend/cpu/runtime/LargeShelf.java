package lamella.backend.cpu.runtime;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.TreeMap;

/// Large arrays of one type that wait for reuse.
///
/// Of those that are long enough the shortest is handed out, if it is at most twice as long as asked for: where batches
/// differ in their sizes there is seldom one of just the length.
///
/// @param <A> `float[]` or `int[]`
final class LargeShelf<A> {
    /// An array that waits.
    ///
    /// @param since grows from one array that comes to the next
    private record Waiting<A>(A array, long since) {}

    /// By length; of one length the one that came last is the first.
    private final TreeMap<Integer, Deque<Waiting<A>>> waiting = new TreeMap<>();

    /// Takes an array that is at least so long; returns null if there is none.
    A poll(int length) {
        Map.Entry<Integer, Deque<Waiting<A>>> fit = waiting.ceilingEntry(length);
        return fit == null || fit.getKey() > 2L * length ? null : remove(fit, Deque::pop).array;
    }

    private interface Choice<A> {
        Waiting<A> from(Deque<Waiting<A>> waiting);
    }

    private Waiting<A> remove(Map.Entry<Integer, Deque<Waiting<A>>> of, Choice<A> choice) {
        Waiting<A> removed = choice.from(of.getValue());
        if (of.getValue().isEmpty()) {
            waiting.remove(of.getKey());
        }
        return removed;
    }

    /// Puts an array here.
    ///
    /// @param now larger at each call
    void push(A array, int length, long now) {
        waiting.computeIfAbsent(length, _ -> new ArrayDeque<>()).push(new Waiting<>(array, now));
    }

    /// Returns since when the oldest array waits; the largest number if there is none.
    long oldest() {
        long oldest = Long.MAX_VALUE;
        for (Deque<Waiting<A>> ofOneLength : waiting.values()) {
            oldest = Math.min(oldest, ofOneLength.peekLast().since);
        }
        return oldest;
    }

    /// Drops the oldest array and returns its length.
    int dropOldest() {
        long oldest = oldest();
        for (Map.Entry<Integer, Deque<Waiting<A>>> ofOneLength : waiting.entrySet()) {
            if (ofOneLength.getValue().peekLast().since == oldest) {
                remove(ofOneLength, Deque::removeLast);
                return ofOneLength.getKey();
            }
        }
        throw new IllegalStateException("pool: no large array waits");
    }

    void clear() {
        waiting.clear();
    }
}
