/// Device memory: a table of live allocations, each between guards.
#pragma once

#include <cstddef>

namespace emulator {

size_t device_memory();
size_t device_memory_in_use();
void set_device_memory(size_t bytes);

/// Frees everything, as the end of the last context does.
void free_all_memory();

/// Whether `address` lies in a live allocation or one past its end, where an empty view may point.
bool is_device_or_end(const void* address);

} // namespace emulator
