#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
#   packaging/find-swift.sh                            prints the `swift` to use, or fails
#   packaging/find-swift.sh --is-new-enough VERSION    is this version enough?
#
# The `swift` to use is $SWIFT if that is set, else the first that is new enough: the one in PATH, or that of swiftly,
# which only new shells have in their PATH.
set -u
least=6.2

is_new_enough() {
  [ -n "$1" ] && [ "$(printf '%s\n' "$least" "$1" | sort -V | head -n 1)" = "$least" ]
}

if [ "${1:-}" = --is-new-enough ]; then
  is_new_enough "${2:-}"
  exit
fi

swiftly=${SWIFTLY_BIN_DIR:-${SWIFTLY_HOME_DIR:-${HOME:-}/.local/share/swiftly}/bin}/swift
[ -z "${SWIFT:-}" ] || set -- "$SWIFT"
[ -n "${SWIFT:-}" ] || set -- swift "$swiftly"
for program; do
  version=$("$program" --version 2>/dev/null | sed -n 's/.*Swift version \([0-9.]*\).*/\1/p' | head -n 1)
  if is_new_enough "$version"; then
    command -v "$program"
    exit
  fi
done
exit 1
