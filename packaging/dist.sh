#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
#   packaging/dist.sh VERSION
#
# Makes .build/wavfft-VERSION.tar.gz of the last commit. It has the Swift packages that wavfft depends on in the folder
# `dependencies`, and a Package.swift that takes them from there, so it is built without git and without a network.
# The same commit and dependencies make the same archive. .build/checkouts has the dependencies (swift package resolve).
set -eu
umask 022
export LC_ALL=C

version=$1
cd "$(dirname "$0")/.."
name=wavfft-$version
archive=.build/$name.tar.gz
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

git rev-parse --git-dir >/dev/null 2>&1 || { echo "make dist needs the git repository of wavfft." >&2; exit 1; }
[ -z "$(git status --porcelain)" ] || echo "Note: the archive has the last commit, without your changes since." >&2
git archive --prefix="$name/" HEAD | tar -x -C "$folder"
manifest=$folder/$name/Package.swift
mkdir "$folder/$name/dependencies"
for checkout in .build/checkouts/*/; do
  package=$(basename "$checkout")
  # Only what Package.swift names: .build may have packages for other purposes, such as documentation.
  grep -q "^    .package(url: \".*/$package\"" "$manifest" || continue
  mkdir "$folder/$name/dependencies/$package"
  git -C "$checkout" archive HEAD | tar -x -C "$folder/$name/dependencies/$package"
  sed -i "s|^    .package(url: \".*/$package\".*),|    .package(path: \"dependencies/$package\"),|" "$manifest"
done
! grep -E '^    \.package\(url: .*\),$' "$manifest" >&2 \
  || { echo "These dependencies are not in .build/checkouts: run \`swift package resolve\`." >&2; exit 1; }

tar -C "$folder" -c --format=ustar --sort=name --mtime="@$(git log -1 --format=%ct)" --owner=0 --group=0 \
  --numeric-owner --mode=go=rX,u+rw "$name" | gzip -9n >"$archive"
echo "$archive"
