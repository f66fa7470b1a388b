#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
#   packaging/setup.sh [--swift] PACKAGE…
#
# Installs those of the Debian or Ubuntu packages that are missing, as root or with sudo, and nothing if all are
# there. "a|b" is the first of a and b that the release offers, and "a?" is left out where it does not offer a. With
# --swift also Swift, if it is missing or too old, and the packages that Swift itself needs.
set -eu

here=$(dirname "$0")
swiftly_home=${SWIFTLY_HOME_DIR:-${HOME:-}/.local/share/swiftly}
swiftly_address=${SWIFTLY_ADDRESS:-https://download.swift.org/swiftly/linux/swiftly-$(uname -m).tar.gz}
# What swift build and swift test load, and the C library, libstdc++ and linker that they link with. The rest of the list
# of swift.org, such as libedit and libpython for lldb, is not needed for them. Since Debian 13 the linker ld.gold has a
# package of its own.
swift_packages="binutils binutils-gold? g++ git ca-certificates libcurl4t64|libcurl4 libncurses6 libsqlite3-0
  libxml2-16|libxml2 zlib1g"
# An archive of the sources has the Swift packages in it, which are loaded with git elsewhere.
[ ! -d "$here/../dependencies" ] || swift_packages=$(echo "$swift_packages" | sed 's/git ca-certificates//')

fail() {
  echo "$1" >&2
  exit 1
}

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

is_installed() {
  dpkg-query -W -f='${Status}' "$1" 2>/dev/null | grep -q 'install ok installed'
}

is_offered() {
  LC_ALL=C apt-cache policy "$1" 2>/dev/null | grep -q 'Candidate: [^(]'
}

# What is missing of alternatives: nothing, or one name. If apt offers none, the last: apt then says what is wrong.
missing_of() {
  names=$(echo "${1%\?}" | tr '|' ' ')
  for name in $names; do is_installed "$name" && return; done
  for name in $names; do is_offered "$name" && echo "$name" && return; done
  [ "${1%\?}" != "$1" ] || echo "$name"
}

missing() {
  for alternatives; do missing_of "$alternatives"; done | tr '\n' ' '
}

update_once() {
  [ -z "${is_updated:-}" ] || return 0
  [ "$(id -u)" = 0 ] || command -v sudo >/dev/null \
    || fail "apt-get needs root to install: run \`make setup\` as root, or install sudo. Missing: $1"
  as_root apt-get update -qq || fail "apt-get update failed, see above. Missing: $1"
  is_updated=yes
}

install_missing() {
  [ -n "$(missing "$@")" ] || return 0
  update_once "$(missing "$@")"
  packages=$(missing "$@")
  echo "Installing: $packages"
  # shellcheck disable=SC2086
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $packages >/dev/null \
    || fail "apt-get could not install these packages, see above: $packages"
}

install_swift() {
  [ -z "${SWIFT:-}" ] || fail "SWIFT=$SWIFT is not Swift 6.2 or later: name another one, or leave SWIFT out"
  update_once "Swift 6.2 or later"
  offered=$(apt-cache policy swiftlang 2>/dev/null | sed -n 's/.*Candidate: \([0-9.]*\).*/\1/p')
  if "$here/find-swift.sh" --is-new-enough "$offered"; then
    echo "Swift 6.2 or later is missing: installing Swift $offered of this distribution (swiftlang)."
    install_missing swiftlang swiftlang-dev
    return
  fi
  echo "Swift 6.2 or later is missing: installing the latest one with swiftly, the installer of swift.org, into" \
    "$swiftly_home (about 1 GB to load)."
  install_missing curl gnupg
  folder=$(mktemp -d)
  trap 'rm -rf "$folder"' EXIT
  curl -fsSL -o "$folder/swiftly.tar.gz" "$swiftly_address" \
    || fail "$swiftly_address cannot be loaded: install Swift yourself, see https://www.swift.org/install/linux"
  tar -xzf "$folder/swiftly.tar.gz" -C "$folder"
  "$folder/swiftly" init --assume-yes --skip-install --quiet-shell-followup
  . "$swiftly_home/env.sh"
  # What the new Swift needs is installed already; swiftly would print commands for it, as it cannot be root.
  swiftly install --use --assume-yes --post-install-file="$folder/commands.sh" latest
}

[ "${SETUP:-}" != no ] || exit 0

with_swift=
if [ "${1:-}" = --swift ]; then
  with_swift=yes
  shift
fi

if ! command -v apt-get >/dev/null; then
  [ -z "$with_swift" ] || "$here/find-swift.sh" >/dev/null \
    || fail "Swift 6.2 or later is needed: see https://www.swift.org/install/linux"
  echo "There is no apt-get here: what these Debian packages hold must be installed already: $*"
  exit 0
fi

# shellcheck disable=SC2086
install_missing "$@" ${with_swift:+$swift_packages}
if [ -n "$with_swift" ] && ! "$here/find-swift.sh" >/dev/null; then
  install_swift
  "$here/find-swift.sh" >/dev/null || fail "Swift 6.2 or later is still missing: see https://www.swift.org/install/linux"
fi
