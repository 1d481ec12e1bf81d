// Rearrangements of words: float32 and int32 alike, bit for bit.
#include "axes.cuh"
#include "vector.cuh"

// Fills n packs of W words. The strides of x are `first`; innermost x has stride 0 or adjacent words where W is 4.
template <int W>
static __device__ __forceinline__ void gather_packs(
    unsigned* __restrict__ out, const unsigned* __restrict__ x, int n, int rank, const Axes& axes) {
  Width<W> width;
  FOR_EACH(i, n) {
    int from = 0;
    for_each_axis(axes, rank, i, [&](const Axis& axis, unsigned coordinate) {
      from += (int)coordinate * axis.first;
    });
    store(out + W * i, axes.axis[0].first ? load(width, x + from) : splat(width, x[from]));
  }
}

// out[c] = x[first . c] for all coordinates c, in n packs. Where `quads`, the innermost axis counts in steps of four.
KERNEL gather_box(
    unsigned* __restrict__ out, const unsigned* __restrict__ x, int n, int quads, int rank, Axes axes) {
  if (quads) {
    gather_packs<4>(out, x, n, rank, axes);
  } else {
    gather_packs<1>(out, x, n, rank, axes);
  }
}

#define TILE 32
#define TILE_ROWS (THREADS / TILE)

// out[c * column_stride + r] = x[r * row_stride + c] for all r < rows and c < columns, and so for each place of the
// other axes, whose strides are `first` in x and `second` in out. A block moves one tile through shared memory: it
// reads along the columns, adjacent in x, and writes along the rows, adjacent in out. The 33rd word of a row puts a
// column's words into different banks.
KERNEL transpose_box(
    unsigned* __restrict__ out, const unsigned* __restrict__ x, int rows, int columns, int row_stride,
    int column_stride, int rank, Axes axes) {
  __shared__ unsigned tile[TILE][TILE + 1];
  unsigned tiles_across = ((unsigned)columns + TILE - 1) / TILE;
  unsigned tiles_down = ((unsigned)rows + TILE - 1) / TILE;
  unsigned strip = blockIdx.x / tiles_across;
  int first_column = TILE * (int)(blockIdx.x - strip * tiles_across);
  unsigned box = strip / tiles_down;
  int first_row = TILE * (int)(strip - box * tiles_down);
  for_each_axis(axes, rank, box, [&](const Axis& axis, unsigned coordinate) {
    x += (int)coordinate * axis.first;
    out += (int)coordinate * axis.second;
  });

  int across = threadIdx.x % TILE;
  int down = threadIdx.x / TILE;
#pragma unroll
  for (int k = down; k < TILE; k += TILE_ROWS) {
    if (first_row + k < rows && first_column + across < columns) {
      tile[k][across] = x[(first_row + k) * row_stride + first_column + across];
    }
  }
  __syncthreads();
#pragma unroll
  for (int k = down; k < TILE; k += TILE_ROWS) {
    if (first_column + k < columns && first_row + across < rows) {
      out[(first_column + k) * column_stride + first_row + across] = tile[across][k];
    }
  }
}

// W words at each place of out: those of x inside its box, else the word around it.
template <int W>
static __device__ __forceinline__ void pad_packs(
    unsigned* __restrict__ out, const unsigned* __restrict__ x, unsigned word, int n, int rank, const Axes& axes) {
  Width<W> width;
  FOR_EACH(i, n) {
    int from = 0;
    bool inside = true;
    for_each_axis(axes, rank, i, [&](const Axis& axis, unsigned coordinate) {
      int own = (int)coordinate - axis.second;
      // a coordinate before the box is a large unsigned one
      inside = inside && (unsigned)own < (unsigned)axis.third;
      from += own * axis.first;
    });
    store(out + W * i, inside ? load(width, x + from) : splat(width, word));
  }
}

// out[c] = x[c - second] where 0 <= c - second < third in each axis, else the word. `first` are the strides of x.
KERNEL pad_box(
    unsigned* __restrict__ out, const unsigned* __restrict__ x, unsigned word, int n, int quads, int rank,
    Axes axes) {
  if (quads) {
    pad_packs<4>(out, x, word, n, rank, axes);
  } else {
    pad_packs<1>(out, x, word, n, rank, axes);
  }
}

#define MOST_PARTS 16

// Arrays of [rows, width] that are put side by side. Part k holds the columns start[k] to start[k + 1] - 1.
struct Parts {
  const unsigned* from[MOST_PARTS];
  int start[MOST_PARTS];
  int end;
  int unused;
};

template <int W>
static __device__ __forceinline__ void join_packs(
    unsigned* __restrict__ out, int row_stride, int n, int count, const Parts& parts, const Axis& columns) {
  FOR_EACH(i, n) {
    unsigned row = quotient(i, columns);
    int column = W * (int)(i - row * columns.extent);
    const unsigned* from = parts.from[0];
    int start = parts.start[0];
    int end = count > 1 ? parts.start[1] : parts.end;
    // at most a few comparisons; an index into the structure would be a read of its own for each thread
#pragma unroll
    for (int k = 1; k < MOST_PARTS; k++) {
      if (k < count && column >= parts.start[k]) {
        from = parts.from[k];
        start = parts.start[k];
        end = k + 1 < MOST_PARTS && k + 1 < count ? parts.start[(k + 1) % MOST_PARTS] : parts.end;
      }
    }
    Pack<unsigned, W> pack = load(Width<W>(), from + (int)row * (end - start) + column - start);
    store(out + (int)row * row_stride + column, pack);
  }
}

// out[r, c] = the part that holds column c, at [r, c - its start], in n packs; a row of out begins `row_stride` words
// after the one before.
KERNEL join_parts(
    unsigned* __restrict__ out, int row_stride, int n, int quads, int count, Parts parts, Axis columns) {
  if (quads) {
    join_packs<4>(out, row_stride, n, count, parts, columns);
  } else {
    join_packs<1>(out, row_stride, n, count, parts, columns);
  }
}
