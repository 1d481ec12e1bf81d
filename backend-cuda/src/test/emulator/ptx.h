/// What the emulator reads in PTX: version, target, and the kernels with the sizes of their parameters.
#pragma once

#include <string>
#include <vector>

namespace emulator {

struct Entry {
    std::string name;
    std::vector<size_t> bytes; // of each parameter
    unsigned most_threads;     // a block (.maxntid), else 1024
};

struct Ptx {
    int status; // 0, or why it is refused
    std::vector<Entry> entries;
};

Ptx read_ptx(const char* text);

} // namespace emulator
