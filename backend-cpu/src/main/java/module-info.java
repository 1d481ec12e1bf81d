/// The backend `cpu`: kernels in plain Java on the Vector API, with no native library.
module lamella.backend.cpu {
    requires lamella.core;
    requires jdk.incubator.vector;

    provides lamella.backend.BackendProvider with
            lamella.backend.cpu.CpuBackendProvider;
}
