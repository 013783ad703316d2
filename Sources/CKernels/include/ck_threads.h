// What a worker pool needs of the system: a wait on a 32-bit word, a pause, and pinning. Elsewhere than on Linux the wait
// only yields, which is correct and wasteful.
#pragma once
#include <stdint.h>

/// Sleeps while `*word == expected`; may return early.
void ck_wait(const uint32_t *_Nonnull word, uint32_t expected);
/// Wakes every thread that sleeps on `word`.
void ck_wake_all(const uint32_t *_Nonnull word);
/// Pins the calling thread to the `index`-th CPU of those the process may use; 0 on success.
int ck_pin_to_allowed_cpu(int index);
/// How many CPUs the process may use by its affinity mask; at least 1.
int ck_allowed_cpu_count(void);
/// Tells the core that this is a spin loop.
static inline void ck_pause(void) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}
