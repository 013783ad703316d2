// Buffers, numbers and comparisons of kernel_check.h.
#define _GNU_SOURCE
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "kernel_check.h"

enum { most_buffers = 256 };
static struct {
    void *base;
    size_t mapped;  // 0: from the heap
} buffers[most_buffers];
static int buffer_count;

static void fail(const char *what) {
    fprintf(stderr, "kernel_check: %s\n", what);
    exit(2);
}

void *exact_buffer(size_t size) {
    if (buffer_count == most_buffers) fail("a case asks for more than 256 buffers");
#if __has_feature(address_sanitizer)
    size_t alignment = size % 64 == 0 && size > 0 ? 64 : 16;
    void *base = NULL, *data;
    if (posix_memalign(&base, alignment, size) != 0) fail("out of memory");
    data = base;
    buffers[buffer_count].mapped = 0;
#else
    size_t page = (size_t)sysconf(_SC_PAGESIZE), whole = (size + page - 1) / page * page;
    uint8_t *base = mmap(NULL, whole + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (base == MAP_FAILED || mprotect(base + whole, page, PROT_NONE) != 0) fail("out of memory");
    void *data = base + whole - size;
    buffers[buffer_count].mapped = whole + page;
#endif
    buffers[buffer_count++].base = base;
    memset(data, 0x5A, size);
    return data;
}

void release_buffers(void) {
    while (buffer_count > 0) {
        buffer_count--;
        if (buffers[buffer_count].mapped > 0) {
            munmap(buffers[buffer_count].base, buffers[buffer_count].mapped);
        } else {
            free(buffers[buffer_count].base);
        }
    }
}

static uint64_t state;
void seed_numbers(uint64_t seed) { state = seed; }
uint64_t random_bits(void) {
    uint64_t z = state += 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}
float random_float(float scale) { return ((float)(random_bits() >> 40) * 0x1p-23f - 1.0f) * scale; }
float *random_floats(int64_t count, float scale) {
    float *values = exact_buffer((size_t)count * sizeof(float));
    for (int64_t i = 0; i < count; i++) values[i] = random_float(scale);
    return values;
}
uint8_t *random_bytes(int64_t count) {
    uint8_t *bytes = exact_buffer((size_t)count);
    for (int64_t i = 0; i < count; i++) bytes[i] = (uint8_t)random_bits();
    return bytes;
}
uint16_t random_half(void) {
    uint64_t bits = random_bits();
    uint16_t exponent = bits >> 60 == 0 ? 0 : (uint16_t)(5 + (bits >> 32) % 11);
    return (uint16_t)((bits & 0x83FF) | (exponent << 10));
}

static const char *family;
static long comparisons;
static int differences, failures;
static uint64_t hash = 0xCBF29CE484222325u;

#if !__has_feature(address_sanitizer)
static void name_family(int signal) {
    static const char message[] = ": touched memory outside its buffers\n";
    ssize_t written = write(2, family, strlen(family)) + write(2, message, sizeof message - 1);
    _exit(written > 0 ? 3 : signal);
}
#endif

void begin_family(const char *name) {
#if !__has_feature(address_sanitizer)
    signal(SIGSEGV, name_family);
    signal(SIGBUS, name_family);
#endif
    family = name;
    comparisons = differences = 0;
}
void end_family(void) {
    printf("%-22s %6ld comparisons  %s\n", family, comparisons, differences == 0 ? "same bits" : "DIFFERENT");
    fflush(stdout);
    failures += differences > 0;
}
int failed_families(void) { return failures; }
uint64_t digest(void) { return hash; }

static void report(const table *t, int64_t at, uint32_t expected, uint32_t actual, const char *format, va_list list) {
    if (differences++ > 0) return;
    printf("%s, %s, ", family, t->name);
    vprintf(format, list);
    printf(": element %lld is %08x, scalar has %08x\n", (long long)at, actual, expected);
}

#define FLOAT_IS_NAN(x) ((x) != (x))
#define HALF_IS_NAN(x) (((x) & 0x7FFF) > 0x7C00)
#define BYTE_IS_NAN(x) 0

#define EXPECT(NAME, ARGUMENT, TYPE, IS_NAN)                                                                           \
    void NAME(const table *t, const ARGUMENT *expected, const ARGUMENT *actual, int64_t count, const char *format, ...) {\
        const TYPE *e = (const TYPE *)expected, *a = (const TYPE *)actual;                                             \
        comparisons++;                                                                                                 \
        for (int64_t i = 0; t == &tables[1] && i < count; i++) {                                                       \
            uint32_t bits = 0;                                                                                         \
            if (!IS_NAN(e[i])) memcpy(&bits, e + i, sizeof(TYPE));                                                     \
            hash = (hash ^ bits) * 0x100000001B3u;                                                                     \
        }                                                                                                              \
        for (int64_t i = 0; i < count; i++) {                                                                          \
            if (memcmp(e + i, a + i, sizeof(TYPE)) == 0 || (IS_NAN(e[i]) && IS_NAN(a[i]))) continue;                   \
            uint32_t x = 0, y = 0;                                                                                     \
            memcpy(&x, e + i, sizeof(TYPE));                                                                           \
            memcpy(&y, a + i, sizeof(TYPE));                                                                           \
            va_list list;                                                                                              \
            va_start(list, format);                                                                                    \
            report(t, i, x, y, format, list);                                                                          \
            va_end(list);                                                                                              \
            return;                                                                                                    \
        }                                                                                                              \
    }
EXPECT(expect_floats, float, float, FLOAT_IS_NAN)
EXPECT(expect_halves, uint16_t, uint16_t, HALF_IS_NAN)
EXPECT(expect_bytes, void, uint8_t, BYTE_IS_NAN)
