// What a worker pool needs of the system: a wait on a 32-bit word, a pause, and pinning. Elsewhere than on Linux the wait
// only yields, which is correct and wasteful, and threads are not pinned.
#pragma once
#include <stdint.h>

/// Sleeps while `*word == expected`; may return early.
void ck_wait(const uint32_t *_Nonnull word, uint32_t expected);
/// Wakes every thread that sleeps on `word`.
void ck_wake_all(const uint32_t *_Nonnull word);
/// Writes the numbers of the CPUs that the calling thread may use, at most `capacity` of them; returns how many, 0 where the
/// system does not tell.
int ck_allowed_cpus(int *_Nonnull cpus, int capacity);
/// Keeps the calling thread to `count` CPUs; 0 on success.
int ck_keep_to_cpus(const int *_Nonnull cpus, int count);
/// CPUs of the machine that are on; at least 1.
int ck_online_cpu_count(void);
/// Tells the core that this is a spin loop.
static inline void ck_pause(void) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}
