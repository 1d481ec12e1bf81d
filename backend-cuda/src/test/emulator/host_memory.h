/// Host memory that the device may reach by itself: registered, or allocated for it.
#pragma once

#include <cstddef>

namespace emulator {

/// Whether the bytes lie wholly inside registered host memory.
bool is_registered(const void* address, size_t bytes);

/// Whether they are registered and kernels may use them, because their device address was asked for.
bool is_mapped(const void* address, size_t bytes);

/// 0, or a line and 1 if the bytes are partly in registered host memory, partly not: a copy of them is refused.
int require_host(const char* function, const void* address, size_t bytes);

void forget_host_memory();

} // namespace emulator
