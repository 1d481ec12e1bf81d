/// Runs kernels on the host: the threads of a block are fibers, which change at barriers only.
///
/// A fiber runs threads one after another until one of them waits at a barrier; then the thread keeps that fiber, and
/// another fiber goes on with the next thread. So a kernel without barriers needs a single fiber and no switch.
/// Blocks and threads run in a scrambled order, always the same: no result may depend on it.
#include <sys/mman.h>

#include <cstdint>
#include <cstring>
#include <map>
#include <string>
#include <vector>

#include "cuda_on_host.h"

uint3 threadIdx, blockIdx;
dim3 blockDim, gridDim;

// Where the shared memory of all kernels begins and ends, by the linker; null if no kernel has any.
extern "C" __attribute__((weak, visibility("hidden"))) char __start_emulator_shared[];
extern "C" __attribute__((weak, visibility("hidden"))) char __stop_emulator_shared[];

/// Keeps the stack pointer of who calls in *save and goes on with another; returns when somebody goes on with *save.
/// The registers that a function must preserve are on the stack. Swapcontext would make system calls; a `ret` on
/// another stack would be predicted wrongly each time, while the place of a jump nearly always is the same.
extern "C" void emulator_switch(void** save, void* stack_pointer);

asm(R"(
    .text
    .hidden emulator_switch
    .globl emulator_switch
    .type emulator_switch, @function
emulator_switch:
    pushq %rbp
    pushq %rbx
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    movq %rsp, (%rdi)
    movq %rsi, %rsp
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbx
    popq %rbp
    popq %rcx
    jmp *%rcx
    .size emulator_switch, . - emulator_switch
)");

namespace emulator {

namespace {

constexpr size_t STACK_BYTES = 128 * 1024;
constexpr size_t PAGE = 4096;

struct Fiber {
    char* stack; // its end
    void* stack_pointer = nullptr; // while it does not run
    uint3 thread = {};             // that it runs
};

/// The block that runs.
struct Block {
    const Kernel* kernel;
    void* const* parameters;
    unsigned threads;
    unsigned started;
    bool waited; // at a barrier, some thread
    std::vector<Fiber*> waiting;
    std::vector<Fiber*> phase; // that waited before
};

Block block;
Fiber* running;
void* scheduler; // its stack pointer while a fiber runs
std::vector<Fiber*> idle;

/// The i-th of n in the scrambled order: multiples of a prime that does not divide n, from the last backwards.
unsigned scrambled(unsigned i, unsigned n) {
    unsigned prime = n % 7919 != 0 ? 7919 : 7907;
    return n - 1 - static_cast<unsigned>(uint64_t(i) * prime % n);
}

uint3 thread_index(unsigned number) {
    return {number % blockDim.x, number / blockDim.x % blockDim.y, number / blockDim.x / blockDim.y};
}

void to_scheduler() { emulator_switch(&running->stack_pointer, scheduler); }

/// What a fiber does, for ever.
void fiber_main() {
    for (;;) {
        while (block.started < block.threads) {
            threadIdx = running->thread = thread_index(scrambled(block.started++, block.threads));
            block.kernel->run_thread(block.parameters);
        }
        idle.push_back(running);
        to_scheduler();
    }
}

/// Lets a fiber begin anew, whatever it was doing.
void restart(Fiber& fiber) {
    void** top = reinterpret_cast<void**>(fiber.stack);
    *--top = nullptr; // fiber_main never returns; with it the stack is aligned as at the entry of a function
    *--top = reinterpret_cast<void*>(&fiber_main);
    for (int registers = 0; registers < 6; registers++) *--top = nullptr;
    fiber.stack_pointer = top;
}

Fiber* make_fiber() {
    static size_t made = 0;
    void* memory = mmap(nullptr, STACK_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
    mprotect(memory, PAGE, PROT_NONE); // a stack that grows too far ends here
    // stacks end at different places in their pages: else all would share the same few lines of the cache
    size_t unused = made++ * 320 % (8 * PAGE) / 64 * 64;
    auto* fiber = new Fiber{static_cast<char*>(memory) + STACK_BYTES - unused};
    restart(*fiber);
    return fiber;
}

Fiber& take_fiber() {
    if (idle.empty()) return *make_fiber();
    Fiber* fiber = idle.back();
    idle.pop_back();
    return *fiber;
}

/// Runs a fiber until its thread waits or no thread is left.
void run(Fiber& fiber) {
    running = &fiber;
    threadIdx = fiber.thread;
    emulator_switch(&scheduler, fiber.stack_pointer);
}

void fill_shared_memory() {
    if (__start_emulator_shared == nullptr) return;
    std::memset(__start_emulator_shared, 0xFF, static_cast<size_t>(__stop_emulator_shared - __start_emulator_shared));
}

/// Runs the threads of one block; false if some waited at a barrier to which others never came.
bool run_block() {
    block.started = 0;
    while (block.started < block.threads) run(take_fiber());
    while (!block.waiting.empty()) {
        block.phase.clear();
        block.phase.swap(block.waiting);
        if (block.phase.size() < block.threads) {
            for (Fiber* fiber : block.phase) {
                restart(*fiber);
                idle.push_back(fiber);
            }
            return false;
        }
        // backwards: at every other barrier the threads go on in the opposite order
        for (size_t i = block.threads; i-- > 0;) run(*block.phase[i]);
    }
    return true;
}

std::map<std::string, Kernel>& kernels() {
    static auto& table = *new std::map<std::string, Kernel>();
    return table;
}

} // namespace

void register_kernel(const Kernel& kernel) { kernels()[kernel.name] = kernel; }

const Kernel* find_kernel(const char* name) {
    auto found = kernels().find(name);
    return found == kernels().end() ? nullptr : &found->second;
}

const char* run_kernel(const Kernel& kernel, Extent grid, Extent extent, void* const* parameters) {
    gridDim = {grid.x, grid.y, grid.z};
    blockDim = {extent.x, extent.y, extent.z};
    unsigned threads = extent.x * extent.y * extent.z;
    block = {&kernel, parameters, threads, 0, true, {}, {}};
    for (unsigned z = 0; z < grid.z; z++) {
        for (unsigned y = 0; y < grid.y; y++) {
            for (unsigned x = 0; x < grid.x; x++) {
                blockIdx = {scrambled(x, grid.x), scrambled(y, grid.y), scrambled(z, grid.z)};
                if (block.waited) fill_shared_memory(); // else the kernel shares nothing
                block.waited = false;
                if (!run_block()) return "some threads of a block wait at __syncthreads, others have ended";
            }
        }
    }
    return nullptr;
}

} // namespace emulator

void emulator_barrier() {
    using namespace emulator;
    block.waited = true;
    block.waiting.push_back(running);
    to_scheduler();
}
