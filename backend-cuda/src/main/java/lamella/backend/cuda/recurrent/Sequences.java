package lamella.backend.cuda.recurrent;

import lamella.backend.cuda.runtime.Device;

/// What cuDNN leaves to do around a call: direction, padding, and sequences without a step.
record Sequences(Device device, Lengths lengths, boolean reverse) {
    /// Tells whether cuDNN must read copies of sequences.
    boolean needsCopies() {
        return reverse || lengths.padded();
    }

    /// Copies sequences `[N, T, width]`, each reversed where the run is; the padding becomes 0, and is not
    /// read.
    void copy(Sizes sizes, int width, long source, long target) {
        int lanes = lanesLog(width);
        launchRows(
                "copy_sequences",
                sizes,
                lanes,
                target,
                source,
                lengths.address(),
                rows(sizes),
                sizes.steps(),
                width,
                lanes,
                reverse ? 1 : 0);
    }

    /// Sets the padding of sequences `[N, T, width]` to 0.
    void clearPadding(Sizes sizes, int width, long target) {
        if (lengths.padded()) {
            int lanes = lanesLog(width);
            launchRows(
                    "clear_padding", sizes, lanes, target, lengths.address(), rows(sizes), sizes.steps(), width, lanes);
        }
    }

    private static int rows(Sizes sizes) {
        return sizes.batch() * sizes.steps();
    }

    /// Returns the logarithm of the number of threads for a row: enough for it, and no more than a block's.
    private static int lanesLog(int width) {
        return Math.min(32 - Integer.numberOfLeadingZeros(width - 1), Integer.numberOfTrailingZeros(Device.THREADS));
    }

    private void launchRows(String kernel, Sizes sizes, int lanes, long... values) {
        int threads = (int) Math.min((long) rows(sizes) << lanes, Integer.MAX_VALUE);
        device.launchOver(device.kernel("recurrent", kernel), threads, values);
    }

    /// Copies states `[N, H]`, those of sequences without a step as 0.
    void maskStates(Sizes sizes, long source, long target) {
        launchStates("mask_states", sizes, source, target);
    }

    /// Copies states `[N, H]` of sequences without a step, where there are any.
    void keepStates(Sizes sizes, long source, long target) {
        if (lengths.hasEmpty()) {
            launchStates("keep_states", sizes, source, target);
        }
    }

    private void launchStates(String kernel, Sizes sizes, long source, long target) {
        int n = sizes.batch() * sizes.hidden();
        device.launchOver(device.kernel("recurrent", kernel), n, target, source, lengths.address(), n, sizes.hidden());
    }
}
