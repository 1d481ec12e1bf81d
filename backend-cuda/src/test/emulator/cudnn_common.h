/// What all files of the emulated cuDNN share: status codes, live objects, checks at the call.
///
/// Every exported function is `return entry("cudnnName", [&] { ... });`. Inside, a check that fails throws a Failure,
/// which becomes the returned status; its text is what cudnnGetLastErrorString answers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "device.h"

#define CUDNN_FUNCTION extern "C" __attribute__((visibility("default"))) int

namespace emulator::cudnn {

// The categories of cuDNN 9's status codes; its sub-codes are not used by the functions emulated here.
enum Status : int {
    success = 0,
    bad_parameter = 2000,
    not_supported = 3000,
    internal_error = 4000,
    execution_failed = 5000,
};

enum DataType : int { type_float = 0, type_double = 1, type_half = 2, type_bfloat16 = 9, last_type = 14 };

enum TensorFormat : int { format_nchw = 0, format_nhwc = 1, format_nchw_vect_c = 2 };

enum MathType : int { default_math = 0, tensor_op_math = 1, tensor_op_math_allow_conversion = 2, fma_math = 3 };

struct Failure {
    int status;
    std::string text;
};

/// Anything that a create function makes and a destroy function ends. Live objects are registered, so that a pointer
/// to a destroyed one, or to one of another kind, is refused instead of read.
struct Object {
    virtual ~Object() = default;
};

/// A library handle.
struct Handle : Object {
    void* stream = nullptr;
};

std::map<const void*, std::unique_ptr<Object>>& live_objects();

/// Runs an exported function's body: counts the call, honours a failure asked for by a test, turns a Failure into its
/// status and remembers its text.
int entry(const char* function, const std::function<void()>& body);

/// Throws a Failure unless the condition holds.
inline void require(bool condition, int status, const char* text) {
    if (!condition) throw Failure{status, text};
}

inline void require_parameter(bool condition, const char* text) { require(condition, bad_parameter, text); }

inline void require_support(bool condition, const char* text) { require(condition, not_supported, text); }

/// The live object of kind T behind an argument.
template <class T>
T& object(const void* argument, const char* name) {
    auto found = live_objects().find(argument);
    T* typed = found == live_objects().end() ? nullptr : dynamic_cast<T*>(found->second.get());
    if (typed == nullptr) throw Failure{bad_parameter, std::string(name) + " is not a live object of its kind"};
    return *typed;
}

template <class T>
int create(const char* function, void** result) {
    return entry(function, [&] {
        require_parameter(result != nullptr, "the result pointer is null");
        auto made = std::make_unique<T>();
        *result = made.get();
        live_objects()[*result] = std::move(made);
    });
}

template <class T>
int destroy(const char* function, void* argument) {
    return entry(function, [&] {
        object<T>(argument, "argument");
        live_objects().erase(argument);
    });
}

/// A data argument: not null, aligned for its element, `bytes` of device memory. Throws otherwise.
void require_memory(const char* argument, const void* address, size_t bytes, size_t alignment = 4);

/// Two operands of which one is written must not share bytes. A device gives wrong numbers, the emulator refuses.
void require_apart(const char* text, const void* a, size_t a_bytes, const void* b, size_t b_bytes);

/// The pair of host scalars (result = alpha * value + beta * old value), read at the call.
struct Blend {
    double alpha;
    double beta;
};

Blend read_blend(const void* alpha, const void* beta);

/// A scratch area given by the caller: large enough, device memory. Running work fills it with NaN, see spoil.
void require_workspace(const void* address, size_t given, size_t needed);

/// Fills memory with NaN, as real scratch memory holds no promise.
void spoil(void* address, size_t bytes);

}  // namespace emulator::cudnn
