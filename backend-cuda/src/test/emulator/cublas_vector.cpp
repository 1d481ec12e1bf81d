/// Products with vectors, sums of matrices, and the like; in double.
#include <algorithm>
#include <cstdlib>
#include <vector>

#include "cublas.h"

namespace emulator::blas {

namespace {

/// Elements from the first to the last of a vector with this step, ends included.
size_t span(long count, long step) { return count == 0 ? 0 : static_cast<size_t>((count - 1) * std::abs(step) + 1); }

/// The index of element i: with a negative step a vector begins at its far end.
long at(long i, long count, long step) { return step > 0 ? i * step : (i - count + 1) * step; }

/// Checks arrays of floats: pairs of address and number of elements.
struct Array {
    const char* name;
    const float* address;
    size_t count;
};

bool usable(const char* function, const std::vector<Array>& arrays) {
    return std::all_of(arrays.begin(), arrays.end(), [&](const Array& array) {
        return require_device(function, array.name, array.address, array.count * sizeof(float)) == 0;
    });
}

/// Checks arrays, and again when the work runs on the library's stream.
int run(const Library& library, const char* function, const std::vector<Array>& arrays, std::function<void()> work) {
    if (!usable(function, arrays)) return EXECUTION_FAILED;
    enqueue(library.stream, [=] {
        if (!usable(function, arrays)) return fail_device(700, function, "runs after its memory was freed");
        work();
    });
    return OK;
}

size_t matrix_span(long rows, long columns, long leading) {
    return rows == 0 || columns == 0 ? 0 : static_cast<size_t>((columns - 1) * leading + rows);
}

} // namespace

} // namespace emulator::blas

using namespace emulator;
using namespace emulator::blas;

extern "C" {

/// y = alpha op(A) x + beta y, A is m x n.
EMULATOR_EXPORT int cublasSgemv_v2(void* handle, int operation, int m, int n, const float* alpha, const float* a,
                                   int lda, const float* x, int incx, const float* beta, float* y, int incy) {
    return library_call(__func__, handle, [&](Library& library) {
        const char* name = "cublasSgemv_v2";
        Scalar first(name, library, alpha), second(name, library, beta);
        if (!is_operation(operation) || m < 0 || n < 0 || lda < std::max(1, m)) return BAD_VALUE;
        if (incx == 0 || incy == 0) return BAD_VALUE;
        if (!first.valid() || !second.valid()) return BAD_VALUE;
        if (m == 0 || n == 0) return OK;
        long outputs = operation == 0 ? m : n, inputs = operation == 0 ? n : m;
        long output_step = operation == 0 ? 1 : lda, input_step = operation == 0 ? lda : 1;
        std::vector<Array> arrays{
            {"A", a, matrix_span(m, n, lda)}, {"x", x, span(inputs, incx)}, {"y", y, span(outputs, incy)}};
        return run(library, name, arrays, [=] {
            double factor = first(), old = second();
            std::vector<float> result(static_cast<size_t>(outputs));
            for (long i = 0; i < outputs; i++) {
                double sum = 0;
                for (long j = 0; factor != 0 && j < inputs; j++) {
                    sum += double(a[i * output_step + j * input_step]) * x[at(j, inputs, incx)];
                }
                double before = old == 0 ? 0 : old * y[at(i, outputs, incy)]; // beta 0: y may be anything
                result[static_cast<size_t>(i)] = static_cast<float>(factor * sum + before);
            }
            for (long i = 0; i < outputs; i++) y[at(i, outputs, incy)] = result[static_cast<size_t>(i)];
        });
    });
}

/// C = alpha op(A) + beta op(B), C is m x n; C may be A (or B) itself if that is not transposed.
EMULATOR_EXPORT int cublasSgeam(void* handle, int a_operation, int b_operation, int m, int n, const float* alpha,
                                const float* a, int lda, const float* beta, const float* b, int ldb, float* c,
                                int ldc) {
    return library_call(__func__, handle, [&](Library& library) {
        const char* name = "cublasSgeam";
        Scalar first(name, library, alpha), second(name, library, beta);
        if (!is_operation(a_operation) || !is_operation(b_operation) || m < 0 || n < 0) return BAD_VALUE;
        bool left = a_operation != 0, right = b_operation != 0;
        if (lda < std::max(1, left ? n : m) || ldb < std::max(1, right ? n : m)) return BAD_VALUE;
        if (ldc < std::max(1, m)) return BAD_VALUE;
        if ((c == a && (left || lda != ldc)) || (c == b && (right || ldb != ldc))) return BAD_VALUE;
        if (!first.valid() || !second.valid()) return BAD_VALUE;
        if (m == 0 || n == 0) return OK;
        bool host = library.pointer_mode == 0;
        std::vector<Array> arrays{{"C", c, matrix_span(m, n, ldc)}};
        // what has factor 0 is not read and need not be there
        if (!host || first() != 0) arrays.push_back({"A", a, matrix_span(left ? n : m, left ? m : n, lda)});
        if (!host || second() != 0) arrays.push_back({"B", b, matrix_span(right ? n : m, right ? m : n, ldb)});
        return run(library, name, arrays, [=] {
            double factor = first(), other = second();
            for (long j = 0; j < n; j++) {
                for (long i = 0; i < m; i++) {
                    double sum = factor == 0 ? 0 : factor * a[left ? i * lda + j : j * lda + i];
                    if (other != 0) sum += other * b[right ? i * ldb + j : j * ldb + i];
                    c[j * ldc + i] = static_cast<float>(sum);
                }
            }
        });
    });
}

/// x = alpha x; nothing happens for n or a step below 1.
EMULATOR_EXPORT int cublasSscal_v2(void* handle, int n, const float* alpha, float* x, int incx) {
    return library_call(__func__, handle, [&](Library& library) {
        const char* name = "cublasSscal_v2";
        Scalar factor(name, library, alpha);
        if (!factor.valid()) return BAD_VALUE;
        if (n <= 0 || incx <= 0) return OK;
        return run(library, name, {{"x", x, span(n, incx)}}, [=] {
            for (long i = 0; i < n; i++) x[i * incx] *= factor();
        });
    });
}

/// y = alpha x + y.
EMULATOR_EXPORT int cublasSaxpy_v2(void* handle, int n, const float* alpha, const float* x, int incx, float* y,
                                   int incy) {
    return library_call(__func__, handle, [&](Library& library) {
        const char* name = "cublasSaxpy_v2";
        Scalar factor(name, library, alpha);
        if (!factor.valid()) return BAD_VALUE;
        if (n <= 0) return OK;
        return run(library, name, {{"x", x, span(n, incx)}, {"y", y, span(n, incy)}}, [=] {
            double times = factor();
            for (long i = 0; i < n; i++) {
                float& target = y[at(i, n, incy)];
                target = static_cast<float>(times * x[at(i, n, incx)] + target);
            }
        });
    });
}

} // extern "C"
