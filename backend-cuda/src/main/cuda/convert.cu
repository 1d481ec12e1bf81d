// Between float32 and bfloat16, the upper half of a float32.
//
// By integer arithmetic on the bits: the same on every device, and no header is needed.
#include "kernel.cuh"

// The nearest bfloat16, of two equally near the even one. Adding 0x7FFF and the last bit that stays carries into the
// upper half exactly where rounding goes up, from the largest finite value on to infinity.
static __device__ __forceinline__ unsigned rounded(float x) {
  unsigned bits = __float_as_uint(x);
  if ((bits & 0x7FFFFFFFu) > 0x7F800000u) {
    // NaN: the carry could make an infinity or a zero of it; a bit set in the half that stays keeps it NaN
    return (bits >> 16) | 0x0040u;
  }
  return (bits + 0x7FFFu + ((bits >> 16) & 1u)) >> 16;
}

// out = x, rounded; x is 16-byte and out 8-byte aligned in the quads, whose number is n / 4.
static __device__ __forceinline__ void rounded_quads(unsigned short* out, const float* x, int n) {
  FOR_EACH(i, n / 4) {
    float4 from = reinterpret_cast<const float4*>(x)[i];
    uint2 to;
    to.x = rounded(from.x) | rounded(from.y) << 16;
    to.y = rounded(from.z) | rounded(from.w) << 16;
    reinterpret_cast<uint2*>(out)[i] = to;
  }
}

static __device__ __forceinline__ bool aligned(const void* address, unsigned bytes) {
  return (reinterpret_cast<unsigned long long>(address) & (bytes - 1)) == 0;
}

// out[i] = x[i], rounded to the nearest, to even of two; NaN stays NaN.
KERNEL to_bfloat16(unsigned short* out, const float* x, int n) {
  int done = 0;
  if (aligned(x, 16) && aligned(out, 8)) {
    rounded_quads(out, x, n);
    done = n & ~3;
  }
  FOR_EACH(i, n - done) { out[done + i] = (unsigned short)rounded(x[done + i]); }
}

// out[i] = x[i], exactly.
KERNEL from_bfloat16(float* out, const unsigned short* x, int n) {
  int done = 0;
  if (aligned(x, 8) && aligned(out, 16)) {
    FOR_EACH(i, n / 4) {
      uint2 from = reinterpret_cast<const uint2*>(x)[i];
      float4 to;
      to.x = __uint_as_float(from.x << 16);
      to.y = __uint_as_float(from.x & 0xFFFF0000u);
      to.z = __uint_as_float(from.y << 16);
      to.w = __uint_as_float(from.y & 0xFFFF0000u);
      reinterpret_cast<float4*>(out)[i] = to;
    }
    done = n & ~3;
  }
  FOR_EACH(i, n - done) { out[done + i] = __uint_as_float((unsigned)x[done + i] << 16); }
}
