// Attention over a cache of float16 and of float32, and storing into it.
#include <string.h>
#include "kernel_check.h"

enum { head_offset = 36 };

/// A cache block whose first `held` tokens hold numbers; the others hold NaN, as nothing may come of them.
static uint8_t *random_cache_block(int64_t dimension, int64_t element, int64_t held) {
    int64_t size = 64 * dimension * element;
    uint8_t *block = exact_buffer((size_t)(head_offset + size));
    memset(block + head_offset, 0xFF, (size_t)size);
    for (int64_t slot = 0; slot < held; slot++) {
        float key[CK_MAX_HEAD_DIMENSION], value[CK_MAX_HEAD_DIMENSION];
        for (int64_t d = 0; d < dimension; d++) {
            key[d] = random_float(2);
            value[d] = random_float(2);
        }
        if (element == 2) tables[0].kernels->store_key_value(key, value, dimension, block + head_offset, slot);
        else tables[0].kernels->store_key_value_f32(key, value, dimension, block + head_offset, slot);
    }
    return block;
}

static void check_case(int64_t element, int64_t dimension, int64_t queries, int32_t most, int32_t step) {
    const uint8_t *blocks[8];
    const float *inputs[CK_ATTENTION_QUERIES];
    float *outputs[CK_ATTENTION_QUERIES], *expected[CK_ATTENTION_QUERIES];
    int64_t block_count = (most + CK_CACHE_BLOCK - 1) / CK_CACHE_BLOCK;
    for (int64_t b = 0; b < block_count; b++) {
        int64_t left = most - CK_CACHE_BLOCK * b;
        blocks[b] = random_cache_block(dimension, element, left < CK_CACHE_BLOCK ? left : CK_CACHE_BLOCK);
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
        if (element == 2) tables[i].kernels->attend(&attention);
        else tables[i].kernels->attend_f32(&attention);
        for (int64_t q = 0; i > 0 && q < queries; q++) {
            expect_floats(&tables[i], expected[q], outputs[q], dimension, "D %lld, query %lld of %lld, %d keys",
                          (long long)dimension, (long long)q, (long long)queries, key_counts[q]);
        }
    }
    release_buffers();
}

static void check_cache(const char *name, int64_t element) {
    static const int64_t dimensions[] = {16, 32, 48, 64, 80, 96, 128, 176, 256};
    static const int32_t key_counts[] = {1, 16, 31, 32, 33, 64, 65, 100}, steps[] = {0, 1, 17};
    begin_family(name);
    int at = 0;
    for (int d = 0; d < 9; d++) {
        for (int64_t queries = 1; queries <= CK_ATTENTION_QUERIES; queries++) {
            for (int k = 0; k < 8; k++, at++) {
                seed_numbers((uint64_t)at);
                check_case(element, dimensions[d], queries, key_counts[k], steps[at % 3]);
            }
        }
    }
    end_family();
}

static void check_store(const char *name, int64_t element) {
    static const int64_t dimensions[] = {16, 64, 80, 256}, slots[] = {0, 1, 17, 31};
    begin_family(name);
    for (int d = 0; d < 4; d++) {
        for (int s = 0; s < 4; s++) {
            seed_numbers((uint64_t)(10 * d + s));
            int64_t dimension = dimensions[d], count = 64 * dimension;
            float *key = random_floats(dimension, 70000), *value = random_floats(dimension, 1);
            // Ties, subnormal halves, overflow and what is no number.
            for (int64_t i = 0; i < dimension; i++) {
                uint32_t bits = (uint32_t)random_bits();
                uint32_t tie = (bits & 0x807FF000) | ((100 + (bits >> 24) % 45) << 23);
                memcpy(value + i, i % 2 ? &tie : &bits, sizeof bits);
            }
            void *expected = NULL;
            for (int i = 0; i < table_count; i++) {
                uint8_t *head = exact_buffer((size_t)(count * element));
                if (element == 2) tables[i].kernels->store_key_value(key, value, dimension, head, slots[s]);
                else tables[i].kernels->store_key_value_f32(key, value, dimension, head, slots[s]);
                if (i == 0) expected = head;
                else if (element == 2) {
                    expect_halves(&tables[i], expected, (const uint16_t *)head, count, "D %lld, slot %lld",
                                  (long long)dimension, (long long)slots[s]);
                } else {
                    expect_bytes(&tables[i], expected, head, count * element, "D %lld, slot %lld", (long long)dimension,
                                 (long long)slots[s]);
                }
            }
            release_buffers();
        }
    }
    end_family();
}

void check_attention(void) {
    check_store("store_key_value", 2);
    check_store("store_key_value_f32", 4);
    check_cache("attend", 2);
    check_cache("attend_f32", 4);
}
