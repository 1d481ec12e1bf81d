package lamella.backend.cuda.runtime;

import lamella.backend.View;

import java.util.ArrayList;
import java.util.List;

/// The arrays of one call of a library, as it takes them, and scratch memory for its time.
///
/// An array of float32 is passed where it lies, if that is a multiple of 16 bytes: kernels may load so
/// many at once. A view may begin at any element, and then a copy is passed. Where the call computes in
/// bfloat16, every array is converted.
///
/// Results that the call leaves elsewhere reach their views by [#deliver()]. All scratch memory goes
/// back on close, after the call was issued.
public final class Operands implements AutoCloseable {
    private static final long ALIGNMENT = 16;

    private record Result(View target, long address) {}

    private final Device device;
    private final boolean bfloat16;
    private final List<Device.Scratch> scratch = new ArrayList<>(4);
    private final List<Result> results = new ArrayList<>(1);

    /// Prepares for a call.
    ///
    /// @param bfloat16 whether the library gets bfloat16 instead of float32
    public Operands(Device device, boolean bfloat16) {
        this.device = device;
        this.bfloat16 = bfloat16;
    }

    /// Returns where the call reads an array.
    public Address read(View v) {
        long address = CudaStorage.address(v);
        if (bfloat16) {
            Address converted = room(2L * v.size());
            convert("to_bfloat16", converted.value(), address, v.size());
            return converted;
        }
        if (isAligned(address)) {
            return new Address(address);
        }
        Address copy = room(4L * v.size());
        device.copy(copy.value(), address, 4L * v.size());
        return copy;
    }

    /// Returns where the call writes an array; what is there before is undefined.
    public Address write(View v) {
        long address = CudaStorage.address(v);
        if (!bfloat16 && isAligned(address)) {
            return new Address(address);
        }
        Address elsewhere = room((bfloat16 ? 2L : 4L) * v.size());
        results.add(new Result(v, elsewhere.value()));
        return elsewhere;
    }

    private static boolean isAligned(long address) {
        return address % ALIGNMENT == 0;
    }

    private void convert(String kernel, long target, long source, int size) {
        device.launchOver(device.kernel("convert", kernel), size, target, source, size);
    }

    /// Returns scratch memory of at least so many bytes.
    public Address room(long bytes) {
        Device.Scratch taken = device.scratch(bytes);
        scratch.add(taken);
        return new Address(taken.address());
    }

    /// Brings results to their views; to be called when the call was issued.
    public void deliver() {
        for (Result result : results) {
            View target = result.target;
            if (bfloat16) {
                convert("from_bfloat16", CudaStorage.address(target), result.address, target.size());
            } else {
                device.copy(CudaStorage.address(target), result.address, 4L * target.size());
            }
        }
    }

    @Override
    public void close() {
        scratch.forEach(Device.Scratch::close);
    }
}
