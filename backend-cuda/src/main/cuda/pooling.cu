// 2-D pooling of planes: of [planes, height, width] to [planes, out_height, out_width].
#include "divisor.cuh"

struct Pool {
  int height;
  int width;
  int out_height;
  int out_width;
  int kernel_height;
  int kernel_width;
  int stride_height;
  int stride_width;
  int padding_height;
  int padding_width;
  Divisor by_height;
  Divisor by_width;
  Divisor by_out_height;
  Divisor by_out_width;
  Divisor by_stride_height;
  Divisor by_stride_width;
  int count_padding;  // whether an average's divisor counts padded cells
};

// A window along one axis: its cells inside the input, [first, end), and the number by which an average divides.
struct Span {
  int first;
  int end;
  int divisor;

  __device__ Span(int output, int extent, int kernel, int stride, int padding, bool count_padding) {
    int start = output * stride - padding;
    first = max(start, 0);
    end = min(start + kernel, extent);
    divisor = count_padding ? min(start + kernel, extent + padding) - start : end - first;
  }
};

static __device__ Span rows_of(const Pool& pool, int output) {
  return Span(output, pool.height, pool.kernel_height, pool.stride_height, pool.padding_height, pool.count_padding);
}

static __device__ Span columns_of(const Pool& pool, int output) {
  return Span(output, pool.width, pool.kernel_width, pool.stride_width, pool.padding_width, pool.count_padding);
}

// The windows along one axis that contain a cell: first to last.
struct Windows {
  int first;
  int last;

  __device__ Windows(int cell, int outputs, int kernel, Divisor by_stride, int padding) {
    int place = cell + padding;
    first = place < kernel ? 0 : (int)by_stride.quotient(place - kernel) + 1;
    last = min((int)by_stride.quotient(place), outputs - 1);
  }
};

static __device__ Windows windows_of_row(const Pool& pool, int row) {
  return Windows(row, pool.out_height, pool.kernel_height, pool.by_stride_height, pool.padding_height);
}

static __device__ Windows windows_of_column(const Pool& pool, int column) {
  return Windows(column, pool.out_width, pool.kernel_width, pool.by_stride_width, pool.padding_width);
}

// The plane, row and column of an element of the input, or of the output.
struct Cell {
  unsigned plane;
  int row;
  int column;

  __device__ Cell(unsigned i, int height, int width, Divisor by_height, Divisor by_width) {
    unsigned line = by_width.quotient(i);
    plane = by_height.quotient(line);
    column = (int)(i - line * (unsigned)width);
    row = (int)(line - plane * (unsigned)height);
  }

  static __device__ Cell of_input(unsigned i, const Pool& pool) {
    return Cell(i, pool.height, pool.width, pool.by_height, pool.by_width);
  }

  static __device__ Cell of_output(unsigned i, const Pool& pool) {
    return Cell(i, pool.out_height, pool.out_width, pool.by_out_height, pool.by_out_width);
  }
};

// The largest element of output i's window and its place in its plane, the first of equal ones; a NaN is the largest.
struct Largest {
  float value;
  int place;

  __device__ Largest(const float* __restrict__ x, unsigned i, const Pool& pool) {
    Cell cell = Cell::of_output(i, pool);
    const float* plane = x + (size_t)cell.plane * (pool.height * pool.width);
    Span rows = rows_of(pool, cell.row);
    Span columns = columns_of(pool, cell.column);
    value = -INFINITY;
    place = rows.first * pool.width + columns.first;
    for (int row = rows.first; row < rows.end; row++) {
      for (int column = columns.first; column < columns.end; column++) {
        float candidate = plane[row * pool.width + column];
        if (candidate > value || (candidate != candidate && value == value)) {
          value = candidate;
          place = row * pool.width + column;
        }
      }
    }
  }
};

// out = largest element of each of n windows.
KERNEL pool_maximum(float* __restrict__ out, const float* __restrict__ x, Pool pool, int n) {
  FOR_EACH(i, n) out[i] = Largest(x, i, pool).value;
}

// out = place of the largest element of each of n windows.
KERNEL pool_places(int* __restrict__ out, const float* __restrict__ x, Pool pool, int n) {
  FOR_EACH(i, n) out[i] = Largest(x, i, pool).place;
}

// out = for each of n cells, the sum of the gradients of the windows whose largest element it is. Each cell asks its
// windows, rather than each window adding to its cell: nothing is added twice at a time, and the order is fixed.
KERNEL pool_maximum_gradient(float* __restrict__ out, const float* __restrict__ gradient,
                             const int* __restrict__ places, Pool pool, int n) {
  FOR_EACH(i, n) {
    Cell cell = Cell::of_input(i, pool);
    int place = cell.row * pool.width + cell.column;
    Windows rows = windows_of_row(pool, cell.row);
    Windows columns = windows_of_column(pool, cell.column);
    size_t plane = (size_t)cell.plane * (pool.out_height * pool.out_width);
    float sum = 0.0f;
    for (int row = rows.first; row <= rows.last; row++) {
      for (int column = columns.first; column <= columns.last; column++) {
        size_t window = plane + row * pool.out_width + column;
        if (places[window] == place) sum += gradient[window];
      }
    }
    out[i] = sum;
  }
}

// out = mean of each of n windows.
KERNEL pool_average(float* __restrict__ out, const float* __restrict__ x, Pool pool, int n) {
  FOR_EACH(i, n) {
    Cell cell = Cell::of_output(i, pool);
    const float* plane = x + (size_t)cell.plane * (pool.height * pool.width);
    Span rows = rows_of(pool, cell.row);
    Span columns = columns_of(pool, cell.column);
    float sum = 0.0f;
    for (int row = rows.first; row < rows.end; row++) {
      float row_sum = 0.0f;
      for (int column = columns.first; column < columns.end; column++) row_sum += plane[row * pool.width + column];
      sum += row_sum;
    }
    out[i] = sum / ((float)rows.divisor * (float)columns.divisor);
  }
}

// out = for each of n cells, the sum of gradient / divisor of its windows.
KERNEL pool_average_gradient(float* __restrict__ out, const float* __restrict__ gradient, Pool pool, int n) {
  FOR_EACH(i, n) {
    Cell cell = Cell::of_input(i, pool);
    Windows rows = windows_of_row(pool, cell.row);
    Windows columns = windows_of_column(pool, cell.column);
    size_t plane = (size_t)cell.plane * (pool.out_height * pool.out_width);
    float sum = 0.0f;
    for (int row = rows.first; row <= rows.last; row++) {
      float height = (float)rows_of(pool, row).divisor;
      for (int column = columns.first; column <= columns.last; column++) {
        float divisor = height * (float)columns_of(pool, column).divisor;
        sum += gradient[plane + row * pool.out_width + column] / divisor;
      }
    }
    out[i] = sum;
  }
}
