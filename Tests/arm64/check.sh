#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
#   Tests/arm64/check.sh SWIFT
#
# Compiles the C parts of wavfft for arm64 and for this processor, with the clang of Swift, runs both (arm64 under
# qemu), and compares what they compute, to the last bit. The Swift parts are not tried.
set -euo pipefail
cd "$(dirname "$0")/../.."

clang=$(dirname "$(realpath "$1")")/clang
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

sources=(Sources/CShims/*.c Sources/CPageAssets/page_assets.c Sources/CPageAssets/assets.S Tests/arm64/kernels.c)
options=(-O2 -Wall -ISources/CShims/include -ISources/CPageAssets/include -ISources/WavExport/Page/Assets)
arm64=(--target=aarch64-linux-gnu --sysroot=/usr/aarch64-linux-gnu -isystem /usr/aarch64-linux-gnu/include)

for processor in here arm64; do
  mkdir "$work/$processor"
  target=()
  [ $processor = here ] || target=("${arm64[@]}")
  for source in "${sources[@]}"; do
    "$clang" "${target[@]}" "${options[@]}" -c "$source" -o "$work/$processor/$(basename "$source").o"
  done
done
gcc -static "$work"/here/*.o -lm -o "$work/here/kernels"
aarch64-linux-gnu-gcc -static "$work"/arm64/*.o -lm -o "$work/arm64/kernels"

"$work/here/kernels" >"$work/here.txt"
qemu-aarch64-static "$work/arm64/kernels" >"$work/arm64.txt"
if ! diff "$work/here.txt" "$work/arm64.txt" >"$work/differences"; then
  head -n 20 "$work/differences"
  echo "The C parts compute something else on arm64: $(grep -c '^>' "$work/differences") values differ."
  exit 1
fi
echo "The C parts compute the same $(wc -l <"$work/here.txt") values on arm64 as on $(uname -m)."
