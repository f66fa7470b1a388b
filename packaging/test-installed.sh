#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What packaging/test-deb.sh runs as root in a clean root folder, with the package and recordings in /deb.
set -eu
export DEBIAN_FRONTEND=noninteractive
echo "The root folder is made."

fail() {
  echo "FAILED: $1"
  exit 1
}

# Every file but what the system and apt write for themselves.
files() {
  find / -xdev \( -path /proc -o -path /sys -o -path /dev -o -path /run -o -path /tmp -o -path /deb \
    -o -path /var/lib -o -path /var/cache -o -path /var/log -o -path /etc/ld.so.cache \) -prune -o -print | sort
}

files >/tmp/before
apt-get install -y -qq --no-install-recommends /deb/wavfft.deb >/tmp/apt.log 2>&1 || {
  cat /tmp/apt.log
  fail "the package cannot be installed"
}
[ "$(dpkg-query -W -f='${db:Status-Status}' wavfft)" = installed ] || fail "dpkg does not call it installed"
[ -z "$(dpkg --verify wavfft)" ] || fail "files differ from their sums: $(dpkg --verify wavfft)"
! ldd /usr/bin/wavfft | grep 'not found' || fail "a library is missing"

mkdir /tmp/work
cd /tmp/work
cp /deb/*.wav /deb/*.flac .
wavfft --version | grep -qx "wavfft $(dpkg-query -W -f='${Version}' wavfft)" || fail "the versions differ: $(wavfft --version)"

wavfft two-channels.wav --out a.svg --out a.csv --out a.html --out a.json >report.txt
grep -q ' A4 ' report.txt || fail "the report does not name the tone of 440 Hz"
grep -q '</svg>' a.svg || fail "the figure is not complete"
grep -q '</html>' a.html || fail "the page is not complete"
[ "$(wc -l <a.csv)" -gt 100 ] || fail "the table has hardly any rows"
wavfft noise-24bit.flac --report json --out flac.csv | grep -q '"FLAC' || fail "FLAC cannot be read"

# Without the recommended packages PNG is refused in one sentence that names the library.
if wavfft two-channels.wav --report none --out a.png 2>message.txt; then fail "PNG was drawn without cairo"; fi
grep -q libcairo2 message.txt || fail "the refusal of PNG does not name libcairo2: $(cat message.txt)"
apt-get install -y -qq --no-install-recommends libcairo2 >/tmp/apt.log 2>&1 || fail "libcairo2 cannot be installed"
wavfft two-channels.wav --report none --out a.png --out a.pdf
[ "$(dd if=a.png bs=1 skip=1 count=3 2>/dev/null)" = PNG ] || fail "the PNG is none"
[ "$(dd if=a.pdf bs=1 count=5 2>/dev/null)" = %PDF- ] || fail "the PDF is none"

mkdir recordings
mv two-channels.wav noise-24bit.flac recordings
wavfft batch recordings --out-dir spectra --format csv,svg >batch.txt || fail "a batch failed: $(cat batch.txt)"
[ "$(find spectra -name '*.svg' | wc -l)" = 2 ] || fail "the batch has not drawn two figures: $(find spectra)"

# Completions and manual pages are where the shells and man look for them.
for file in /usr/share/bash-completion/completions/wavfft /usr/share/zsh/vendor-completions/_wavfft \
  /usr/share/fish/vendor_completions.d/wavfft.fish /usr/share/man/man1/wavfft.1.gz; do
  [ -s "$file" ] || [ "$(dpkg-query -L wavfft | grep -c -x "$file")" = 0 ] || fail "$file is empty"
done
bash -c '. /usr/share/bash-completion/completions/wavfft && complete -p wavfft' >/dev/null || fail "bash knows no completion"

cd /
apt-get purge -y -qq --autoremove wavfft libcairo2 >/tmp/apt.log 2>&1 || fail "the package cannot be removed"
! dpkg-query -W wavfft >/dev/null 2>&1 || fail "dpkg still knows the package"
files >/tmp/after
left=$(comm -13 /tmp/before /tmp/after)
[ -z "$left" ] || fail "these files are left: $left"
echo "Installed, run and removed."
