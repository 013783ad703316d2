// What the checks share: the tables of this build, exact buffers, seeded numbers, comparison with the scalar table.
#pragma once
#include <stddef.h>
#include <stdint.h>
#include "ck_kernels.h"

typedef struct table {
    const char *name;
    const ck_kernels *kernels;
} table;

/// The tables that this build has and this CPU can run; the first is the scalar one.
extern table tables[4];
extern int table_count;

/// `size` bytes, filled with 0x5A, that live until `release_buffers`. A read or write past the end is caught: by the
/// address sanitizer where it is compiled in, else by an inaccessible page that follows the last byte (so that the first
/// one has only the alignment that `size` gives it).
void *exact_buffer(size_t size);
void release_buffers(void);

/// SplitMix64 (Steele, Lea & Flood 2014); `seed_numbers` makes a case independent of those before it.
void seed_numbers(uint64_t seed);
uint64_t random_bits(void);
/// Uniform in −scale..<scale.
float random_float(float scale);
float *random_floats(int64_t count, float scale);
uint8_t *random_bytes(int64_t count);
/// Float16 bits of either sign: mostly between 2⁻¹⁰ and 2, at times zero or subnormal.
uint16_t random_half(void);

/// A family's comparisons are counted between these two; the end prints its line.
void begin_family(const char *name);
void end_family(void);
/// Counts one comparison; says where the first difference of a family lies. NaNs are equal to each other: their sign and
/// payload depend on the order of operands, which no contract promises.
void expect_floats(
    const table *actual_table, const float *expected, const float *actual, int64_t count,
    const char *format, ...)
    __attribute__((format(printf, 5, 6)));
void expect_halves(
    const table *actual_table, const uint16_t *expected, const uint16_t *actual, int64_t count,
    const char *format, ...)
    __attribute__((format(printf, 5, 6)));
void expect_bytes(
    const table *actual_table, const void *expected, const void *actual, int64_t count,
    const char *format, ...)
    __attribute__((format(printf, 5, 6)));
/// How many families differed.
int failed_families(void);
/// FNV-1a over what the scalar table gave in all comparisons, NaNs as one: the same on every architecture.
uint64_t digest(void);

void check_products(void);
void check_attention(void);
void check_elementwise(void);
