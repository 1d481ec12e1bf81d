// Random numbers from Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011): a
// thread makes a block of four words, and from it the four elements of that block.
#include "vector.cuh"

struct Words {
  unsigned at[4];
};

// The block with this counter: ten rounds, a key that grows by Weyl constants.
static __device__ __forceinline__ Words philox(unsigned long long counter, unsigned long long key) {
  unsigned c0 = (unsigned)counter;
  unsigned c1 = (unsigned)(counter >> 32);
  unsigned c2 = 0;
  unsigned c3 = 0;
  unsigned k0 = (unsigned)key;
  unsigned k1 = (unsigned)(key >> 32);
#pragma unroll
  for (int round = 0; round < 10; round++) {
    unsigned high0 = __umulhi(0xD2511F53u, c0);
    unsigned low0 = 0xD2511F53u * c0;
    unsigned high1 = __umulhi(0xCD9E8D57u, c2);
    unsigned low1 = 0xCD9E8D57u * c2;
    c0 = high1 ^ c1 ^ k0;
    c1 = low1;
    c2 = high0 ^ c3 ^ k1;
    c3 = low0;
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
  }
  return Words{{c0, c1, c2, c3}};
}

// A word's uniform number in [0, 1): its upper 24 bits.
static __device__ __forceinline__ float unit(unsigned word) { return (float)(word >> 8) * 5.9604644775390625e-8f; }

// out = draw(words) for each block of four elements; the last may be shorter.
template <typename Draw>
static __device__ __forceinline__ void for_each_block(
    float* out, int n, unsigned long long key, unsigned long long start, Draw draw) {
  bool quads = aligned(out);
  FOR_EACH(i, ((unsigned)n + 3) / 4) {
    Pack<float, 4> drawn = draw(philox(start + i, key));
    unsigned left = (unsigned)n - 4 * i;
    if (quads && left >= 4) {
      store(out + 4 * i, drawn);
    } else {
#pragma unroll
      for (unsigned k = 0; k < 4; k++) {
        if (k < left) {
          out[4 * i + k] = drawn.at[k];
        }
      }
    }
  }
}

// out = low + range * u, at most `most`. Rounded after each operation, as on any other device.
KERNEL random_uniform(
    float* out, int n, unsigned long long key, unsigned long long start, float low, float range, float most) {
  for_each_block(out, n, key, start, [=](Words words) {
    Pack<float, 4> drawn;
#pragma unroll
    for (int k = 0; k < 4; k++) {
      float value = __fadd_rn(low, __fmul_rn(range, unit(words.at[k])));
      drawn.at[k] = value > most ? most : value;
    }
    return drawn;
  });
}

// out = mean + deviation * z; a pair of words makes two of z: the radius sqrt(-2 ln(1 - u)) times the cosine and the
// sine of 2 pi v.
KERNEL random_normal(
    float* out, int n, unsigned long long key, unsigned long long start, float mean, float deviation) {
  for_each_block(out, n, key, start, [=](Words words) {
    Pack<float, 4> drawn;
#pragma unroll
    for (int k = 0; k < 4; k += 2) {
      float radius = sqrtf(-2.0f * logf(1.0f - unit(words.at[k])));
      float sine;
      float cosine;
      sincospif(2.0f * unit(words.at[k + 1]), &sine, &cosine);
      drawn.at[k] = mean + deviation * (radius * cosine);
      drawn.at[k + 1] = mean + deviation * (radius * sine);
    }
    return drawn;
  });
}

// out = 1 where the upper 24 bits of the word are below the bound, else 0.
KERNEL random_bernoulli(float* out, int n, unsigned long long key, unsigned long long start, unsigned bound) {
  for_each_block(out, n, key, start, [=](Words words) {
    Pack<float, 4> drawn;
#pragma unroll
    for (int k = 0; k < 4; k++) {
      drawn.at[k] = words.at[k] >> 8 < bound ? 1.0f : 0.0f;
    }
    return drawn;
  });
}
