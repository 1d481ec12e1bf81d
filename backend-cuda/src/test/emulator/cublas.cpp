/// Handles of cuBLAS and their settings.
#include "cublas.h"

namespace emulator::blas {

Handles<Library>& libraries() {
    static auto& table = *new Handles<Library>(0x99);
    return table;
}

namespace {

struct StatusName {
    int status;
    const char* name;
    const char* text;
};

constexpr StatusName STATUSES[] = {
    {0, "CUBLAS_STATUS_SUCCESS", "success"},
    {1, "CUBLAS_STATUS_NOT_INITIALIZED", "the library was not initialized"},
    {3, "CUBLAS_STATUS_ALLOC_FAILED", "the resource allocation failed"},
    {7, "CUBLAS_STATUS_INVALID_VALUE", "an unsupported value or parameter was passed to the function"},
    {8, "CUBLAS_STATUS_ARCH_MISMATCH", "the function requires an architectural feature absent from the architecture"},
    {11, "CUBLAS_STATUS_MAPPING_ERROR", "an access to GPU memory space failed"},
    {13, "CUBLAS_STATUS_EXECUTION_FAILED", "the function failed to launch on the GPU"},
    {14, "CUBLAS_STATUS_INTERNAL_ERROR", "an internal operation failed"},
    {15, "CUBLAS_STATUS_NOT_SUPPORTED", "the functionality requested is not supported"},
    {16, "CUBLAS_STATUS_LICENSE_ERROR", "an error was detected when checking the current licensing"},
};

const StatusName UNKNOWN{-1, "<unknown>", "<unknown>"};

const StatusName& named(int status) {
    for (auto& each : STATUSES) {
        if (each.status == status) return each;
    }
    return UNKNOWN;
}

template <class Value>
int get(const char* function, void* handle, Value* result, Value Library::*member) {
    return library_call(function, handle, [&](Library& library) {
        if (result == nullptr) return BAD_VALUE;
        *result = library.*member;
        return OK;
    });
}

} // namespace

} // namespace emulator::blas

using namespace emulator;
using namespace emulator::blas;

extern "C" {

EMULATOR_EXPORT int cublasCreate_v2(void** handle) {
    Call call(__func__);
    if (call.status() != OK) return call.status();
    if (handle == nullptr) return BAD_VALUE;
    *handle = libraries().add(std::make_shared<Library>());
    return OK;
}

EMULATOR_EXPORT int cublasDestroy_v2(void* handle) {
    return library_call(__func__, handle, [&](Library&) { return libraries().remove(handle) ? OK : NO_HANDLE; });
}

EMULATOR_EXPORT int cublasGetVersion_v2(void* handle, int* version) {
    return library_call(__func__, handle, [&](Library&) {
        if (version == nullptr) return BAD_VALUE;
        *version = 120600;
        return OK;
    });
}

EMULATOR_EXPORT int cublasSetStream_v2(void* handle, void* stream) {
    return library_call(__func__, handle, [&](Library& library) {
        if (!is_stream(stream)) return BAD_VALUE;
        library.stream = stream;
        return OK;
    });
}

EMULATOR_EXPORT int cublasGetStream_v2(void* handle, void** stream) {
    return get(__func__, handle, stream, &Library::stream);
}

EMULATOR_EXPORT int cublasSetMathMode(void* handle, int mode) {
    return library_call(__func__, handle, [&](Library& library) {
        int without_flag = mode & ~DISALLOW_REDUCED_PRECISION_REDUCTION;
        if (without_flag < DEFAULT_MATH || without_flag > TF32_MATH) return BAD_VALUE;
        library.math_mode = mode;
        return OK;
    });
}

EMULATOR_EXPORT int cublasGetMathMode(void* handle, int* mode) {
    return get(__func__, handle, mode, &Library::math_mode);
}

EMULATOR_EXPORT int cublasSetPointerMode_v2(void* handle, int mode) {
    return library_call(__func__, handle, [&](Library& library) {
        if (mode != 0 && mode != 1) return BAD_VALUE;
        library.pointer_mode = mode;
        return OK;
    });
}

EMULATOR_EXPORT int cublasGetPointerMode_v2(void* handle, int* mode) {
    return get(__func__, handle, mode, &Library::pointer_mode);
}

EMULATOR_EXPORT int cublasSetAtomicsMode(void* handle, int mode) {
    return library_call(__func__, handle, [&](Library& library) {
        if (mode != 0 && mode != 1) return BAD_VALUE;
        library.atomics_mode = mode;
        return OK;
    });
}

EMULATOR_EXPORT int cublasGetAtomicsMode(void* handle, int* mode) {
    return get(__func__, handle, mode, &Library::atomics_mode);
}

/// The workspace is only checked: device memory, aligned to 256 bytes.
EMULATOR_EXPORT int cublasSetWorkspace_v2(void* handle, void* workspace, size_t bytes) {
    return library_call(__func__, handle, [&](Library&) {
        if (bytes == 0) return OK;
        if (reinterpret_cast<uintptr_t>(workspace) % 256 != 0) return BAD_VALUE;
        return require_device("cublasSetWorkspace_v2", "workspace", workspace, bytes) == 0 ? OK : BAD_VALUE;
    });
}

EMULATOR_EXPORT const char* cublasGetStatusName(int status) {
    Call call(__func__);
    return named(status).name;
}

EMULATOR_EXPORT const char* cublasGetStatusString(int status) {
    Call call(__func__);
    return named(status).text;
}

} // extern "C"
