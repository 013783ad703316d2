#!/bin/bash
# Fuzzes the readers; see README.md.
#   run.sh SECONDS [TARGET...]   builds, then gives each target so many seconds; status 1: something was found
#   run.sh TARGET FILE...        runs a target over files once, as to see a finding again
set -euo pipefail

if [[ $# -lt 1 ]]; then
    sed -n '3,4s/^#  //p' "$0" >&2
    exit 2
fi
seconds= files=()
if [[ $1 =~ ^[0-9]+$ ]]; then seconds=$1; elif [[ $# -gt 1 ]]; then mapfile -t files < <(realpath -- "${@:2}"); fi
cd "$(dirname "$0")"

# Without this a trap of Swift waits for a debugger of its own.
export SWIFT_BACKTRACE=enable=no
export ASAN_OPTIONS=detect_leaks=0:quarantine_size_mb=16:allocator_may_return_null=0
nice swift build -c release
fuzzer=$(swift build -c release --show-bin-path)/ReaderFuzzer

# A single reservation of more than 64 MB, or about twice that in all (the process itself has some 80), is a finding; so are five
# seconds for one input. No input is larger than 64 kB.
limits=(-malloc_limit_mb=64 -rss_limit_mb=192 -timeout=5 -max_len=65536)

if [[ -z $seconds ]]; then exec "$fuzzer" "$1" "${limits[@]}" "${files[@]}"; fi

targets=("${@:2}")
[[ ${#targets[@]} -gt 0 ]] || mapfile -t targets < <(ls Seeds)
status=0
for target in "${targets[@]}"; do
    corpus=.build/corpus/$target findings=.build/findings/$target
    mkdir -p "$corpus" "$findings"
    options=("${limits[@]}" -max_total_time="$seconds" -print_final_stats=1 -artifact_prefix="$findings/")
    [[ -e Dictionaries/$target.dict ]] && options+=(-dict="Dictionaries/$target.dict")
    echo "== $target, $seconds s"
    log=.build/$target.log
    if nice -n 19 "$fuzzer" "$target" "${options[@]}" "$corpus" "Seeds/$target" >"$log" 2>&1; then
        grep -E '^stat::(number_of_executed_units|average_exec_per_sec|peak_rss_mb)' "$log"
        grep -oE 'cov: [0-9]+ ft: [0-9]+ corp: [0-9]+/[0-9]+[a-zA-Z]+' "$log" | tail -n 1
    else
        tail -n 40 "$log"
        echo "== $target: FAILED; all of it in Fuzz/$log, the input in Fuzz/$findings" >&2
        status=1
    fi
done
exit $status
