// How threads share the work of combining elements along one axis, and how they put their results together.
#pragma once

#include "kernel.cuh"

// An array [outer, extent, inner], combined along `extent`. Of a block's threads, 2^width_bits lie side by side along
// `inner`, so that they load neighbours; 2^lane_bits share each column; what is left takes further entries of `outer`.
// A long axis is cut into `parts` of `chunk` elements, each for a block of its own. Tiles.java chooses from the sizes.
struct Tiles {
  unsigned outer;
  unsigned extent;
  unsigned inner;
  unsigned width_bits;
  unsigned lane_bits;
  unsigned columns;  // blocks along `inner`
  unsigned parts;
  unsigned chunk;
};

// The share of one thread: the elements first, first + lanes, ... below end of one column.
struct Share {
  unsigned outer;
  unsigned inner;
  unsigned part;
  unsigned lane;
  unsigned first;
  unsigned end;
  bool inside;  // whether there is such a column; a thread without one still meets the others at barriers

  __device__ explicit Share(const Tiles& tiles) {
    unsigned block = blockIdx.x;
    part = block % tiles.parts;
    block /= tiles.parts;
    unsigned column = block % tiles.columns;
    unsigned group = block / tiles.columns;
    unsigned within = threadIdx.x >> tiles.width_bits;
    lane = within & ((1u << tiles.lane_bits) - 1);
    outer = group * ((unsigned)THREADS >> (tiles.width_bits + tiles.lane_bits)) + (within >> tiles.lane_bits);
    inner = (column << tiles.width_bits) + (threadIdx.x & ((1u << tiles.width_bits) - 1));
    inside = outer < tiles.outer && inner < tiles.inner;
    unsigned start = part * tiles.chunk;
    unsigned stop = start + tiles.chunk < tiles.extent ? start + tiles.chunk : tiles.extent;
    first = start + lane;
    end = inside ? stop : 0;
  }

  // The index of the column's first element.
  __device__ size_t column(const Tiles& tiles) const { return (size_t)outer * tiles.extent * tiles.inner + inner; }

  // Where the result of the column's part goes.
  __device__ size_t target(const Tiles& tiles) const {
    return ((size_t)outer * tiles.parts + part) * tiles.inner + inner;
  }
};

// The row of an array [rows, length] that 2^lane_bits threads share; blocks take rows in turn.
struct Row {
  unsigned index;
  unsigned lane;
  unsigned end;  // length, or 0 where there is no such row; such threads still meet the others at barriers
  size_t start;  // index of the first element
  bool inside;

  __device__ Row(unsigned rows, unsigned length, unsigned lane_bits) {
    lane = threadIdx.x & ((1u << lane_bits) - 1);
    index = blockIdx.x * ((unsigned)THREADS >> lane_bits) + (threadIdx.x >> lane_bits);
    inside = index < rows;
    end = inside ? length : 0;
    start = (size_t)index * length;
  }
};

struct Sum {
  using Value = float;
  static __device__ float none() { return 0.0f; }
  static __device__ float both(float a, float b) { return a + b; }
};

struct DoubleSum {
  using Value = double;
  static __device__ double both(double a, double b) { return a + b; }
};

struct Pair {
  float first;
  float second;
};

struct PairSum {
  using Value = Pair;
  static __device__ Pair both(Pair a, Pair b) { return {a.first + b.first, a.second + b.second}; }
};

// A NaN is both the largest and the smallest, unlike with fmaxf; of two zeros, 0 is larger than -0.
struct Maximum {
  using Value = float;
  static __device__ float none() { return -INFINITY; }
  static __device__ float both(float a, float b) {
    if (a == b) return __int_as_float(__float_as_int(a) & __float_as_int(b));
    return a != a || a > b ? a : b;
  }
};

struct Minimum {
  using Value = float;
  static __device__ float none() { return INFINITY; }
  static __device__ float both(float a, float b) {
    if (a == b) return __int_as_float(__float_as_int(a) | __float_as_int(b));
    return a != a || a < b ? a : b;
  }
};

// Combines the values of the 2^lane_bits threads of one column, which lie 2^width_bits apart, and gives all of them the
// result. Every thread of the block must call it. Four values at a time: half the barriers of a binary tree.
template <class Op>
static __device__ typename Op::Value combine(typename Op::Value value, typename Op::Value* cells, unsigned lane,
                                             unsigned lane_bits, unsigned width_bits) {
  if (lane_bits == 0) return value;
  unsigned self = threadIdx.x;
  cells[self] = value;
  __syncthreads();
  for (unsigned live = 1u << lane_bits; live > 1;) {
    unsigned quarter = (live + 3) / 4;
    if (lane < quarter) {
      value = cells[self];
      for (unsigned k = quarter; lane + k < live; k += quarter) {
        value = Op::both(value, cells[self + (k << width_bits)]);
      }
      cells[self] = value;
    }
    __syncthreads();
    live = quarter;
  }
  value = cells[self - (lane << width_bits)];
  __syncthreads();
  return value;
}
