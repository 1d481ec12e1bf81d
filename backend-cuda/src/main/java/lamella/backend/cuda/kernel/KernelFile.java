package lamella.backend.cuda.kernel;

import lamella.backend.cuda.runtime.Device;

/// The kernels of one CUDA source.
///
/// @param device what they run on
/// @param name the source's name, without its ending
record KernelFile(Device device, String name) {
    /// Elements that one thread handles at once, where it can.
    static final int PACK = 4;

    /// Starts a kernel whose threads stride over `n` places; nothing where n is 0.
    void over(String kernel, int n, long... values) {
        if (n > 0) {
            device.launchOver(device.kernel(name, kernel), n, values);
        }
    }

    /// Starts a kernel with a thread for each four of `n` elements; nothing where n is 0.
    void overPacks(String kernel, int n, long... values) {
        over(kernel, Math.ceilDiv(n, PACK), values);
    }

    /// Starts a kernel with so many blocks.
    void blocks(String kernel, int blocks, long... values) {
        device.launch(device.kernel(name, kernel), blocks, Device.THREADS, values);
    }

    /// Tells whether four elements at a time can be read at an address.
    static boolean aligned(long address) {
        return address % (PACK * Float.BYTES) == 0;
    }
}
