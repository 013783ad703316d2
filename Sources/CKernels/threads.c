#if defined(__linux__)
#define _GNU_SOURCE
#include <linux/futex.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <limits.h>
#include <stddef.h>
#include "ck_threads.h"

void ck_wait(const uint32_t *word, uint32_t expected) {
    syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, expected, NULL, NULL, 0);
}

void ck_wake_all(const uint32_t *word) { syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, INT_MAX, NULL, NULL, 0); }

int ck_allowed_cpus(int *cpus, int capacity) {
    cpu_set_t allowed;
    if (sched_getaffinity(0, sizeof allowed, &allowed) != 0) return 0;
    int count = 0;
    for (int cpu = 0; cpu < CPU_SETSIZE && count < capacity; cpu++) {
        if (CPU_ISSET(cpu, &allowed)) cpus[count++] = cpu;
    }
    return count;
}

int ck_keep_to_cpus(const int *cpus, int count) {
    cpu_set_t set;
    CPU_ZERO(&set);
    for (int i = 0; i < count; i++) {
        if (cpus[i] >= 0 && cpus[i] < CPU_SETSIZE) CPU_SET(cpus[i], &set);
    }
    return sched_setaffinity(0, sizeof set, &set);
}
#else
#include <sched.h>
#include <unistd.h>
#include "ck_threads.h"

void ck_wait(const uint32_t *word, uint32_t expected) { sched_yield(); }
void ck_wake_all(const uint32_t *word) {}
int ck_allowed_cpus(int *cpus, int capacity) { return 0; }
int ck_keep_to_cpus(const int *cpus, int count) { return -1; }
#endif

int ck_online_cpu_count(void) {
    long count = sysconf(_SC_NPROCESSORS_ONLN);
    return count > 0 ? (int)count : 1;
}
