package lamella.backend.cpu.runtime;

import java.lang.reflect.Array;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.function.IntFunction;

/// Arrays for reuse: a fresh array costs 4 to 30 times one from here, because the JVM must find and
/// clear its memory.
///
/// Lengths are rounded up to size classes, four to each power of two, so that an array given back
/// fits later requests of about its size, or down to half of it. May be used by
/// several threads at once.
///
/// What a task takes for its work comes from shelves apart, and when a task holds more arrays of a
/// class than any task did before, as many are made for every thread. Otherwise it would depend on
/// chance, on how many tasks happen to overlap, at which step of a training the last array is made.
public final class ArrayPool {
    private static final int SMALLEST = 16;
    private static final int LARGEST = Integer.MAX_VALUE - 8;
    private static final int CLASSES = 4 * 28 + 1;

    /// How many classes larger an array may be than asked for where that is much: up to twice its length. Where batches
    /// of sequences differ in their steps, each class would otherwise fill up by itself.
    private static final int LARGER = 4;

    /// Elements from which on an array may be larger: 1 MiB. Below, a step takes the same arrays each time.
    private static final int LARGE = 1 << 18;

    private final Workers workers;
    private final Shelves<float[]> floats = new Shelves<>(float[]::new);
    private final Shelves<int[]> ints = new Shelves<>(int[]::new);
    private final TaskShelves<float[]> taskFloats;
    private final TaskShelves<int[]> taskInts;
    private long pooled;
    private long allocations;

    /// Makes an empty pool for kernels without tasks.
    ArrayPool() {
        this(new Workers(1));
    }

    /// Makes an empty pool for the kernels that run on `workers`.
    public ArrayPool(Workers workers) {
        this.workers = workers;
        taskFloats = new TaskShelves<>(float[]::new, workers.threads());
        taskInts = new TaskShelves<>(int[]::new, workers.threads());
    }

    /// What the pool holds at one moment.
    ///
    /// @param pooled bytes that wait for reuse
    /// @param allocations how often a new array had to be made
    public record Counts(long pooled, long allocations) {}

    /// The arrays of one type, a stack for each size class.
    private class Shelves<A> {
        private final IntFunction<A> make;
        private final ArrayDeque<?>[] stacks = new ArrayDeque<?>[CLASSES];

        Shelves(IntFunction<A> make) {
            this.make = make;
        }

        @SuppressWarnings("unchecked") // only this method writes the stacks
        private ArrayDeque<A> stack(int index) {
            if (stacks[index] == null) {
                stacks[index] = new ArrayDeque<A>();
            }
            return (ArrayDeque<A>) stacks[index];
        }

        A take(int length) {
            return take(length, length < LARGE ? 0 : LARGER);
        }

        /// Takes an array of up to so many classes more, or makes one.
        A take(int length, int larger) {
            int index = index(length);
            for (int i = index; i <= Math.min(index + larger, CLASSES - 1); i++) {
                A array = stack(i).poll();
                if (array != null) {
                    pooled -= 4L * Array.getLength(array);
                    return array;
                }
            }
            return make(length);
        }

        A make(int length) {
            allocations++;
            try {
                return make.apply(length);
            } catch (OutOfMemoryError _) {
                clear();
                return make.apply(length);
            }
        }

        void give(A array, int length) {
            stack(index(length)).push(array);
            pooled += 4L * length;
        }

        void drop() {
            Arrays.fill(stacks, null);
        }
    }

    /// Shelves that hold enough for all threads to run the most demanding task at once.
    private final class TaskShelves<A> extends Shelves<A> {
        private final int[][] held;
        private final int[] mostHeld = new int[CLASSES];
        private final int[] made = new int[CLASSES];

        TaskShelves(IntFunction<A> make, int threads) {
            super(make);
            held = new int[threads][CLASSES];
        }

        A takeIn(int slot, int length) {
            int index = index(length);
            held[slot][index]++;
            mostHeld[index] = Math.max(mostHeld[index], held[slot][index]);
            for (; made[index] < held.length * mostHeld[index]; made[index]++) {
                give(make(length), length);
            }
            return take(length, 0);
        }

        void give(A array, int length, int slot) {
            held[slot][index(length)]--;
            give(array, length);
        }

        @Override
        void drop() {
            super.drop();
            Arrays.fill(made, 0);
        }
    }

    /// Returns an array of at least `size` elements, of undefined content.
    public float[] take(int size) {
        int slot = workers.slot();
        int length = capacity(size);
        synchronized (this) {
            return slot < 0 ? floats.take(length) : taskFloats.takeIn(slot, length);
        }
    }

    /// Returns an array of at least `size` elements, of undefined content.
    public int[] takeInts(int size) {
        int slot = workers.slot();
        int length = capacity(size);
        synchronized (this) {
            return slot < 0 ? ints.take(length) : taskInts.takeIn(slot, length);
        }
    }

    /// Takes back an array that [#take] returned. A task gives back what it took.
    public void give(float[] array) {
        int slot = workers.slot();
        int length = own(array.length);
        synchronized (this) {
            if (slot < 0) {
                floats.give(array, length);
            } else {
                taskFloats.give(array, length, slot);
            }
        }
    }

    /// Takes back an array that [#takeInts] returned. A task gives back what it took.
    public void give(int[] array) {
        int slot = workers.slot();
        int length = own(array.length);
        synchronized (this) {
            if (slot < 0) {
                ints.give(array, length);
            } else {
                taskInts.give(array, length, slot);
            }
        }
    }

    private static int own(int length) {
        if (capacity(length) != length) {
            throw new IllegalArgumentException("pool: an array of " + length + " elements is not from the pool");
        }
        return length;
    }

    /// Drops the arrays that wait for reuse.
    public synchronized void clear() {
        floats.drop();
        ints.drop();
        taskFloats.drop();
        taskInts.drop();
        pooled = 0;
    }

    /// Returns what the pool holds now.
    public synchronized Counts counts() {
        return new Counts(pooled, allocations);
    }

    /// Returns the length of the arrays that serve a request for `size` elements.
    static int capacity(int size) {
        if (size <= SMALLEST) {
            return SMALLEST;
        }
        int step = step(size - 1);
        long rounded = Math.ceilDiv((long) size, step) * step;
        return (int) Math.max(size, Math.min(LARGEST, rounded));
    }

    /// Returns a quarter of the largest power of two that is at most `size`.
    private static int step(int size) {
        return Integer.highestOneBit(size) >>> 2;
    }

    /// Returns the number of the size class of a capacity: 0 for 16 elements, 1 for 20.
    private static int index(int capacity) {
        int last = capacity - 1;
        int power = 31 - Integer.numberOfLeadingZeros(last);
        return 4 * (power - 4) + last / step(last) - 4 + 1;
    }
}
