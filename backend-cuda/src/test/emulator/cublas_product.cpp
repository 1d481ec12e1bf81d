/// Matrix products, accumulated in double.
///
/// Both operands are copied as double in the order in which they are read: A in panels of 8 rows, B in panels of 4
/// columns, both along k. So the innermost loop reads two streams and needs no index, whatever was transposed.
#include "cublas_product.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace emulator::blas {

namespace {

constexpr long PANEL_ROWS = 8;
constexpr long PANEL_COLUMNS = 4;

using Four __attribute__((vector_size(32))) = double;

size_t element_bytes(int type) { return type == BFLOAT16 ? 2 : 4; }

/// To 10 bits of mantissa, to nearest, ties away from zero, as cvt.rna.tf32 does.
float to_tf32(float value) {
    if (!std::isfinite(value)) return value;
    uint32_t bits;
    std::memcpy(&bits, &value, sizeof bits);
    bits = (bits + 0x1000u) & 0xffffe000u;
    std::memcpy(&value, &bits, sizeof bits);
    return value;
}

float rounded(float value, Rounding rounding) {
    switch (rounding) {
        case Rounding::TF32: return to_tf32(value);
        case Rounding::BFLOAT16: return bfloat16_to_float(float_to_bfloat16(value));
        default: return value;
    }
}

float load(const Matrix& matrix, long long index) {
    return matrix.type == BFLOAT16 ? bfloat16_to_float(static_cast<const uint16_t*>(matrix.data)[index])
                                   : static_cast<const float*>(matrix.data)[index];
}

void store(const Matrix& matrix, long long index, double value) {
    auto single = static_cast<float>(value);
    if (matrix.type == BFLOAT16) {
        static_cast<uint16_t*>(matrix.data)[index] = float_to_bfloat16(single);
    } else {
        static_cast<float*>(matrix.data)[index] = single;
    }
}

/// Copies an operand: line l (a row of op(A), a column of op(B)) of panel l / width, k elements each, interleaved. In
/// memory, element p of line l lies at l * line_step + p * step.
void pack(std::vector<double>& target, const Matrix& matrix, long long start, long lines, long k, long width,
          long line_step, long step, Rounding rounding) {
    target.assign(static_cast<size_t>((lines + width - 1) / width * width * k), 0.0);
    for (long line = 0; line < lines; line++) {
        double* to = target.data() + line / width * width * k + line % width;
        for (long p = 0; p < k; p++) {
            long long index = start + static_cast<long long>(line) * line_step + static_cast<long long>(p) * step;
            to[p * width] = rounded(load(matrix, index), rounding);
        }
    }
}

/// 8 rows times 4 columns.
__attribute__((target_clones("arch=x86-64-v3", "default")))
void multiply_panels(const double* a, const double* b, long k, double* result) {
    Four sums[PANEL_COLUMNS][2] = {};
    for (long p = 0; p < k; p++) {
        Four upper, lower;
        std::memcpy(&upper, a + p * PANEL_ROWS, sizeof upper);
        std::memcpy(&lower, a + p * PANEL_ROWS + 4, sizeof lower);
#pragma GCC unroll 4 // then the sums stay in registers
        for (int column = 0; column < PANEL_COLUMNS; column++) {
            double factor = b[p * PANEL_COLUMNS + column];
            sums[column][0] += upper * factor;
            sums[column][1] += lower * factor;
        }
    }
    std::memcpy(result, sums, sizeof sums);
}

void run_one(const Product& product, long number, std::vector<double>& a, std::vector<double>& b) {
    double alpha = product.alpha(), beta = product.beta();
    long k = alpha == 0 ? 0 : product.k; // then A and B are not read
    const Matrix &left = product.a, &right = product.b, &c = product.c;
    bool left_transposed = left.operation != 0, right_transposed = right.operation != 0;
    pack(a, left, number * left.stride, product.m, k, PANEL_ROWS, left_transposed ? left.leading : 1,
         left_transposed ? 1 : left.leading, product.rounding);
    pack(b, right, number * right.stride, product.n, k, PANEL_COLUMNS, right_transposed ? 1 : right.leading,
         right_transposed ? right.leading : 1, product.rounding);
    double sums[PANEL_COLUMNS][PANEL_ROWS];
    for (long column = 0; column < product.n; column += PANEL_COLUMNS) {
        for (long row = 0; row < product.m; row += PANEL_ROWS) {
            multiply_panels(a.data() + row * k, b.data() + column * k, k, sums[0]);
            for (long j = column; j < std::min(product.n, column + PANEL_COLUMNS); j++) {
                for (long i = row; i < std::min(product.m, row + PANEL_ROWS); i++) {
                    long long index = number * c.stride + static_cast<long long>(j) * c.leading + i;
                    double value = alpha == 0 ? 0 : alpha * sums[j - column][i - row];
                    store(c, index, beta == 0 ? value : value + beta * load(c, index)); // beta 0: C may be anything
                }
            }
        }
    }
}

/// Checks that all of a batch of rows x columns matrices is device memory.
int require(const Product& product, const char* name, const Matrix& matrix, long rows, long columns) {
    if (rows == 0 || columns == 0 || product.batch == 0) return OK;
    auto size = static_cast<size_t>(element_bytes(matrix.type));
    long long one = static_cast<long long>(columns - 1) * matrix.leading + rows;
    long long last = matrix.stride * (product.batch - 1);
    const char* start = static_cast<const char*>(matrix.data) + std::min(0LL, last) * static_cast<long long>(size);
    return require_device(product.function, name, start, static_cast<size_t>(std::abs(last) + one) * size);
}

int require_all(const Product& product) {
    auto& [function, m, n, k, batch, a, b, c, alpha, beta, rounding] = product;
    bool left = a.operation != 0, right = b.operation != 0;
    if (int status = require(product, "A", a, left ? k : m, left ? m : k)) return status;
    if (int status = require(product, "B", b, right ? n : k, right ? k : n)) return status;
    return require(product, "C", c, m, n);
}

bool valid(const Product& product) {
    auto& [function, m, n, k, batch, a, b, c, alpha, beta, rounding] = product;
    if (!is_operation(a.operation) || !is_operation(b.operation)) return false;
    if (m < 0 || n < 0 || k < 0 || batch < 0) return false;
    if (a.leading < std::max(1L, a.operation == 0 ? m : k)) return false;
    if (b.leading < std::max(1L, b.operation == 0 ? k : n)) return false;
    if (c.leading < std::max(1L, m) || !alpha.valid() || !beta.valid()) return false;
    bool one_on_another = batch > 1 && c.stride == 0 && m > 0 && n > 0;
    if (one_on_another) explain(function, "all products of the batch are written to the same place");
    return !one_on_another;
}

} // namespace

int multiply(const Library& library, const Product& product) {
    if (!valid(product)) return BAD_VALUE;
    if (product.m == 0 || product.n == 0 || product.batch == 0) return OK;
    if (require_all(product) != 0) return EXECUTION_FAILED;
    enqueue(library.stream, [product] {
        if (int status = require_all(product)) {
            return fail_device(status, product.function, "runs after its memory was freed");
        }
        std::vector<double> a, b;
        for (long number = 0; number < product.batch; number++) run_one(product, number, a, b);
    });
    return OK;
}

} // namespace emulator::blas
