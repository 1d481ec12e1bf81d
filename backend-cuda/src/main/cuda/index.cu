// Rows of a table by their index.
#include "index_error.cuh"

// out[i, :] = table[indices[i], :], zeros for -1. 2^lane_bits threads share a row.
KERNEL gather(float* __restrict__ out, const float* __restrict__ table, const int* __restrict__ indices, unsigned count,
              unsigned rows, unsigned width, unsigned lane_bits, unsigned long long* error) {
  unsigned lane = threadIdx.x & ((1u << lane_bits) - 1);
  unsigned i = blockIdx.x * ((unsigned)THREADS >> lane_bits) + (threadIdx.x >> lane_bits);
  if (i >= count) return;
  int index = checked_index(indices[i], rows, i, lane == 0, error);
  const float* from = table + (size_t)(index < 0 ? 0 : index) * width;
  float* to = out + (size_t)i * width;
  for (unsigned d = lane; d < width; d += 1u << lane_bits) to[d] = index < 0 ? 0.0f : from[d];
}

// Floats of a block's part of the table, and indices that it looks through at a time.
#define CELLS 4096
#define LOOK 2048
#define LOOK_BITS 11
#define WORDS (LOOK / 32)

// How the table [rows, width] and the indices are shared out; CudaIndexKernels chooses from the sizes. A block sums
// CELLS >> column_bits rows by 2^column_bits columns, over the positions part * chunk to (part + 1) * chunk - 1.
struct Scatter {
  unsigned count;
  unsigned rows;
  unsigned width;
  unsigned column_bits;
  unsigned columns;  // blocks side by side
  unsigned parts;
  unsigned chunk;
};

// The positions in one look whose rows are the block's: a bit each, then a list in ascending order. An entry is
// row << LOOK_BITS | position, both relative to the block's first row and the look's first position.
struct Matches {
  unsigned bits[WORDS];
  unsigned entries[LOOK];
  unsigned count;
};

// Writes the list, with rows taken from `indices`; one thread for each word of bits.
static __device__ void list_matches(Matches& matches, const int* indices, unsigned first_row) {
  unsigned word = threadIdx.x;
  if (word >= WORDS) return;
  unsigned place = 0;
  for (unsigned w = 0; w < word; w++) place += __popc(matches.bits[w]);
  for (unsigned bits = matches.bits[word]; bits != 0; bits &= bits - 1) {
    unsigned position = word * 32 + __ffs((int)bits) - 1;
    matches.entries[place++] = ((unsigned)indices[position] - first_row) << LOOK_BITS | position;
  }
  if (word == WORDS - 1) matches.count = place;
}

// Adds the rows of x to their cells, in the order of the list. A cell belongs to one thread: that of its column in the
// group that its row belongs to. So no thread waits for another.
static __device__ void add_matches(float* cells, const Matches& matches, const float* __restrict__ x,
                                   const Scatter& scatter, unsigned first_column) {
  const unsigned ahead = 8;  // loads in flight
  unsigned column = threadIdx.x & ((1u << scatter.column_bits) - 1);
  unsigned group = threadIdx.x >> scatter.column_bits;
  unsigned group_mask = ((unsigned)THREADS >> scatter.column_bits) - 1;
  if (first_column + column >= scatter.width) return;
  const float* from = x + first_column + column;
  for (unsigned m = 0; m < matches.count; m += ahead) {
    float values[ahead];
    unsigned targets[ahead];
#pragma unroll
    for (unsigned j = 0; j < ahead; j++) {
      unsigned entry = m + j < matches.count ? matches.entries[m + j] : 0;
      unsigned row = entry >> LOOK_BITS;
      bool mine = m + j < matches.count && (row & group_mask) == group;
      targets[j] = mine ? (row << scatter.column_bits) + column : CELLS;
      values[j] = mine ? from[(size_t)(entry & (LOOK - 1)) * scatter.width] : 0.0f;
    }
#pragma unroll
    for (unsigned j = 0; j < ahead; j++) {
      if (targets[j] < CELLS) cells[targets[j]] += values[j];
    }
  }
}

// out[parts, rows, width] = for each row, the sum of x[i, :] over the part's positions i whose index it is, in
// ascending order. Each block looks through all the indices of its part, which is cheaper than sorting them while the
// table is not huge: they come from the second-level cache.
KERNEL scatter_add(float* __restrict__ out, const float* __restrict__ x, const int* __restrict__ indices,
                  Scatter scatter, unsigned long long* error) {
  __shared__ float cells[CELLS];
  __shared__ Matches matches;
  __shared__ int found[2];
  unsigned block = blockIdx.x;
  unsigned part = block % scatter.parts;
  block /= scatter.parts;
  bool reports = block == 0;
  unsigned first_column = (block % scatter.columns) << scatter.column_bits;
  unsigned first_row = block / scatter.columns * ((unsigned)CELLS >> scatter.column_bits);
  unsigned own_rows = (unsigned)CELLS >> scatter.column_bits;
  if (scatter.rows - first_row < own_rows) own_rows = scatter.rows - first_row;
  unsigned base = part * scatter.chunk;
  unsigned end = base + scatter.chunk < scatter.count ? base + scatter.chunk : scatter.count;
  for (unsigned k = threadIdx.x; k < CELLS; k += THREADS) cells[k] = 0.0f;

  for (unsigned look = 0; base < end; look ^= 1, base += LOOK) {
    // two flags, in turn: a thread that runs ahead clears the next one while others still read this one
    if (threadIdx.x == 0) found[look] = 0;
    if (threadIdx.x < WORDS) matches.bits[threadIdx.x] = 0;
    __syncthreads();
    for (unsigned k = threadIdx.x; k < LOOK && base + k < end; k += THREADS) {
      int index = checked_index(indices[base + k], scatter.rows, base + k, reports, error);
      if (index >= 0 && (unsigned)index - first_row < own_rows) {
        atomicOr(&matches.bits[k / 32], 1u << k % 32);
        found[look] = 1;
      }
    }
    __syncthreads();
    if (!found[look]) continue;
    list_matches(matches, indices + base, first_row);
    __syncthreads();
    add_matches(cells, matches, x + (size_t)base * scatter.width, scatter, first_column);
  }

  __syncthreads();
  for (unsigned k = threadIdx.x; k < CELLS; k += THREADS) {
    unsigned row = k >> scatter.column_bits;
    unsigned column = first_column + (k & ((1u << scatter.column_bits) - 1));
    if (row < own_rows && column < scatter.width) {
      out[((size_t)part * scatter.rows + first_row + row) * scatter.width + column] = cells[k];
    }
  }
}
