package lamella.backend.cuda.recurrent;

import lamella.backend.cuda.runtime.Address;
import lamella.backend.cuda.runtime.Device;
import lamella.backend.cuda.runtime.Kernel;

import java.util.Arrays;

/// The lengths of a batch's sequences, on the host and on the device.
///
/// cuDNN refuses sequences without a step. Such a one is given one step, on zeros, and what comes of it
/// is replaced.
///
/// @param steps the steps of each sequence as cuDNN gets them, at least 1
/// @param padded whether a sequence is shorter than its places
/// @param hasEmpty whether a sequence has no step
/// @param address device address of the lengths as they are
/// @param stepsPointer where `steps` lies on the device
record Lengths(int[] steps, boolean padded, boolean hasEmpty, long address, Address stepsPointer) {
    /// Keeps the lengths that were used last on the device: forward and backward passes, all layers and
    /// both directions share those of one batch.
    static final class Cache {
        /// How many lengths a kernel takes as parameters.
        private static final int MOST = 224;

        private final Device device;
        private Device.Scratch memory = new Device.Scratch(0, 0, () -> {});
        private int[] known = {};
        private int knownPlaces;
        private Lengths last = new Lengths(known, false, false, 0, new Address(0));

        Cache(Device device) {
            this.device = device;
        }

        /// Returns lengths, there for the kernels that are issued next.
        ///
        /// @param places the length with which a sequence is not padded
        Lengths get(int[] lengths, int places) {
            if (places == knownPlaces && Arrays.equals(lengths, known)) {
                return last;
            }
            int[] steps = new int[lengths.length];
            int shortest = places;
            for (int n = 0; n < lengths.length; n++) {
                steps[n] = Math.max(lengths[n], 1);
                shortest = Math.min(shortest, lengths[n]);
            }
            long address = write(lengths);
            known = lengths.clone();
            knownPlaces = places;
            var stepsPointer = new Address(address + 4L * lengths.length);
            last = new Lengths(steps, shortest < places, shortest == 0, address, stepsPointer);
            return last;
        }

        /// Writes them in the order of the kernels: those issued before still read the ones before.
        private long write(int[] lengths) {
            int batch = lengths.length;
            if (memory.bytes() < 8L * batch) {
                memory.close();
                memory = device.scratch(8L * batch);
            }
            Kernel kernel = device.kernel("recurrent", "set_lengths");
            for (int start = 0; start < batch; start += MOST) {
                int count = Math.min(MOST, batch - start);
                long[] values = new long[1 + MOST / 2 + 3];
                values[0] = memory.address();
                for (int i = 0; i < count; i++) {
                    values[1 + i / 2] |= (lengths[start + i] & 0xFFFF_FFFFL) << i % 2 * 32;
                }
                values[values.length - 3] = start;
                values[values.length - 2] = count;
                values[values.length - 1] = batch;
                device.launch(kernel, 1, Device.THREADS, values);
            }
            return memory.address();
        }
    }
}
