/// The backend `cuda`: matrix products by cuBLAS, convolutions and recurrent nets by cuDNN, all else by
/// kernels of its own.
///
/// JCuda's classes ask for `java.logging`; an image without CUDA must contain it for this module to be
/// added later.
module lamella.backend.cuda {
    requires lamella.core;
    requires java.logging;
    requires jcuda;
    requires jcublas;
    requires jcudnn;

    provides lamella.backend.BackendProvider with
            lamella.backend.cuda.CudaBackendProvider;
}
