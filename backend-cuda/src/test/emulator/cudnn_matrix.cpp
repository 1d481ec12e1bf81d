/// The matrix product, quick enough for a test suite: 8 columns of b are packed so that the inner loop reads them
/// from consecutive memory, and 4 rows of sums stay in registers.

#include "cudnn_matrix.h"

#include <algorithm>
#include <vector>

namespace emulator::cudnn {

namespace {

// 4 doubles: one AVX register, or two of SSE2 where the compiler has no AVX. Unaligned; may alias double.
typedef double Lanes __attribute__((vector_size(32), aligned(8), may_alias));

constexpr long panel_columns = 8;
constexpr long tile_rows = 4;

template <int rows>
__attribute__((always_inline)) inline void multiply_tile(long k, const double* a, const double* panel, double* sums) {
    Lanes left[rows] = {};
    Lanes right[rows] = {};
    for (long i = 0; i < k; i++) {
        const Lanes* lanes = reinterpret_cast<const Lanes*>(panel + i * panel_columns);
#pragma GCC unroll 4  // or the sums would not stay in registers
        for (int row = 0; row < rows; row++) {
            left[row] += a[row * k + i] * lanes[0];
            right[row] += a[row * k + i] * lanes[1];
        }
    }
    Lanes* stored = reinterpret_cast<Lanes*>(sums);
#pragma GCC unroll 4
    for (int row = 0; row < rows; row++) {
        stored[2 * row] = left[row];
        stored[2 * row + 1] = right[row];
    }
}

}  // namespace

__attribute__((target_clones("avx2", "default")))  // the loader picks the one that this processor has
void multiply_add(long m, long n, long k, const double* a, const double* b, double* c) {
    std::vector<double> panel(k * panel_columns);
    double sums[tile_rows * panel_columns];
    for (long column = 0; column < n; column += panel_columns) {
        long width = std::min(panel_columns, n - column);
        for (long i = 0; i < k; i++) std::copy_n(b + i * n + column, width, panel.data() + i * panel_columns);
        for (long row = 0; row < m; row += tile_rows) {
            long height = std::min(tile_rows, m - row);
            const double* rows = a + row * k;
            switch (height) {
                case 1: multiply_tile<1>(k, rows, panel.data(), sums); break;
                case 2: multiply_tile<2>(k, rows, panel.data(), sums); break;
                case 3: multiply_tile<3>(k, rows, panel.data(), sums); break;
                default: multiply_tile<4>(k, rows, panel.data(), sums); break;
            }
            for (long i = 0; i < height; i++) {
                for (long j = 0; j < width; j++) c[(row + i) * n + column + j] += sums[i * panel_columns + j];
            }
        }
    }
}

void transpose(long rows, long columns, const double* matrix, double* result) {
    constexpr long block = 16;  // both sides of a block stay in the first-level cache
    for (long row = 0; row < rows; row += block) {
        for (long column = 0; column < columns; column += block) {
            for (long i = row; i < std::min(row + block, rows); i++) {
                for (long j = column; j < std::min(column + block, columns); j++) {
                    result[j * rows + i] = matrix[i * columns + j];
                }
            }
        }
    }
}

}  // namespace emulator::cudnn
