package lamella.backend.cuda.recurrent;

import jcuda.jcudnn.JCudnn;
import jcuda.jcudnn.cudnnDropoutDescriptor;

import lamella.backend.cuda.runtime.Address;
import lamella.backend.cuda.runtime.CudaException;
import lamella.backend.cuda.runtime.Device;
import lamella.backend.cuda.runtime.Libraries;

import java.util.HashMap;
import java.util.Map;

/// The plans that were made, by their sizes. They change under the device's lock alone.
final class RecurrentPlans {
    private final Device device;
    private final Map<Sizes, RecurrentPlan> plans = new HashMap<>();

    /// cuDNN wants one for a layer without dropout too.
    private final cudnnDropoutDescriptor noDropout = new cudnnDropoutDescriptor();

    private boolean open;

    RecurrentPlans(Device device) {
        this.device = device;
    }

    /// Returns the plan for these sizes, none of which is 0.
    RecurrentPlan get(Libraries libraries, Sizes sizes) {
        if (!open) {
            open(libraries);
            open = true;
        }
        return plans.computeIfAbsent(sizes, s -> new RecurrentPlan(device, libraries, noDropout, s));
    }

    private void open(Libraries libraries) {
        CudaException.checkDnn(JCudnn.cudnnCreateDropoutDescriptor(noDropout), "cudnnCreateDropoutDescriptor");
        CudaException.checkDnn(
                JCudnn.cudnnSetDropoutDescriptor(noDropout, libraries.dnn(), 0, new Address(0), 0, 0),
                "cudnnSetDropoutDescriptor");
        libraries.onClose(this::close);
    }

    private void close() {
        plans.values().forEach(RecurrentPlan::close);
        JCudnn.cudnnDestroyDropoutDescriptor(noDropout);
    }
}
