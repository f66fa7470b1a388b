#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
#   packaging/release.sh [--check] VERSION
#
# Checks that everything is in order for a release of this version, and prints what to do next. It changes and pushes
# nothing. With --check only what takes no time: the state of git, CHANGELOG.md and the documents.
set -u
export LC_ALL=C

is_quick=
if [ "${1:-}" = --check ]; then
  is_quick=yes
  shift
fi
[ $# = 1 ] || {
  echo "packaging/release.sh [--check] VERSION: make release gives the version." >&2
  exit 64
}
version=$1
cd "$(dirname "$0")/.." || exit 1
git rev-parse --git-dir >/dev/null 2>&1 || {
  echo "Not in order: a release is made of a clone, and this folder belongs to no git."
  exit 1
}

faults=0
fault() {
  echo "Not in order: $1"
  faults=$((faults + 1))
}

echo "$version" | grep -Eqx '(0|[1-9][0-9]*)(\.(0|[1-9][0-9]*)){2}' \
  || fault "the version \"$version\" in Sources/WavAnalysis/Version.swift is not of the form 1.2.3."

branch=$(git rev-parse --abbrev-ref HEAD)
[ "$branch" = main ] || fault "the branch is $branch; a release is made of main: git switch main."
changes=$(git status --porcelain | wc -l)
case $changes in
  0) ;;
  1) fault "1 file is changed or unknown to git: commit or remove it (git status)." ;;
  *) fault "$changes files are changed or unknown to git: commit or remove them (git status)." ;;
esac
if git rev-parse -q --verify "refs/tags/v$version" >/dev/null; then
  fault "v$version is tagged already: set the next version in Sources/WavAnalysis/Version.swift."
fi

# Sections are "## Unreleased" and "## 1.2.3 - 2026-11-30".
section() {
  awk -v start="$1" 'index($0, "## ") == 1 { inside = index($0, start) == 1; next } inside && NF' CHANGELOG.md
}
heading=$(grep -F -m 1 "## $version " CHANGELOG.md)
day=${heading#"## $version - "}
if [ -z "$heading" ]; then
  fault "CHANGELOG.md has no section \"## $version - $(date +%Y-%m-%d)\": rename \"## Unreleased\" to it."
elif ! echo "$day" | grep -Eqx '[0-9]{4}-[0-9]{2}-[0-9]{2}' || ! date -d "$day" >/dev/null 2>&1; then
  fault "CHANGELOG.md dates $version \"$day\": write \"## $version - $(date +%Y-%m-%d)\"."
elif [ "$(date -d "$day" +%s)" -gt "$(date +%s)" ]; then
  fault "CHANGELOG.md dates $version $day, which is in the future."
elif [ -z "$(section "$heading")" ]; then
  fault "the section of $version in CHANGELOG.md is empty."
fi
if [ -n "$heading" ] && [ -n "$(section '## Unreleased')" ]; then
  fault "CHANGELOG.md still has entries under \"Unreleased\": move them to the section of $version."
fi

# Names of packages in the documents have a version in them.
for name in $(grep -ohE 'wavfft[-_][0-9]+\.[0-9]+\.[0-9]+(\.tar\.gz|_[a-z0-9]+\.deb)' README.md README.es.md docs/*.md | sort -u); do
  case $name in
    wavfft[-_]"$version"[._]*) ;;
    *) fault "the documents name $name ($(grep -lF "$name" README.md README.es.md docs/*.md | tr '\n' ' ')), the version is $version." ;;
  esac
done

if [ $faults -gt 0 ]; then
  echo "$faults to mend before a release of $version."
  exit 1
fi
echo "The state of git, CHANGELOG.md and the documents are in order for $version."
[ -z "$is_quick" ] || exit 0

for target in lint check-mutants test test-page test-formats test-man test-completions test-guides example test-packaging \
  test-deb dist; do
  echo "== make $target"
  "${MAKE:-make}" --no-print-directory "$target" || {
    echo "Not in order: make $target has failed, see above."
    exit 1
  }
done
[ -z "$(git status --porcelain)" ] || {
  echo "Not in order: the tests have changed files of the working tree (git status)."
  exit 1
}

for file in .build/wavfft_"$version"_*.deb .build/wavfft-"$version".tar.gz; do
  [ -f "$file" ] || {
    echo "Not in order: $file was not made."
    exit 1
  }
done
cat <<END

Everything is in order for wavfft $version. What is left to do:

1. Compare all outputs with those of the last release: Tests/outputs/same_outputs.py OLD NEW
2. Try both commands on a bare machine, and the figures with your own eyes (docs/install.md).
3. git tag -a v$version -m "wavfft $version" && git push origin main v$version
4. Publish these files with the section of CHANGELOG.md:
$(sha256sum .build/wavfft_"$version"_*.deb .build/wavfft-"$version".tar.gz | sed 's/^/   /')
5. Set the next version in Sources/WavAnalysis/Version.swift, and begin "## Unreleased" in CHANGELOG.md.
END
