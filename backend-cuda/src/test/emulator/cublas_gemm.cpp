/// The exported matrix products.
#include "cublas_product.h"

namespace emulator::blas {

namespace {

constexpr int COMPUTE_32F = 68;
constexpr int COMPUTE_32F_PEDANTIC = 69;
constexpr int COMPUTE_32F_FAST_16BF = 75;
constexpr int COMPUTE_32F_FAST_TF32 = 77;

/// Sets how operands are rounded. Returns 0, or the status that refuses these types.
int choose(const Library& library, int a, int b, int c, int compute, int algorithm, Rounding& rounding) {
    bool known_algorithm = (algorithm >= -1 && algorithm <= 23) || (algorithm >= 99 && algorithm <= 115);
    if (!known_algorithm) return BAD_VALUE;
    bool single = a == FLOAT32 && b == FLOAT32 && c == FLOAT32;
    bool half = a == BFLOAT16 && b == BFLOAT16 && (c == BFLOAT16 || c == FLOAT32);
    if (!single && !half) return UNSUPPORTED;
    rounding = Rounding::NONE;
    switch (compute) {
        case COMPUTE_32F:
            if (single && library.tf32()) rounding = Rounding::TF32;
            return OK;
        case COMPUTE_32F_PEDANTIC: return OK;
        case COMPUTE_32F_FAST_16BF: rounding = Rounding::BFLOAT16; return single ? OK : UNSUPPORTED;
        case COMPUTE_32F_FAST_TF32: rounding = Rounding::TF32; return single ? OK : UNSUPPORTED;
        default: return UNSUPPORTED;
    }
}

/// A matrix that is only read.
Matrix operand(const void* data, int type, int leading, long long stride, int operation) {
    return {const_cast<void*>(data), type, leading, stride, operation};
}

} // namespace

} // namespace emulator::blas

using namespace emulator;
using namespace emulator::blas;

extern "C" {

EMULATOR_EXPORT int cublasSgemm_v2(void* handle, int a_operation, int b_operation, int m, int n, int k,
                                   const float* alpha, const float* a, int lda, const float* b, int ldb,
                                   const float* beta, float* c, int ldc) {
    return library_call(__func__, handle, [&](Library& library) {
        const char* name = "cublasSgemm_v2";
        Rounding rounding = library.tf32() ? Rounding::TF32 : Rounding::NONE;
        return multiply(library, {name, m, n, k, 1, operand(a, FLOAT32, lda, 0, a_operation),
                                  operand(b, FLOAT32, ldb, 0, b_operation), {c, FLOAT32, ldc, 0, 0},
                                  Scalar(name, library, alpha), Scalar(name, library, beta), rounding});
    });
}

EMULATOR_EXPORT int cublasSgemmStridedBatched(void* handle, int a_operation, int b_operation, int m, int n, int k,
                                              const float* alpha, const float* a, int lda, long long a_stride,
                                              const float* b, int ldb, long long b_stride, const float* beta, float* c,
                                              int ldc, long long c_stride, int batch) {
    return library_call(__func__, handle, [&](Library& library) {
        const char* name = "cublasSgemmStridedBatched";
        Rounding rounding = library.tf32() ? Rounding::TF32 : Rounding::NONE;
        return multiply(library, {name, m, n, k, batch, operand(a, FLOAT32, lda, a_stride, a_operation),
                                  operand(b, FLOAT32, ldb, b_stride, b_operation), {c, FLOAT32, ldc, c_stride, 0},
                                  Scalar(name, library, alpha), Scalar(name, library, beta), rounding});
    });
}

EMULATOR_EXPORT int cublasGemmEx(void* handle, int a_operation, int b_operation, int m, int n, int k,
                                 const void* alpha, const void* a, int a_type, int lda, const void* b, int b_type,
                                 int ldb, const void* beta, void* c, int c_type, int ldc, int compute, int algorithm) {
    return library_call(__func__, handle, [&](Library& library) {
        const char* name = "cublasGemmEx";
        Rounding rounding;
        if (int status = choose(library, a_type, b_type, c_type, compute, algorithm, rounding)) return status;
        return multiply(library, {name, m, n, k, 1, operand(a, a_type, lda, 0, a_operation),
                                  operand(b, b_type, ldb, 0, b_operation), {c, c_type, ldc, 0, 0},
                                  Scalar(name, library, static_cast<const float*>(alpha)),
                                  Scalar(name, library, static_cast<const float*>(beta)), rounding});
    });
}

EMULATOR_EXPORT int cublasGemmStridedBatchedEx(void* handle, int a_operation, int b_operation, int m, int n, int k,
                                               const void* alpha, const void* a, int a_type, int lda,
                                               long long a_stride, const void* b, int b_type, int ldb,
                                               long long b_stride, const void* beta, void* c, int c_type, int ldc,
                                               long long c_stride, int batch, int compute, int algorithm) {
    return library_call(__func__, handle, [&](Library& library) {
        const char* name = "cublasGemmStridedBatchedEx";
        Rounding rounding;
        if (int status = choose(library, a_type, b_type, c_type, compute, algorithm, rounding)) return status;
        return multiply(library, {name, m, n, k, batch, operand(a, a_type, lda, a_stride, a_operation),
                                  operand(b, b_type, ldb, b_stride, b_operation), {c, c_type, ldc, c_stride, 0},
                                  Scalar(name, library, static_cast<const float*>(alpha)),
                                  Scalar(name, library, static_cast<const float*>(beta)), rounding});
    });
}

} // extern "C"
