#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
#   packaging/install.sh PROGRAM GENERATED     copies what is installed below $DESTDIR$PREFIX
#   packaging/install.sh --uninstall           takes it away again, also what an older version has installed
#
# PROGRAM is the built program, GENERATED the folder with its manual pages (man) and completions (completions). What
# was installed is listed in share/doc/wavfft/installed-files: "f" is a file, "d" a folder that was not there before.
set -eu
umask 022

root=${DESTDIR:-}
prefix=${PREFIX:-/usr/local}
prefix=${prefix#/}
documents=$prefix/share/doc/wavfft
list=$root/$documents/installed-files
source=$(dirname "$0")/..

# Folders from the outside in, so that each is known to be new before the one inside it is made.
make_folder() {
  case $1 in */*) make_folder "${1%/*}" ;; esac
  if [ ! -d "$root/$1" ]; then
    mkdir "$root/$1"
    echo "d $1" >>"$new"
  fi
}

put() {
  make_folder "${3%/*}"
  install -m "$1" "$2" "$root/$3"
  echo "f $3" >>"$new"
}

put_all() {
  folder=$1
  shift
  for file; do [ ! -f "$file" ] || put 644 "$file" "$folder/${file##*/}"; done
}

uninstall() {
  [ -f "$list" ] || return 0
  known=$(mktemp)
  cp "$list" "$known"
  sed -n 's/^f //p' "$known" | while read -r file; do rm -f "$root/$file"; done
  rm -f "$list"
  # The innermost first. A folder stays if somebody else has put something into it.
  sed -n 's/^d //p' "$known" | sort -r | while read -r folder; do rmdir "$root/$folder" 2>/dev/null || true; done
  rm -f "$known"
}

if [ "$1" = --uninstall ]; then
  [ -f "$list" ] || echo "Nothing to uninstall: there is no $list."
  uninstall
  exit 0
fi

program=$1
generated=$2
for made in "$program" "$generated/man" "$generated/completions"; do
  [ -e "$made" ] || { echo "$made is not there: run \`make\` first." >&2; exit 1; }
done
uninstall
new=$(mktemp)
trap 'rm -f "$new"' EXIT
[ -z "$root" ] || mkdir -p "$root"

put 755 "$program" "$prefix/bin/wavfft"
for page in "$generated"/man/*.[1-8]; do put_all "$prefix/share/man/man${page##*.}" "$page"; done
[ ! -f "$generated/completions/wavfft.bash" ] \
  || put 644 "$generated/completions/wavfft.bash" "$prefix/share/bash-completion/completions/wavfft"
put_all "$prefix/${ZSH_FOLDER:-share/zsh/site-functions}" "$generated/completions/_wavfft"
put_all "$prefix/share/fish/vendor_completions.d" "$generated/completions/wavfft.fish"
put_all "$documents" "$source/README.md" "$source/README.es.md" "$source/CHANGELOG.md" "$source/LICENSE" \
  "$source/CONTRIBUTING.md"
put_all "$documents/docs" "$source"/docs/*.md
put_all "$documents/docs/guides" "$source"/docs/guides/*.md
put_all "$documents/docs/schemas" "$source"/docs/schemas/*.json
for images in docs/images docs/images/guides docs/images/gallery; do
  put_all "$documents/$images" "$source/$images"/*.svg "$source/$images"/*.png
done
put_all "$documents/examples" "$source/fixtures/two-channels.wav" "$source/fixtures/noise-24bit.flac"

echo "f $documents/installed-files" >>"$new"
cat "$new" >"$list"
chmod 644 "$list"
