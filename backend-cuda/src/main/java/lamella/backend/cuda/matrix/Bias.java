package lamella.backend.cuda.matrix;

import lamella.backend.View;
import lamella.backend.cuda.runtime.CudaStorage;
import lamella.backend.cuda.runtime.Device;

/// Biases of arrays `[..., C, plane]`: one number for each of C channels.
public final class Bias {
    private final Device device;

    /// Runs on a device.
    public Bias(Device device) {
        this.device = device;
    }

    /// out = bias, at every place of its channel.
    ///
    /// @param plane elements of a channel
    public void spread(View bias, int plane, View out) {
        launch("spread_bias", bias, plane, out);
    }

    /// out += bias, at every place of its channel.
    ///
    /// @param plane elements of a channel
    public void add(View bias, int plane, View out) {
        launch("add_bias", bias, plane, out);
    }

    private void launch(String kernel, View bias, int plane, View out) {
        device.launchOver(
                device.kernel("bias", kernel),
                out.size(),
                CudaStorage.address(out),
                CudaStorage.address(bias),
                out.size(),
                plane,
                bias.size());
    }
}
