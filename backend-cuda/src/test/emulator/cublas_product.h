/// Matrix products: C = alpha op(A) op(B) + beta C, for a batch.
#pragma once

#include "cublas.h"

namespace emulator::blas {

/// Types of elements: cudaDataType.
constexpr int FLOAT32 = 0;
constexpr int BFLOAT16 = 14;

/// What becomes of the operands before they are multiplied.
enum class Rounding { NONE, TF32, BFLOAT16 };

struct Matrix {
    void* data;
    int type;
    long leading;     // elements from column to column
    long long stride; // elements from matrix to matrix in the batch
    int operation;    // 0: as it is, 1, 2: transposed
};

struct Product {
    const char* function;
    long m, n, k, batch;
    Matrix a, b, c;
    Scalar alpha, beta;
    Rounding rounding;
};

/// Checks a product and puts it on the library's stream. Returns a status of cuBLAS.
int multiply(const Library& library, const Product& product);

} // namespace emulator::blas
