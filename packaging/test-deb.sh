#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
#   packaging/test-deb.sh PACKAGE RELEASE…
#
# Installs the package in a clean root folder of each release of Debian or Ubuntu, runs the program, and removes it:
# nothing may be left. A release that cannot be had is named and skipped; one at least must be tested.
set -euo pipefail
cd "$(dirname "$0")/.."

package=$(realpath "$1")
shift
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
chmod 755 "$folder"
mkdir "$folder/deb"
cp "$package" "$folder/deb/wavfft.deb"
cp packaging/test-installed.sh fixtures/two-channels.wav fixtures/noise-24bit.flac "$folder/deb"

# Debian has the keys of Ubuntu's archive in a package since Debian 13.
keys=/usr/share/keyrings/ubuntu-archive-keyring.gpg
ubuntu_keys() {
  if [ -f $keys ]; then
    echo $keys
    return
  fi
  [ -f "$folder/ubuntu-archive-keyring.gpg" ] || mmdebstrap --quiet --variant=extract --include=ubuntu-keyring \
    --extract-hook="cp -L \"\$1\"$keys $folder" trixie /dev/null >/dev/null 2>&1 || true
  echo "$folder/ubuntu-archive-keyring.gpg"
}

passed=0 failed=0 skipped=0
for release; do
  case $release in
    bookworm | trixie | forky | sid) options=() ;;
    *) options=(--components=main,universe --keyring="$(ubuntu_keys)") ;;
  esac
  seconds=$SECONDS
  # The root folder is thrown away; the script says first that it has been made.
  if mmdebstrap --quiet --variant=apt "${options[@]}" --customize-hook="copy-in $folder/deb /" \
    --customize-hook='chroot "$1" sh /deb/test-installed.sh' "$release" /dev/null >"$folder/log" 2>&1; then
    echo "$release: passed, $((SECONDS - seconds)) s"
    passed=$((passed + 1))
  elif ! grep -q '^The root folder is made' "$folder/log"; then
    echo "$release: skipped, no root folder of it could be made ($(grep -m 1 -E '^E: ' "$folder/log" || tail -n 1 "$folder/log"))"
    skipped=$((skipped + 1))
  else
    cat "$folder/log"
    echo "$release: failed, see above"
    failed=$((failed + 1))
  fi
done
echo "$passed passed, $failed failed, $skipped skipped"
[ $passed -gt 0 ] && [ $failed = 0 ]
