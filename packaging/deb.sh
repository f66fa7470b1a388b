#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
#   packaging/deb.sh PROGRAM GENERATED VERSION
#
# Makes .build/wavfft_VERSION_ARCHITECTURE.deb of what packaging/install.sh installs. Everything in it has the date
# SOURCE_DATE_EPOCH and belongs to root, so the same program makes the same package. DEBFULLNAME and DEBEMAIL name the
# maintainer, as in Debian's other tools.
set -eu
umask 022
export LC_ALL=C

program=$1
generated=$2
version=$3
here=$(cd "$(dirname "$0")" && pwd)
architecture=$(dpkg --print-architecture)
maintainer="${DEBFULLNAME:-wavfft maintainers} <${DEBEMAIL:-wavfft@localhost.localdomain}>"
build=$here/../.build
folder=$build/deb
root=$folder/root
package=$build/wavfft_${version}_$architecture.deb
date=$(date -u -R -d "@$SOURCE_DATE_EPOCH")

rm -rf "$folder"
mkdir -p "$root" "$folder/debian"
DESTDIR=$root PREFIX=/usr ZSH_FOLDER=share/zsh/vendor-completions "$here/install.sh" "$program" "$generated"

documents=$root/usr/share/doc/wavfft
rm "$documents/installed-files" "$documents/LICENSE"
cp "$here/debian/copyright" "$documents/copyright"
mkdir -p "$root/usr/share/lintian/overrides"
cp "$here/debian/lintian-overrides" "$root/usr/share/lintian/overrides/wavfft"
gzip -9n <<END >"$documents/changelog.gz"
wavfft ($version) unstable; urgency=medium

  * See CHANGELOG.md in this folder.

 -- $maintainer  $date
END
[ ! -d "$root/usr/share/man" ] || find "$root/usr/share/man" -type f -exec gzip -9n {} +
# A file that shells read is no program.
sed -i '1{/^#!/d}' "$root/usr/share/bash-completion/completions/wavfft"
program=$root/usr/bin/wavfft
strip --strip-unneeded --remove-section=.comment --remove-section=.note "$program"
# Swift's hashes of modules, which only its compiler reads, depend on the names of folders, and so does the identity of
# the build: the hashes become zeros, the identity a sum of what is left.
objcopy -O binary --only-section=.swift_modhash "$program" "$folder/hashes"
head -c "$(wc -c <"$folder/hashes")" /dev/zero >"$folder/zeros"
objcopy -O binary --only-section=.note.gnu.build-id "$program" "$folder/identity"
{ head -c 16 "$folder/identity" && head -c 20 /dev/zero; } >"$folder/no-identity"
objcopy --update-section .swift_modhash="$folder/zeros" \
  --update-section .note.gnu.build-id="$folder/no-identity" "$program"
{ head -c 16 "$folder/identity" && sha1sum "$program" | perl -ne 'print pack "H40", $_'; } >"$folder/new-identity"
objcopy --update-section .note.gnu.build-id="$folder/new-identity" "$program"

# What the program is linked with; what it loads by name is in Recommends.
mkdir "$root/DEBIAN"
printf 'Source: wavfft\n\nPackage: wavfft\nArchitecture: any\n' >"$folder/debian/control"
libraries=$(cd "$folder" && dpkg-shlibdeps -O root/usr/bin/wavfft | sed -n 's/^shlibs:Depends=//p')

# As dpkg-gencontrol counts it: files in whole KiB, and 1 for every folder.
size=$(find "$root/usr" -type f -printf '%s\n' | awk '{ sum += int(($1 + 1023) / 1024) } END { print sum }')
size=$((size + $(find "$root/usr" ! -type f | wc -l)))

(cd "$root" && find usr -type f -print0 | sort -z | xargs -0 md5sum) >"$root/DEBIAN/md5sums"
sed -e "s/@VERSION@/$version/" -e "s/@ARCHITECTURE@/$architecture/" -e "s/@MAINTAINER@/$maintainer/" \
  -e "s/@DEPENDS@/$libraries/" -e "s/@SIZE@/$size/" "$here/debian/control.in" >"$root/DEBIAN/control"
find "$root" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
dpkg-deb --root-owner-group -Zxz --build "$root" "$package" >/dev/null
echo "$package"
