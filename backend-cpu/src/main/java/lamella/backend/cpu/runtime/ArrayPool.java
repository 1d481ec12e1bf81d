package lamella.backend.cpu.runtime;

import java.lang.reflect.Array;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.function.IntFunction;

/// Arrays for reuse: a fresh array costs 4 to 30 times one from here, because the JVM must find and
/// clear its memory.
///
/// Lengths are rounded up to [SizeClasses], so that an array given back fits later requests of about its size.
///
/// Where batches differ in their sizes, as those of sequences do, arrays of ever more sizes would come together. So
/// what is in use and what waits make at most a quarter of the heap, or else a quarter more than the most that was in
/// use at once: before an array is made beyond that, large ones are dropped that have waited longest.
///
/// What a task takes for its work comes from shelves apart, and when a task holds more arrays of a
/// class than any task did before, as many are made for every thread. Otherwise it would depend on
/// chance, on how many tasks happen to overlap, at which step of a training the last array is made.
///
/// May be used by several threads at once.
public final class ArrayPool {
    /// What may wait beyond the most that was in use at once: that divided by this.
    private static final int SPARE = 4;

    /// What share of the heap is for the pool in any case.
    private static final int SHARE = 4;

    private final Workers workers;
    private final long ample;
    private final Shelves<float[]> floats = new Shelves<>(float[]::new);
    private final Shelves<int[]> ints = new Shelves<>(int[]::new);
    private final TaskShelves<float[]> taskFloats;
    private final TaskShelves<int[]> taskInts;
    private long used;
    private long mostUsed;
    private long pooled;
    private long allocations;
    private long returns;

    /// Makes an empty pool for kernels without tasks.
    ///
    /// @param ample bytes up to which nothing is dropped
    ArrayPool(long ample) {
        this(new Workers(1), ample);
    }

    /// Makes an empty pool for the kernels that run on `workers`.
    public ArrayPool(Workers workers) {
        this(workers, Runtime.getRuntime().maxMemory() / SHARE);
    }

    private ArrayPool(Workers workers, long ample) {
        this.workers = workers;
        this.ample = ample;
        taskFloats = new TaskShelves<>(float[]::new, workers.threads());
        taskInts = new TaskShelves<>(int[]::new, workers.threads());
    }

    /// What the pool holds at one moment.
    ///
    /// @param pooled bytes that wait for reuse
    /// @param allocations how often a new array had to be made
    public record Counts(long pooled, long allocations) {}

    /// A stack of arrays for each size class.
    private class Stacks<A> {
        private final IntFunction<A> make;
        private final ArrayDeque<?>[] stacks = new ArrayDeque<?>[SizeClasses.COUNT];

        Stacks(IntFunction<A> make) {
            this.make = make;
        }

        @SuppressWarnings("unchecked") // only this method writes the stacks
        private ArrayDeque<A> stack(int length) {
            int index = SizeClasses.index(length);
            if (stacks[index] == null) {
                stacks[index] = new ArrayDeque<A>();
            }
            return (ArrayDeque<A>) stacks[index];
        }

        A take(int length) {
            A array = poll(length);
            if (array == null) {
                array = make(length);
            } else {
                pooled -= bytes(Array.getLength(array));
            }
            used += bytes(Array.getLength(array));
            mostUsed = Math.max(mostUsed, used);
            return array;
        }

        A poll(int length) {
            return stack(length).poll();
        }

        A make(int length) {
            allocations++;
            trim(bytes(length));
            try {
                return make.apply(length);
            } catch (OutOfMemoryError _) {
                clear();
                return make.apply(length);
            }
        }

        void give(A array, int length) {
            used -= bytes(length);
            put(array, length);
        }

        void put(A array, int length) {
            stack(length).push(array);
            pooled += bytes(length);
        }

        void drop() {
            Arrays.fill(stacks, null);
        }
    }

    /// The arrays of one type.
    private final class Shelves<A> extends Stacks<A> {
        private final LargeShelf<A> large = new LargeShelf<>();

        Shelves(IntFunction<A> make) {
            super(make);
        }

        @Override
        A poll(int length) {
            return length <= SizeClasses.LARGE ? super.poll(length) : large.poll(length);
        }

        @Override
        void put(A array, int length) {
            if (length <= SizeClasses.LARGE) {
                super.put(array, length);
            } else {
                large.push(array, length, ++returns);
                pooled += bytes(length);
            }
        }

        @Override
        void drop() {
            super.drop();
            large.clear();
        }
    }

    /// Stacks that hold enough for all threads to run the most demanding task at once.
    private final class TaskShelves<A> extends Stacks<A> {
        private final int[][] held;
        private final int[] mostHeld = new int[SizeClasses.COUNT];
        private final int[] made = new int[SizeClasses.COUNT];

        TaskShelves(IntFunction<A> make, int threads) {
            super(make);
            held = new int[threads][SizeClasses.COUNT];
        }

        A takeIn(int slot, int length) {
            int index = SizeClasses.index(length);
            held[slot][index]++;
            mostHeld[index] = Math.max(mostHeld[index], held[slot][index]);
            for (; made[index] < held.length * mostHeld[index]; made[index]++) {
                put(make(length), length);
            }
            return take(length);
        }

        void give(A array, int length, int slot) {
            held[slot][SizeClasses.index(length)]--;
            give(array, length);
        }

        @Override
        void drop() {
            super.drop();
            Arrays.fill(made, 0);
        }
    }

    private static long bytes(int length) {
        return 4L * length;
    }

    /// Makes room for so many bytes more among what may be kept.
    private void trim(long more) {
        long most = Math.max(mostUsed, used + more);
        long room = Math.max(ample, most + most / SPARE) - more;
        while (used + pooled > room) {
            boolean float32 = floats.large.oldest() <= ints.large.oldest();
            LargeShelf<?> shelf = float32 ? floats.large : ints.large;
            if (shelf.oldest() == Long.MAX_VALUE) {
                return;
            }
            pooled -= bytes(shelf.dropOldest());
        }
    }

    /// Returns an array of at least `size` elements, of undefined content.
    public float[] take(int size) {
        int slot = workers.slot();
        int length = SizeClasses.capacity(size);
        synchronized (this) {
            return slot < 0 ? floats.take(length) : taskFloats.takeIn(slot, length);
        }
    }

    /// Returns an array of at least `size` elements, of undefined content.
    public int[] takeInts(int size) {
        int slot = workers.slot();
        int length = SizeClasses.capacity(size);
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
        if (SizeClasses.capacity(length) != length) {
            throw new IllegalArgumentException("pool: an array of " + length + " elements is not from the pool");
        }
        return length;
    }

    /// Notes that an array of so many elements, which was taken, will not be given back: the garbage collector has it.
    synchronized void forget(int length) {
        used -= bytes(length);
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
}
