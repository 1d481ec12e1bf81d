// Arrays four elements at a time: a thread that moves 16 bytes needs a quarter of the instructions, and has four
// times as much on the way.
#pragma once
#include "kernel.cuh"

// The machine's type of four elements.
template <typename T> struct Quad;
template <> struct Quad<float> { typedef float4 Type; };
template <> struct Quad<int> { typedef int4 Type; };
template <> struct Quad<unsigned> { typedef uint4 Type; };

// A number of adjacent elements, known to the compiler: what the bodies below are written for.
template <int W> struct Width { static const int VALUE = W; };

// W adjacent elements in registers.
template <typename T, int W> struct Pack {
  T at[W];
};

template <typename T> static __device__ __forceinline__ Pack<T, 1> load(Width<1>, const T* from) {
  return Pack<T, 1>{{*from}};
}

template <typename T> static __device__ __forceinline__ Pack<T, 4> load(Width<4>, const T* from) {
  typename Quad<T>::Type q = *reinterpret_cast<const typename Quad<T>::Type*>(from);
  return Pack<T, 4>{{q.x, q.y, q.z, q.w}};
}

template <typename T> static __device__ __forceinline__ void store(T* to, const Pack<T, 1>& pack) { *to = pack.at[0]; }

template <typename T> static __device__ __forceinline__ void store(T* to, const Pack<T, 4>& pack) {
  typename Quad<T>::Type q = {pack.at[0], pack.at[1], pack.at[2], pack.at[3]};
  *reinterpret_cast<typename Quad<T>::Type*>(to) = q;
}

// W times one value.
template <typename T, int W> static __device__ __forceinline__ Pack<T, W> splat(Width<W>, T value) {
  Pack<T, W> pack;
#pragma unroll
  for (int k = 0; k < W; k++) {
    pack.at[k] = value;
  }
  return pack;
}

static __device__ __forceinline__ bool aligned() { return true; }

// Whether four elements at a time can be read at each of these addresses.
template <typename First, typename... Rest>
static __device__ __forceinline__ bool aligned(const First* first, Rest... rest) {
  return (reinterpret_cast<unsigned long long>(first) & 15u) == 0 && aligned(rest...);
}

// Runs `body(width, i)` for packs that cover [0, n): i is a pack's first element. Packs of four where `quads`, and
// what is left over one by one. The host starts a thread for each four elements.
template <typename Body> static __device__ __forceinline__ void for_each_pack(int n, bool quads, Body body) {
  unsigned done = 0;
  if (quads) {
    FOR_EACH(i, n / 4) { body(Width<4>(), 4 * i); }
    done = (unsigned)n & ~3u;
  }
  FOR_EACH(i, n - done) { body(Width<1>(), done + i); }
}
