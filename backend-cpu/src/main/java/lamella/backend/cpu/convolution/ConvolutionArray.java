package lamella.backend.cpu.convolution;

import lamella.backend.View;
import lamella.backend.cpu.runtime.CpuStorage;

/// An array and where in it a tensor begins.
record ConvolutionArray(float[] array, int offset) {
    static ConvolutionArray of(View view) {
        return new ConvolutionArray(CpuStorage.floats(view), view.offset());
    }
}
