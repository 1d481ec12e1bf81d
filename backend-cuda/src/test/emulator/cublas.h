/// The emulated cuBLAS: handles, status codes, scalars. All matrices are column by column, as in BLAS.
#pragma once

#include <functional>

#include "driver_types.h"

namespace emulator::blas {

constexpr int OK = 0;
constexpr int NO_HANDLE = 1;
constexpr int BAD_VALUE = 7;
constexpr int EXECUTION_FAILED = 13;
constexpr int UNSUPPORTED = 15;

constexpr int DEFAULT_MATH = 0;
constexpr int TENSOR_OP_MATH = 1;
constexpr int PEDANTIC_MATH = 2;
constexpr int TF32_MATH = 3;
constexpr int DISALLOW_REDUCED_PRECISION_REDUCTION = 16;

/// What a cublasHandle_t stands for.
struct Library {
    void* stream = nullptr;
    int math_mode = DEFAULT_MATH;
    int pointer_mode = 0; // 0: scalars are on the host, 1: on the device
    int atomics_mode = 0;

    bool tf32() const { return (math_mode & 15) == TF32_MATH; }
};

Handles<Library>& libraries();

/// Runs the body of an exported function between the checks that all have in common.
template <class Body>
int library_call(const char* function, void* handle, Body body) {
    Call call(function);
    if (call.status() != OK) return call.status();
    auto library = libraries().find(handle);
    return library == nullptr ? NO_HANDLE : body(*library);
}

/// A scalar factor: on the host it is read at the call, on the device when the work runs.
class Scalar {
public:
    /// Check `valid` before use.
    Scalar(const char* function, const Library& library, const float* address) : host(library.pointer_mode == 0) {
        readable = address != nullptr && (host || require_device(function, "scalar", address, sizeof(float)) == OK);
        if (readable && host) value = *address;
        if (!host) device = address;
    }

    bool valid() const { return readable; }

    float operator()() const { return host ? value : *device; }

private:
    bool host;
    bool readable;
    float value = 0;
    const float* device = nullptr;
};

/// CUBLAS_OP_N, _T, or _C, which is _T for real numbers.
inline bool is_operation(int operation) { return operation >= 0 && operation <= 2; }

} // namespace emulator::blas
