/// What libcublas and libcudnn of the emulated device need of its driver, libcuda.so.1.
///
/// A library function makes a `Call`, checks its arguments, and puts its work, a closure, on a stream with `enqueue`.
/// The closure runs when something waits for the stream; so it must copy every host value that it uses.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>

#define EMULATOR_EXPORT __attribute__((visibility("default")))

namespace emulator {

/// One call of an exported function: counts and logs it, and holds the global lock as long as it lives.
struct EMULATOR_EXPORT Call {
    explicit Call(const char* function);
    ~Call();
    Call(const Call&) = delete;
    Call& operator=(const Call&) = delete;

    /// Not 0 if a test asked with emulator_fail_next that this call fails: the status to return at once.
    int status() const { return wanted; }

private:
    int wanted;
};

/// Puts work on a CUstream (nullptr: the default stream), behind all that is there. While the stream is being captured
/// the work becomes a node of the graph instead, so it may run any number of times.
EMULATOR_EXPORT void enqueue(void* stream, std::function<void()> work);

/// Whether `stream` is nullptr or a stream that was created and not destroyed.
EMULATOR_EXPORT bool is_stream(void* stream);

/// Whether a graph is being captured from `stream`.
EMULATOR_EXPORT bool capturing(void* stream);

/// Whether the bytes lie wholly inside one live allocation (or host memory whose device address was asked for).
EMULATOR_EXPORT bool is_device(const void* address, size_t bytes);

/// 0 if the bytes are device memory; else a line on stderr that names function and argument, and 700. Zero bytes pass.
EMULATOR_EXPORT int require_device(const char* function, const char* argument, const void* address, size_t bytes);

/// What work that goes wrong while it runs does: a line on stderr, and every later call of the driver returns `status`
/// (700: illegal address, 719: launch failed), as on a device, until emulator_reset.
EMULATOR_EXPORT void fail_device(int status, const char* function, const char* message);

inline float bfloat16_to_float(uint16_t bits) {
    uint32_t wide = static_cast<uint32_t>(bits) << 16;
    float value;
    std::memcpy(&value, &wide, sizeof value);
    return value;
}

/// Rounds to the nearest bfloat16, ties to even; a NaN stays one.
inline uint16_t float_to_bfloat16(float value) {
    uint32_t bits;
    std::memcpy(&bits, &value, sizeof bits);
    if ((bits & 0x7fffffffu) > 0x7f800000u) return static_cast<uint16_t>((bits >> 16) | 0x40u);
    return static_cast<uint16_t>((bits + 0x7fffu + ((bits >> 16) & 1u)) >> 16);
}

} // namespace emulator
