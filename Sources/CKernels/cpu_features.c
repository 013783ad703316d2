#include "ck_features.h"

#if defined(__linux__) && defined(__aarch64__)
#include <sys/auxv.h>
#endif

bool ck_cpu_has_avx2(void) {
#if defined(__x86_64__)
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("f16c");
#else
    return false;
#endif
}

bool ck_cpu_has_avx512(void) {
#if defined(__x86_64__)
    return ck_cpu_has_avx2() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq") &&
           __builtin_cpu_supports("avx512vnni");
#else
    return false;
#endif
}

bool ck_cpu_has_avx512_bf16(void) {
#if defined(__x86_64__)
    return ck_cpu_has_avx512() && __builtin_cpu_supports("avx512bf16");
#else
    return false;
#endif
}

bool ck_cpu_has_neon(void) {
#if defined(__aarch64__) && defined(__APPLE__)
    return true;  // every Apple arm64 core that runs Swift has dotprod
#elif defined(__aarch64__) && defined(__linux__)
    return (getauxval(AT_HWCAP) & (1UL << 20)) != 0;  // HWCAP_ASIMDDP
#else
    return false;
#endif
}
