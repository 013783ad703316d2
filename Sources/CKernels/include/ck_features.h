// Which instruction sets this CPU has, as bits to test before a kernel table is used.
#pragma once
#include <stdbool.h>

/// AVX2 with FMA and F16C: what `ck_kernels_avx2` needs.
bool ck_cpu_has_avx2(void);
/// AVX-512 F, BW, VL, DQ and VNNI: what `ck_kernels_avx512` needs.
bool ck_cpu_has_avx512(void);
/// The products of bfloat16 too.
bool ck_cpu_has_avx512_bf16(void);
/// NEON with the dot-product instructions (ARMv8.2 dotprod): what `ck_kernels_neon` needs.
bool ck_cpu_has_neon(void);
