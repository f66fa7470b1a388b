#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
#   Tests/arm64/program.sh PROGRAM ARCHIVE
#
# Builds the sources of ARCHIVE (`make dist`) for arm64 with the Swift of Debian unstable, runs the program and the tests of
# the maths under qemu, and compares spectra with those of PROGRAM. As root. The first time it loads 1.3 GB into
# .build/arm64. Words in MMDEBSTRAP_OPTIONS go to mmdebstrap.
set -euo pipefail
cd "$(dirname "$0")/../.."

[ "$(id -u)" = 0 ] || { echo "chroot needs root: run this as root."; exit 1; }
program=$(realpath "$1")
archive=$(realpath "$2")
root=$PWD/.build/arm64/root
triple=aarch64-unknown-linux-gnu
swift=/usr/libexec/swift

# The compiler of this processor, and beside it, in /arm, the libraries of arm64: two releases of Swift cannot read each
# other's modules, so both come from the same archive.
if [ ! -d "$root" ]; then
  mkdir -p .build/arm64
  rm -rf .build/arm64/new
  read -ra options <<<"${MMDEBSTRAP_OPTIONS:-}"
  mmdebstrap --quiet "${options[@]}" --variant=apt --include=swiftlang,swiftlang-dev,libc6-dev,g++,git,lld,pkg-config \
    unstable .build/arm64/new
  mkdir -p .build/arm64/new/arm/usr/lib
  ln -s usr/lib .build/arm64/new/arm/lib
  mmdebstrap --quiet "${options[@]}" --variant=extract --architectures=arm64 \
    --include=swiftlang,libc6-dev,libstdc++-15-dev,libfftw3-dev,libsndfile1-dev,libpng-dev,libcairo2 \
    unstable .build/arm64/arm.tar
  tar -xf .build/arm64/arm.tar -C .build/arm64/new/arm --exclude=./dev --keep-directory-symlink
  rm .build/arm64/arm.tar
  # Debian's package lacks this library, which the tests name and do not use.
  chroot .build/arm64/new ar cr /arm/usr/lib/aarch64-linux-gnu/lib_Testing_Foundation.a
  mv .build/arm64/new "$root"
fi

cat >"$root/arm64.json" <<END
{"version": 1, "sdk": "/arm", "toolchain-bin-dir": "$swift/bin", "target": "$triple", "dynamic-library-extension": "so",
 "extra-cc-flags": ["-fPIC"], "extra-cpp-flags": [],
 "extra-swiftc-flags": ["-sdk", "/arm", "-resource-dir", "/arm$swift/lib/swift", "-use-ld=lld",
                        "-L", "/arm/usr/lib/aarch64-linux-gnu", "-tools-directory", "$swift/bin"]}
END
# The build of an earlier archive stays, its sources do not.
mkdir -p "$root/src"
find "$root/src" -mindepth 1 -maxdepth 1 ! -name .build -exec rm -rf {} +
tar -xzf "$archive" -C "$root/src" --strip-components=1
libraries=()
for name in png16 z sndfile fftw3 fftw3f fftw3l; do libraries+=(-Xlinker "-l$name"); done
in_root() {
  unshare --mount sh -c 'mount -t proc proc "$0/proc" && mount --rbind /dev "$0/dev" && exec chroot "$0" "$@"' "$root" "$@"
}
in_root env -C /src swift build -c release -Xswiftc -enable-testing --build-tests --destination /arm64.json \
  "${libraries[@]}"

built=$root/src/.build/$triple/release
emulated() {
  qemu-aarch64-static -L "$root/arm" \
    -E "LD_LIBRARY_PATH=$root/arm$swift/lib/swift/linux:$root/arm/usr/lib/aarch64-linux-gnu" "$@"
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
emulated "$built/wavfft" --version
# FFTW has other kernels on arm64.
for precision in single:1e-6 double:1e-15; do
  options=(fixtures/bach.wav --precision "${precision%:*}" --points all --workers 2 --report none)
  "$program" "${options[@]}" --out "$work/here.npy"
  emulated "$built/wavfft" "${options[@]}" --out "$work/arm64.npy"
  python3 - "$work" "$precision" <<'END'
import sys
import numpy as np
here, there = (np.load(f"{sys.argv[1]}/{name}.npy")["magnitude"].astype(float) for name in ("here", "arm64"))
precision, tolerance = sys.argv[2].split(":")
error = abs(here - there).max() / here.max()
print(f"{precision}: {len(here):,} bins, at most {error:.1e} of the greatest bin apart")
sys.exit(error > float(tolerance))
END
done

# These start no processes. Some transforms are long, and the emulator makes them ten times longer.
for module in WavSpectrumTests WavTransformsTests; do
  echo "Running $module under qemu; this takes minutes."
  emulated "$built/wavfftPackageTests.xctest" --testing-library swift-testing --filter "$module" >"$work/tests.txt" 2>&1 \
    || { grep ✘ "$work/tests.txt"; echo "$module fails on arm64."; exit 1; }
  sed -n "s/.*Test run with \(.*\) passed.*/$module: \1 passed/p" "$work/tests.txt"
done
