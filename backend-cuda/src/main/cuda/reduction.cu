// Sums, maxima and minima along an axis, and the places of maxima.
#include "tiles.cuh"

// Combines a thread's share, and then those of the threads of a column. Four accumulators: loads in flight, and shorter
// chains of roundings.
template <class Op>
static __device__ void reduce(float* out, const float* __restrict__ x, const Tiles& tiles, float divisor,
                              float* cells) {
  Share share(tiles);
  const float* column = x + share.column(tiles);
  unsigned inner = tiles.inner;
  unsigned lanes = 1u << tiles.lane_bits;
  float a = Op::none(), b = Op::none(), c = Op::none(), d = Op::none();
  unsigned k = share.first;
  for (; k + 3 * lanes < share.end; k += 4 * lanes) {
    a = Op::both(a, column[(size_t)k * inner]);
    b = Op::both(b, column[(size_t)(k + lanes) * inner]);
    c = Op::both(c, column[(size_t)(k + 2 * lanes) * inner]);
    d = Op::both(d, column[(size_t)(k + 3 * lanes) * inner]);
  }
  for (; k < share.end; k += lanes) a = Op::both(a, column[(size_t)k * inner]);
  float all = Op::both(Op::both(a, b), Op::both(c, d));
  all = combine<Op>(all, cells, share.lane, tiles.lane_bits, tiles.width_bits);
  if (share.inside && share.lane == 0) out[share.target(tiles)] = all / divisor;
}

// out[outer, parts, inner] = (sum of the part's elements) / divisor.
KERNEL reduce_sum(float* out, const float* x, Tiles tiles, float divisor) {
  __shared__ float cells[THREADS];
  reduce<Sum>(out, x, tiles, divisor, cells);
}

// out[outer, parts, inner] = (largest of the part's elements) / divisor; NaN if one is NaN.
KERNEL reduce_maximum(float* out, const float* x, Tiles tiles, float divisor) {
  __shared__ float cells[THREADS];
  reduce<Maximum>(out, x, tiles, divisor, cells);
}

// out[outer, parts, inner] = (smallest of the part's elements) / divisor; NaN if one is NaN.
KERNEL reduce_minimum(float* out, const float* x, Tiles tiles, float divisor) {
  __shared__ float cells[THREADS];
  reduce<Minimum>(out, x, tiles, divisor, cells);
}

// An element and its place along the axis.
struct Candidate {
  float value;
  unsigned place;
};

// The larger of two, the first of equal ones; a NaN is the largest.
struct FirstLargest {
  using Value = Candidate;
  static __device__ Candidate both(Candidate a, Candidate b) {
    bool nan_a = a.value != a.value;
    bool nan_b = b.value != b.value;
    bool equal = nan_a ? nan_b : a.value == b.value;
    if (equal) return a.place < b.place ? a : b;
    return nan_a || a.value > b.value ? a : b;
  }
};

// out[outer, parts, inner] = place of the part's largest element along the axis. Where `places` is not null, only the
// places that it holds, [outer, tiles.extent, inner], are compared: the results of parts. `extent` is that of x.
KERNEL arg_maximum(int* out, const float* __restrict__ x, const int* __restrict__ places, Tiles tiles,
                   unsigned extent) {
  __shared__ Candidate cells[THREADS];
  Share share(tiles);
  const float* column = x + (size_t)share.outer * extent * tiles.inner + share.inner;
  // beyond all places, so that any element comes before it, also one of negative infinity
  Candidate best = {-INFINITY, 0xffffffffu};
  for (unsigned k = share.first; k < share.end; k += 1u << tiles.lane_bits) {
    unsigned place = places ? (unsigned)places[share.column(tiles) + (size_t)k * tiles.inner] : k;
    best = FirstLargest::both(best, {column[(size_t)place * tiles.inner], place});
  }
  best = combine<FirstLargest>(best, cells, share.lane, tiles.lane_bits, tiles.width_bits);
  if (share.inside && share.lane == 0) out[share.target(tiles)] = (int)best.place;
}
