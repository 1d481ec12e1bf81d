/// Kernels compiled for the host: how a translation unit of kernels registers them, and how the driver runs them.
/// This header is part of every kernel's translation unit, so it includes little.
#pragma once

#include <cstddef>
#include <type_traits>
#include <utility>

namespace emulator {

struct Extent {
    unsigned x, y, z;
};

/// A kernel's parameter as its C++ declaration has it.
struct Parameter {
    size_t bytes;
    bool pointer;
};

struct Kernel {
    const char* name;
    const Parameter* parameters;
    size_t count;
    /// Runs one thread; threadIdx and so on are set.
    void (*run_thread)(void* const* parameters);
};

void register_kernel(const Kernel& kernel);

/// The kernel of this name, or null.
const Kernel* find_kernel(const char* name);

/// Runs all threads of all blocks. Returns null, or what was wrong.
const char* run_kernel(const Kernel& kernel, Extent grid, Extent block, void* const* parameters);

template <auto function, class Signature = decltype(function)>
struct Registration;

template <auto function, class... Types>
struct Registration<function, void (*)(Types...)> {
    explicit Registration(const char* name) {
        static const Parameter parameters[sizeof...(Types) + 1] = {{sizeof(Types), std::is_pointer_v<Types>}..., {}};
        register_kernel({name, parameters, sizeof...(Types), run_thread});
    }

    static void run_thread(void* const* parameters) { call(parameters, std::index_sequence_for<Types...>()); }

    template <size_t... index>
    static void call([[maybe_unused]] void* const* parameters, std::index_sequence<index...>) {
        function(*static_cast<std::remove_const_t<Types>*>(parameters[index])...);
    }
};

} // namespace emulator

/// Registers a function as the kernel of this name.
#define EMULATOR_KERNEL(name, function) static const emulator::Registration<&function> registration_##function(name);
