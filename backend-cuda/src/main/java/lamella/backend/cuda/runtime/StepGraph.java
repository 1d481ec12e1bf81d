package lamella.backend.cuda.runtime;

import jcuda.driver.CUDA_KERNEL_NODE_PARAMS;
import jcuda.driver.CUgraph;
import jcuda.driver.CUgraphExec;
import jcuda.driver.CUgraphNode;
import jcuda.driver.CUstream;
import jcuda.driver.CUstreamCaptureMode;
import jcuda.driver.JCudaDriver;

import java.util.Arrays;
import java.util.List;

/// A sequence of work as a CUDA graph: started with one call. Parameters of our own kernels can
/// change from start to start; work of libraries is fixed.
final class StepGraph implements AutoCloseable {
    private final Issuer issuer;
    private final CUgraph graph = new CUgraph();
    private final CUgraphExec executable = new CUgraphExec();
    private final CUgraphNode[] nodes;
    private final Work[] current;

    /// Makes a graph that runs the work in its order.
    ///
    /// @throws CudaException if a library's work cannot be put into a graph
    StepGraph(Issuer issuer, List<Work> work) {
        this.issuer = issuer;
        this.nodes = new CUgraphNode[work.size()];
        this.current = work.toArray(Work[]::new);
        issuer.activate();
        check(JCudaDriver.cuGraphCreate(graph, 0), "cuGraphCreate");
        try {
            for (int i = 0; i < nodes.length; i++) {
                CUgraphNode[] after = i == 0 ? new CUgraphNode[0] : new CUgraphNode[] {nodes[i - 1]};
                nodes[i] = add(current[i], after);
            }
            check(JCudaDriver.cuGraphInstantiate(executable, graph, 0), "cuGraphInstantiate");
        } catch (CudaException e) {
            JCudaDriver.cuGraphDestroy(graph);
            throw e;
        }
    }

    private CUgraphNode add(Work work, CUgraphNode[] after) {
        var node = new CUgraphNode();
        switch (work) {
            case Work.Launch launch ->
                    check(
                            JCudaDriver.cuGraphAddKernelNode(node, graph, after, after.length, parameters(launch)),
                            "cuGraphAddKernelNode of " + launch.kernel().name());
            case Work.Library library -> {
                CUgraph child = capture(library);
                check(
                        JCudaDriver.cuGraphAddChildGraphNode(node, graph, after, after.length, child),
                        "cuGraphAddChildGraphNode");
                JCudaDriver.cuGraphDestroy(child);
            }
        }
        return node;
    }

    private CUDA_KERNEL_NODE_PARAMS parameters(Work.Launch launch) {
        issuer.fill(launch.values());
        var parameters = new CUDA_KERNEL_NODE_PARAMS();
        parameters.func = launch.kernel().function();
        parameters.gridDimX = launch.blocks();
        parameters.gridDimY = 1;
        parameters.gridDimZ = 1;
        parameters.blockDimX = launch.threads();
        parameters.blockDimY = 1;
        parameters.blockDimZ = 1;
        parameters.kernelParams = launch.kernel().parameters();
        return parameters;
    }

    /// Lets the library issue its work into a graph instead of to the device.
    private CUgraph capture(Work.Library work) {
        CUstream stream = issuer.stream();
        check(
                JCudaDriver.cuStreamBeginCapture(stream, CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_THREAD_LOCAL),
                "cuStreamBeginCapture");
        var captured = new CUgraph();
        try {
            issuer.run(work);
        } catch (CudaException e) {
            JCudaDriver.cuStreamEndCapture(stream, captured);
            throw e;
        }
        check(JCudaDriver.cuStreamEndCapture(stream, captured), "cuStreamEndCapture");
        return captured;
    }

    /// Starts the graph with the parameters of `work`, which is like that which it was made of.
    void start(List<Work> work) {
        issuer.activate();
        for (int i = 0; i < nodes.length; i++) {
            if (work.get(i) instanceof Work.Launch next
                    && current[i] instanceof Work.Launch before
                    && !Arrays.equals(next.values(), before.values())) {
                check(
                        JCudaDriver.cuGraphExecKernelNodeSetParams(executable, nodes[i], parameters(next)),
                        "cuGraphExecKernelNodeSetParams of " + next.kernel().name());
                current[i] = next;
            }
        }
        check(JCudaDriver.cuGraphLaunch(executable, issuer.stream()), "cuGraphLaunch");
    }

    private static void check(int status, String call) {
        CudaException.checkDriver(status, call);
    }

    @Override
    public void close() {
        JCudaDriver.cuGraphExecDestroy(executable);
        JCudaDriver.cuGraphDestroy(graph);
    }
}
