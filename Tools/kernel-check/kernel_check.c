// Runs every function of every kernel table of this build over a grid of sizes and seeded inputs, and compares the
// results bit for bit with the scalar table. Exit status 1: some family differs.
#include <stdio.h>
#include "ck_features.h"
#include "kernel_check.h"

table tables[4] = {{"scalar", &ck_kernels_scalar}};
int table_count = 1;

static void add_table(const char *name, const ck_kernels *kernels, int available) {
    if (available) tables[table_count++] = (table){name, kernels};
    printf("%s %s\n", name, available ? "against scalar" : "left out: this CPU lacks it");
}

int main(void) {
#if defined(__x86_64__)
    add_table("avx2", &ck_kernels_avx2, ck_cpu_has_avx2());
    add_table("avx512", &ck_kernels_avx512, ck_cpu_has_avx512());
#elif defined(__aarch64__)
    add_table("neon", &ck_kernels_neon, ck_cpu_has_neon());
#endif
    check_products();
    check_attention();
    check_elementwise();
    if (table_count > 1) printf("digest %016llx\n", (unsigned long long)digest());
    if (failed_families() == 0) return 0;
    printf("%d families differ from scalar\n", failed_families());
    return 1;
}
