// The small operations between products, and the two loops that measure the machine.
#include <math.h>
#include <string.h>
#include "kernel_check.h"

#define COUNT(array) ((int)(sizeof(array) / sizeof *(array)))
static const int64_t counts[] = {1, 2, 15, 16, 17, 31, 64, 100, 896, 2816, 4099};

/// Numbers of many sizes, and the special ones when `special`.
static float *awkward_floats(int64_t count, int special) {
    static const float specials[] = {
        0.0f, -0.0f, 1e-40f, -1e-31f, 88.4f, -87.5f, -103.0f, 3e38f, INFINITY, -INFINITY, NAN,
    };
    float *values = random_floats(count, 10);
    for (int64_t i = 0; special && i < count; i++) {
        uint64_t bits = random_bits();
        if (bits % 4 == 0) values[i] = specials[(bits >> 8) % COUNT(specials)];
        if (bits % 4 == 1) values[i] *= 20;
    }
    return values;
}

/// One group of each kind: ordinary, zero, tiny, with infinity, with NaN, halves that round to even, one large value.
static float *groups_to_quantize(int64_t columns, int64_t group) {
    float *input = random_floats(columns, 4);
    for (int64_t k = 0; k < columns; k++) {
        float *x = input + k;
        int first = k % group == group / 2 + 1;
        switch (k / group % 8) {
        case 1: *x = k % 2 ? 0.0f : -0.0f; break;
        case 2: *x *= 1e-31f; break;
        case 3: if (first) *x = -INFINITY; break;
        case 4: if (first) *x = NAN; break;
        case 5: *x = k % group == 0 ? 127.0f : (float)(k % 254) - 126.5f; break;
        case 6: if (first) *x = 3e38f; break;
        case 7: *x *= 1e-40f; break;
        default: break;
        }
    }
    return input;
}

static void check_quantize(void) {
    static const int64_t columns[] = {256, 512, 2816};
    begin_family("quantize");
    for (int c = 0; c < 2 * COUNT(columns); c++) {
        for (int seed = 0; seed < 8; seed++) {
            int64_t group = c % 2 ? 256 : 32, count = columns[c / 2];
            seed_numbers((uint64_t)(10 * c + seed));
            const float *input = groups_to_quantize(count, group);
            int8_t *quants = NULL, *quants_0 = NULL;
            float *scales = NULL, *scales_0 = NULL;
            int16_t *sums = NULL, *sums_0 = NULL;  // 16 columns each, then 32 each
            size_t sum_count = (size_t)(count / 16 + count / 32);
            for (int i = 0; i < table_count; i++) {
                quants = exact_buffer((size_t)count);
                scales = exact_buffer((size_t)(count / group) * sizeof(float));
                sums = exact_buffer(sum_count * sizeof(int16_t));
                tables[i].kernels->quantize(input, count, group, quants, scales, sums, sums + count / 16);
                if (i == 0) {
                    quants_0 = quants, scales_0 = scales, sums_0 = sums;
                    continue;
                }
                expect_bytes(&tables[i], quants_0, quants, count, "quants, group %lld", (long long)group);
                expect_floats(&tables[i], scales_0, scales, count / group, "scales, group %lld", (long long)group);
                expect_bytes(&tables[i], sums_0, sums, sum_count * 2, "sums, group %lld", (long long)group);
            }
            release_buffers();
        }
    }
    end_family();
}

static void check_rotate(void) {
    static const int64_t pair_counts[] = {1, 3, 4, 8, 15, 16, 17, 32, 40, 64, 128};
    begin_family("rotate");
    for (int c = 0; c < 2 * COUNT(pair_counts); c++) {
        int64_t pairs = pair_counts[c / 2];
        seed_numbers((uint64_t)c);
        const float *head = random_floats(2 * pairs, 3);
        const float *cosines = random_floats(pairs, 1), *sines = random_floats(pairs, 1);
        float *expected = NULL;
        for (int i = 0; i < table_count; i++) {
            float *rotated = exact_buffer((size_t)(2 * pairs) * sizeof(float));
            memcpy(rotated, head, (size_t)(2 * pairs) * sizeof(float));
            tables[i].kernels->rotate(rotated, pairs, cosines, sines, c % 2);
            if (i == 0) expected = rotated;
            else expect_floats(&tables[i], expected, rotated, 2 * pairs, "%lld pairs, interleaved %d", (long long)pairs,
                               c % 2);
        }
        release_buffers();
    }
    end_family();
}

typedef void (*vector_operation)(
    const ck_kernels *kernels, const float *a, const float *b, int64_t count, float *output);
static void run_rms_norm(const ck_kernels *kernels, const float *a, const float *b, int64_t count, float *output) {
    kernels->rms_norm(a, b, count, 1e-5f, output);
}
static void run_silu_multiply(const ck_kernels *kernels, const float *a, const float *b, int64_t count, float *output) {
    kernels->silu_multiply(a, b, count, output);
}
static void run_add(const ck_kernels *kernels, const float *a, const float *b, int64_t count, float *output) {
    memcpy(output, a, (size_t)count * sizeof(float));
    kernels->add(output, b, count);
}

static void check_vectors(const char *name, vector_operation operation) {
    begin_family(name);
    for (int c = 0; c < COUNT(counts); c++) {
        for (int seed = 0; seed < 16; seed++) {
            seed_numbers((uint64_t)(100 * c + seed));
            const float *a = awkward_floats(counts[c], seed % 2), *b = awkward_floats(counts[c], seed % 4 == 3);
            float *expected = NULL;
            for (int i = 0; i < table_count; i++) {
                float *output = exact_buffer((size_t)counts[c] * sizeof(float));
                operation(tables[i].kernels, a, b, counts[c], output);
                if (i == 0) expected = output;
                else expect_floats(&tables[i], expected, output, counts[c], "%lld values", (long long)counts[c]);
            }
            release_buffers();
        }
    }
    end_family();
}

static void check_rooflines(void) {
    static const int64_t sizes[] = {0, 255, 256, 300, 512, 4096};
    begin_family("read_bytes, dot_peak, float_peak");
    for (int c = 0; c < COUNT(sizes); c++) {
        seed_numbers((uint64_t)c);
        const uint8_t *bytes = random_bytes(sizes[c]);
        int32_t seed = (int32_t)(random_bits() & 0x7E7E7E7E), expected[3];
        for (int i = 0; i < table_count; i++) {
            int32_t actual[3] = {
                tables[i].kernels->read_bytes(bytes, sizes[c]), tables[i].kernels->dot_peak(8 * (c + 1), seed),
                tables[i].kernels->float_peak(16 * (c + 1), 0.25f)};
            if (i == 0) memcpy(expected, actual, sizeof expected);
            else expect_bytes(&tables[i], expected, actual, sizeof actual, "%lld bytes", (long long)sizes[c]);
        }
        release_buffers();
    }
    end_family();
}

void check_elementwise(void) {
    check_quantize();
    check_vectors("rms_norm", run_rms_norm);
    check_rotate();
    check_vectors("silu_multiply", run_silu_multiply);
    check_vectors("add", run_add);
    check_rooflines();
}
