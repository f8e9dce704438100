// Linux's KVM interface as Swift can import it: <linux/kvm.h>, and what differs between the hosts' architectures
// behind functions that are there on all of them.
#pragma once
#include <stdint.h>
#include <stddef.h>
#include <sys/ioctl.h>
#if defined(__linux__)
#include <linux/kvm.h>

// ioctl(2), which Swift can't call itself: it is variadic.
static inline int trapline_ioctl(int descriptor, unsigned long request, uintptr_t argument) {
    return ioctl(descriptor, request, argument);
}

// sched_getcpu(3): the processor the calling thread runs on. Glibc's module leaves it out: GNU sources alone have it.
extern int sched_getcpu(void);

static inline int trapline_current_processor(void) { return sched_getcpu(); }

// KVM_EXIT_DEBUG on arm64: the low half of the syndrome, as in ESR_EL2, and FAR_EL2 of a watchpoint.
static inline uint32_t trapline_debug_syndrome(const struct kvm_run *run) {
#if defined(__aarch64__)
    return run->debug.arch.hsr;
#else
    (void)run;
    return 0;
#endif
}

static inline uint64_t trapline_debug_fault_address(const struct kvm_run *run) {
#if defined(__aarch64__)
    return run->debug.arch.far;
#else
    (void)run;
    return 0;
#endif
}

// KVM_EXIT_DEBUG on x86.
#if defined(__x86_64__)
static inline uint32_t trapline_debug_vector(const struct kvm_run *run) { return run->debug.arch.exception; }
static inline uint64_t trapline_debug_pc(const struct kvm_run *run) { return run->debug.arch.pc; }
static inline uint64_t trapline_debug_dr6(const struct kvm_run *run) { return run->debug.arch.dr6; }
static inline uint64_t trapline_debug_dr7(const struct kvm_run *run) { return run->debug.arch.dr7; }
#endif
#endif

// Makes instructions written through a cached mapping visible to every observer: cleans and invalidates the data to the
// point of coherency, for a guest that fetches with its caches off, then invalidates the instruction caches.
// Arm ARM, DDI 0487, B2.4.4 "Concurrent modification and execution of instructions".
static inline void trapline_synchronize_code(void *start, size_t size) {
#if defined(__aarch64__)
    uint64_t types;
    __asm__ volatile("mrs %0, ctr_el0" : "=r"(types));
    uintptr_t data_line = (uintptr_t)4 << (types >> 16 & 15);
    uintptr_t instruction_line = (uintptr_t)4 << (types & 15);
    uintptr_t end = (uintptr_t)start + size;
    for (uintptr_t line = (uintptr_t)start & ~(data_line - 1); line < end; line += data_line)
        __asm__ volatile("dc civac, %0" : : "r"(line) : "memory");
    __asm__ volatile("dsb ish" : : : "memory");
    for (uintptr_t line = (uintptr_t)start & ~(instruction_line - 1); line < end; line += instruction_line)
        __asm__ volatile("ic ivau, %0" : : "r"(line) : "memory");
    __asm__ volatile("dsb ish\n isb" : : : "memory");
#else
    __builtin___clear_cache((char *)start, (char *)start + size);
#endif
}
