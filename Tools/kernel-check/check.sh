#!/bin/bash
# Builds the kernels with the Swift toolchain's clang and compares every table with the scalar one: natively, natively under
# the address and undefined-behaviour sanitizers, and for aarch64 in an emulator. See README.md.
#   check.sh [--install]   --install: apt-get the emulator and the aarch64 headers and libraries first
set -euo pipefail
cd "$(dirname "$0")"
kernels=../../Sources/CKernels
mapfile -t sources < <(find . "$kernels" -name '*.c')

if [[ "${1:-}" == --install ]]; then
    apt-get install -y --no-install-recommends qemu-user libc6-dev-arm64-cross libgcc-12-dev-arm64-cross
fi

clang=${CLANG:-}
if [[ -z "$clang" ]] && swift=$(command -v swift); then clang=$(dirname "$(readlink -f "$swift")")/clang; fi
[[ -x "$clang" ]] || clang=$(command -v clang) || { echo "no clang: install a Swift toolchain or set CLANG" >&2; exit 2; }
build=$(mktemp -d)
trap 'rm -rf "$build"' EXIT
status=0

compile() {  # compile OUTPUT FLAG...: one object per source, for two at a time
    local output=$1
    shift
    printf '%s\0' "${sources[@]}" | xargs -0 -P 2 -I '{}' bash -c '
        source=$1 folder=$2
        shift 2
        object="$folder/$(basename "$source" .c).o"
        exec "$@" -c "$source" -o "$object"' compile '{}' "$build" "$clang" -O2 -Wall -Wextra -Wno-unused-parameter -Werror \
        -I "$kernels/include" "$@"
    "$clang" "$build"/*.o -fuse-ld=lld -lm "$@" -Wno-unused-command-line-argument -o "$output"
    rm "$build"/*.o
}

run() {  # run NAME COMMAND...
    local name=$1
    shift
    last_digest=
    echo "== $name"
    if "$@" | tee "$build/log"; then
        last_digest=$(sed -n 's/^digest //p' "$build/log")
    else
        echo "== $name: FAILED" >&2
        status=1
    fi
}

compile "$build/native" -fPIE
run "native" "$build/native"
native_digest=$last_digest

# Of the undefined-behaviour checks those are left out that multiply the time to compile unrolled code and look for nothing
# that the address sanitizer would miss.
compile "$build/sanitized" -O1 -g -fPIE -fsanitize=address,undefined \
    -fno-sanitize=null,object-size,pointer-overflow -fno-sanitize-recover=undefined
run "native, address and undefined-behaviour sanitizers" "$build/sanitized"

headers=/usr/aarch64-linux-gnu/include
if [[ "$(uname -m)" == aarch64 ]]; then
    echo "== aarch64 in an emulator: skipped, the native run above is aarch64"
elif ! emulator=$(command -v qemu-aarch64 || command -v qemu-aarch64-static); then
    echo "== aarch64 in an emulator: SKIPPED, no qemu-aarch64 (Debian: qemu-user; or check.sh --install)"
elif [[ ! -d $headers ]]; then
    echo "== aarch64 in an emulator: SKIPPED, no $headers (Debian: libc6-dev-arm64-cross; or check.sh --install)"
else
    compile "$build/aarch64" -target aarch64-linux-gnu -isystem "$headers" -static
    run "aarch64 with dotprod, emulated" "$emulator" -cpu max "$build/aarch64"
    if [[ -z "$native_digest" || -z "$last_digest" ]]; then
        echo "== digests: SKIPPED, a run failed or had nothing to compare"
    elif [[ "$native_digest" == "$last_digest" ]]; then
        echo "== aarch64 and $(uname -m) agree to the bit"
    else
        echo "== aarch64 and $(uname -m) DIFFER: digests $last_digest and $native_digest" >&2
        status=1
    fi
    "$emulator" -cpu cortex-a72 "$build/aarch64" >"$build/log"
    if grep '^neon left out' "$build/log" >/dev/null; then
        echo "== aarch64 without dotprod, emulated: neon is left out, as it should be"
    else
        echo "== aarch64 without dotprod, emulated: FAILED, neon was not left out" >&2
        status=1
    fi
fi
exit $status
