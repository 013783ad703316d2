// Attention over a cache of each element type, and storing into it.
#include <stdio.h>
#include <string.h>
#include "kernel_check.h"

enum { head_offset = 36 };

/// The element types of a cache.
typedef struct cache_type {
    const char *name;
    size_t kernels;       // where a table has them
    int64_t bytes;        // of 32 elements
    int64_t granularity;  // of head dimensions
} cache_type;

static const cache_type types[] = {
    {"f32", offsetof(ck_kernels, cache_f32), 128, 16},
    {"f16", offsetof(ck_kernels, cache_f16), 64, 16},
    {"bf16", offsetof(ck_kernels, cache_bf16), 64, 16},
    {"q8_0", offsetof(ck_kernels, cache_q8_0), 34, 32},
};

static const ck_cache_kernels *kernels_of(const table *table, const cache_type *type) {
    return (const ck_cache_kernels *)((const char *)table->kernels + type->kernels);
}

/// Bytes of a block's keys and values of one head.
static int64_t head_bytes(const cache_type *type, int64_t dimension) {
    return 2 * CK_CACHE_BLOCK * dimension * type->bytes / 32;
}

/// A cache block whose first `held` tokens hold numbers; the others hold NaN, as nothing may come of them.
static uint8_t *random_cache_block(const cache_type *type, int64_t dimension, int64_t held) {
    int64_t size = head_bytes(type, dimension);
    uint8_t *block = exact_buffer((size_t)(head_offset + size));
    memset(block + head_offset, 0xFF, (size_t)size);
    for (int64_t slot = 0; slot < held; slot++) {
        float key[CK_MAX_HEAD_DIMENSION], value[CK_MAX_HEAD_DIMENSION];
        for (int64_t d = 0; d < dimension; d++) {
            key[d] = random_float(2);
            value[d] = random_float(2);
        }
        kernels_of(&tables[0], type)->store(key, value, dimension, block + head_offset, slot);
    }
    return block;
}

static void check_case(const cache_type *type, int64_t dimension, int64_t queries, int32_t most, int32_t step) {
    const uint8_t *blocks[8];
    const float *inputs[CK_ATTENTION_QUERIES];
    float *outputs[CK_ATTENTION_QUERIES], *expected[CK_ATTENTION_QUERIES];
    int64_t block_count = (most + CK_CACHE_BLOCK - 1) / CK_CACHE_BLOCK;
    for (int64_t b = 0; b < block_count; b++) {
        int64_t left = most - CK_CACHE_BLOCK * b;
        blocks[b] = random_cache_block(type, dimension, left < CK_CACHE_BLOCK ? left : CK_CACHE_BLOCK);
    }
    int32_t *key_counts = exact_buffer((size_t)queries * sizeof(int32_t));
    const float **query_list = exact_buffer((size_t)queries * sizeof(float *));
    const uint8_t **table_of_blocks = exact_buffer((size_t)block_count * sizeof(uint8_t *));
    memcpy(table_of_blocks, blocks, (size_t)block_count * sizeof(uint8_t *));
    for (int64_t q = 0; q < queries; q++) {
        inputs[q] = random_floats(dimension, q == 3 ? 40 : 1);
        query_list[q] = inputs[q];
        int64_t count = most - step * (queries - 1 - q);
        key_counts[q] = count < 1 ? 1 : (int32_t)count;
    }
    for (int i = 0; i < table_count; i++) {
        float **output_list = exact_buffer((size_t)queries * sizeof(float *));
        for (int64_t q = 0; q < queries; q++) {
            output_list[q] = outputs[q] = exact_buffer((size_t)dimension * sizeof(float));
            if (i == 0) expected[q] = outputs[q];
        }
        ck_attention attention = {
            query_list, output_list, key_counts, queries, table_of_blocks, head_offset, dimension,
        };
        kernels_of(&tables[i], type)->attend(&attention);
        for (int64_t q = 0; i > 0 && q < queries; q++) {
            expect_floats(&tables[i], expected[q], outputs[q], dimension, "D %lld, query %lld of %lld, %d keys",
                          (long long)dimension, (long long)q, (long long)queries, key_counts[q]);
        }
    }
    release_buffers();
}

static void begin_cache_family(const char *operation, const cache_type *type) {
    static char name[32];  // the family keeps it
    snprintf(name, sizeof name, "%s %s", operation, type->name);
    begin_family(name);
}

static void check_attend(const cache_type *type) {
    static const int64_t dimensions[] = {16, 32, 48, 64, 80, 96, 128, 176, 256};
    static const int32_t key_counts[] = {1, 16, 31, 32, 33, 64, 65, 100}, steps[] = {0, 1, 17};
    begin_cache_family("attend", type);
    int at = 0;
    for (int d = 0; d < 9; d++) {
        if (dimensions[d] % type->granularity != 0) continue;
        for (int64_t queries = 1; queries <= CK_ATTENTION_QUERIES; queries++) {
            for (int k = 0; k < 8; k++, at++) {
                seed_numbers((uint64_t)at);
                check_case(type, dimensions[d], queries, key_counts[k], steps[at % 3]);
            }
        }
    }
    end_family();
}

static void check_store(const cache_type *type) {
    static const int64_t dimensions[] = {16, 64, 80, 256}, slots[] = {0, 1, 17, 31};
    static const float scales[] = {70000, 1, 1e-7f, 1e10f};
    begin_cache_family("store", type);
    for (int d = 0; d < 4; d++) {
        for (int s = 0; s < 4; s++) {
            int64_t dimension = dimensions[d], size = head_bytes(type, dimension);
            if (dimension % type->granularity != 0) continue;
            seed_numbers((uint64_t)(10 * d + s));
            float *key = random_floats(dimension, scales[s]), *value = random_floats(dimension, 1);
            // Ties, subnormal halves, overflow and what is no number; all of it in the second half, as one of these is enough
            // to break a group.
            for (int64_t i = dimension / 2; i < dimension; i++) {
                uint32_t bits = (uint32_t)random_bits();
                uint32_t tie = (bits & 0x807FF000) | ((100 + (bits >> 24) % 45) << 23);
                memcpy(value + i, i % 2 ? &tie : &bits, sizeof bits);
            }
            void *expected = NULL;
            for (int i = 0; i < table_count; i++) {
                uint8_t *head = exact_buffer((size_t)size);
                kernels_of(&tables[i], type)->store(key, value, dimension, head, slots[s]);
                if (i == 0) expected = head;
                else if (type->kernels == offsetof(ck_kernels, cache_f16)) {
                    expect_halves(&tables[i], expected, (const uint16_t *)head, size / 2, "D %lld, slot %lld",
                                  (long long)dimension, (long long)slots[s]);
                } else {
                    expect_bytes(&tables[i], expected, head, size, "D %lld, slot %lld", (long long)dimension,
                                 (long long)slots[s]);
                }
            }
            release_buffers();
        }
    }
    end_family();
}

void check_attention(void) {
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        check_store(&types[i]);
        check_attend(&types[i]);
    }
}
