/// CUDA C++ for the host's compiler: what a .cu file finds there without an include, as far as our kernels use it.
///
/// What would make a result depend on the order of threads (atomicAdd on float), and warp shuffles and dynamic shared
/// memory, are left out on purpose: a kernel that uses them does not compile here.
#pragma once

#include <cfloat>
#include <climits>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <math.h>
#include <stdint.h>

#include "kernels.h"

#define __global__
#define __device__
#define __host__
#define __constant__ static
#define __forceinline__ inline
#define __noinline__ __attribute__((noinline))
#define __launch_bounds__(...)

/// One copy is enough, since blocks run one after another. All of it lies in one section, which is filled with NaN
/// before a block: what a block finds in shared memory is nobody's.
#define __shared__ static __attribute__((section("emulator_shared")))

struct uint3 {
    unsigned x, y, z;
};

struct dim3 {
    unsigned x, y, z;
};

#pragma GCC visibility push(hidden)
extern uint3 threadIdx, blockIdx;
extern dim3 blockDim, gridDim;

/// Goes on with the block's other threads until all have come here.
void emulator_barrier();
#pragma GCC visibility pop

constexpr int warpSize = 32;

inline void __syncthreads() { emulator_barrier(); }
inline void __threadfence() {}
inline void __threadfence_block() {}

#define EMULATOR_VECTORS(type, name)                                                                                   \
    struct alignas(2 * sizeof(type)) name##2 { type x, y; };                                                           \
    struct alignas(4 * sizeof(type)) name##4 { type x, y, z, w; };                                                     \
    inline name##2 make_##name##2(type x, type y) { return {x, y}; }                                                   \
    inline name##4 make_##name##4(type x, type y, type z, type w) { return {x, y, z, w}; }
EMULATOR_VECTORS(float, float)
EMULATOR_VECTORS(int, int)
EMULATOR_VECTORS(unsigned, uint)
#undef EMULATOR_VECTORS

// Integers

inline int min(int a, int b) { return b < a ? b : a; }
inline int max(int a, int b) { return a < b ? b : a; }
inline unsigned min(unsigned a, unsigned b) { return b < a ? b : a; }
inline unsigned max(unsigned a, unsigned b) { return a < b ? b : a; }
inline long min(long a, long b) { return b < a ? b : a; }
inline long max(long a, long b) { return a < b ? b : a; }
inline long long min(long long a, long long b) { return b < a ? b : a; }
inline long long max(long long a, long long b) { return a < b ? b : a; }
inline float min(float a, float b) { return fminf(a, b); }
inline float max(float a, float b) { return fmaxf(a, b); }

inline unsigned __umulhi(unsigned a, unsigned b) { return static_cast<unsigned>((uint64_t(a) * b) >> 32); }
inline int __mulhi(int a, int b) { return static_cast<int>((int64_t(a) * b) >> 32); }
inline unsigned long long __umul64hi(unsigned long long a, unsigned long long b) {
    return static_cast<unsigned long long>((static_cast<unsigned __int128>(a) * b) >> 64);
}
inline int __clz(int a) { return a == 0 ? 32 : __builtin_clz(static_cast<unsigned>(a)); }
inline int __ffs(int a) { return __builtin_ffs(a); }
inline int __popc(unsigned a) { return __builtin_popcount(a); }
inline unsigned __brev(unsigned a) {
    unsigned result = 0;
    for (int i = 0; i < 32; i++) result |= (a >> i & 1u) << (31 - i);
    return result;
}

// Bits

template <class To, class From>
inline To emulator_bits(From from) {
    static_assert(sizeof(To) == sizeof(From), "");
    To to;
    std::memcpy(&to, &from, sizeof to);
    return to;
}

inline int __float_as_int(float a) { return emulator_bits<int>(a); }
inline unsigned __float_as_uint(float a) { return emulator_bits<unsigned>(a); }
inline float __int_as_float(int a) { return emulator_bits<float>(a); }
inline float __uint_as_float(unsigned a) { return emulator_bits<float>(a); }

// Floating point; the rest is the C library's

inline float rsqrtf(float a) { return static_cast<float>(1 / std::sqrt(static_cast<double>(a))); }
inline float __expf(float a) { return expf(a); }
inline float __logf(float a) { return logf(a); }
inline float __log2f(float a) { return log2f(a); }
inline float __sinf(float a) { return sinf(a); }
inline float __cosf(float a) { return cosf(a); }
inline float __powf(float a, float b) { return powf(a, b); }
inline float __fdividef(float a, float b) { return a / b; }
inline float __saturatef(float a) { return a > 0 ? fminf(a, 1) : 0; }
inline float cospif(float a) { return static_cast<float>(std::cos(M_PI * static_cast<double>(a))); }
inline float sinpif(float a) { return static_cast<float>(std::sin(M_PI * static_cast<double>(a))); }
inline void sincospif(float a, float* sine, float* cosine) { *sine = sinpif(a), *cosine = cospif(a); }
inline float normcdff(float a) { return static_cast<float>(0.5 * std::erfc(-static_cast<double>(a) * M_SQRT1_2)); }

// Rounded once, never contracted
inline float __fmaf_rn(float a, float b, float c) { return fmaf(a, b, c); }
inline float __fadd_rn(float a, float b) { return a + b; }
inline float __fsub_rn(float a, float b) { return a - b; }
inline float __fmul_rn(float a, float b) { return a * b; }
inline float __fdiv_rn(float a, float b) { return a / b; }
inline float __fsqrt_rn(float a) { return sqrtf(a); }
inline float __int2float_rn(int a) { return static_cast<float>(a); }
inline float __uint2float_rn(unsigned a) { return static_cast<float>(a); }
inline int __float2int_rn(float a) { return static_cast<int>(nearbyintf(a)); }

template <class Type>
inline Type __ldg(const Type* address) {
    return *address;
}

// Atomic functions; threads run one at a time

template <class Type>
constexpr bool emulator_atomic = std::is_same_v<Type, int> || std::is_same_v<Type, unsigned> ||
                                 std::is_same_v<Type, unsigned long long>;

#define EMULATOR_ATOMIC(name, expression)                                                                              \
    template <class Type>                                                                                              \
    inline Type name(Type* address, std::common_type_t<Type> value) {                                                  \
        static_assert(emulator_atomic<Type>, #name " on this type would depend on the order of threads");              \
        Type old = *address;                                                                                           \
        *address = static_cast<Type>(expression);                                                                      \
        return old;                                                                                                    \
    }
EMULATOR_ATOMIC(atomicAdd, old + value)
EMULATOR_ATOMIC(atomicMax, old < value ? value : old)
EMULATOR_ATOMIC(atomicMin, value < old ? value : old)
EMULATOR_ATOMIC(atomicOr, old | value)
EMULATOR_ATOMIC(atomicAnd, old & value)
EMULATOR_ATOMIC(atomicExch, value)
#undef EMULATOR_ATOMIC

template <class Type>
inline Type atomicCAS(Type* address, std::common_type_t<Type> expected, std::common_type_t<Type> value) {
    static_assert(emulator_atomic<Type>, "atomicCAS compares integers");
    Type old = *address;
    if (old == expected) *address = value;
    return old;
}
