# SPDX-License-Identifier: GPL-2.0-or-later
#
#   make demo      set up, build, and analyse fixtures/bach.wav into spectrum.svg
#   make test      set up and run the whole test suite, with an optimised program
#   make           build the release program, its completions and manual pages
#   make install   install what `make` has built (PREFIX=/usr/local, DESTDIR=)
#   make uninstall take away what `make install` has installed
#   make deb       a Debian package, in .build
#   make test-deb  install, run and remove it in clean folders of Debian and Ubuntu (RELEASES=; installs mmdebstrap)
#   make test-arm  run the C parts for arm64 under qemu, and compare (installs a cross compiler)
#   make test-arm-program  build the whole program for arm64 with the Swift of Debian unstable, and run it and its maths under
#                  qemu (as root; half an hour; loads 1.3 GB and installs mmdebstrap and qemu)
#   make test-packaging  try the scripts of set-up, installation and release
#   make dist      an archive of the sources, in .build
#   make release   check that everything is in order for a release, and say what to do next
#   make lint      check the formatting of the sources, and what documents and sentences name
#   make fixtures  make the synthetic fixtures and references again (needs NumPy and soundfile)
#   make test-page  run pages in Chromium: every control, hostile names, exports (installs Chromium and NumPy)
#   make test-guides  run the commands of README.md and the guides (installs ffmpeg, sox, SciPy, pandas and xarray)
#   make test-formats  hold real outputs against docs/schemas, and run docs/formats.md (installs jsonschema, pandas, xarray, jq)
#   make man       the manual pages, in .build/man
#   make completions  the completions of bash, zsh and fish, in .build/completions
#   make test-man  check the manual pages and run their examples (installs mandoc and groff)
#   make test-completions  type in the shells, and look what they offer (installs bash, zsh and fish)
#   make test-clusters  run batches under GNU parallel and Slurm, where these are installed
#   make bench     compare the speed with other programs (needs NumPy and SciPy; see benchmarks/)
#   make soak      kill workers, coordinators and files at random, and count failures (minutes)
#   make fuzz      try 20,000 damaged files (COUNT=)
#   make mutants   put deliberate faults into a copy, one by one, and report those that the tests do not notice
#   make sanitize  run the tests under AddressSanitizer, and a small run under valgrind
#   make docs      the documentation of the library, in .build/docs
#   make gallery   draw docs/gallery.md again (needs NumPy, chromium and espeak-ng)
#   make example   build and run the example that uses the library
#   make clean     remove what was built
#
# Set-up installs the missing Debian packages, and Swift, as root or with sudo, and nothing if all are there; SETUP=no
# leaves it out.

# No defaults of the user who runs them change what these targets do.
export WAVFFT_CONFIG =

PREFIX ?= /usr/local
# Asked when it is used, since `make setup` may install it.
SWIFT ?= $(shell packaging/find-swift.sh)
PACKAGES = libfftw3-dev libsndfile1-dev libpng-dev libcairo2 pkg-config python3
PROGRAM = .build/release/wavfft
VERSION = $(shell sed -n 's/.*programVersion = "\(.*\)"/\1/p' Sources/WavAnalysis/Version.swift)
# The installed program has the Swift runtime inside, resolves symbols before it starts, searches no folder of its own for
# libraries, and names no folder of the machine that has built it.
RELEASE = -c release --static-swift-stdlib --disable-local-rpath -Xlinker -z -Xlinker now \
  -Xswiftc -file-prefix-map -Xswiftc $(CURDIR)=. -Xcc -ffile-prefix-map=$(CURDIR)=.
# All dates in packages: of the last commit, or in an archive of the sources of its files.
SOURCE_DATE_EPOCH ?= $(shell git log -1 --format=%ct 2>/dev/null || stat -c %Y Makefile)
RELEASES ?= bookworm trixie noble
PYTHON ?= python3
# Debian's own Python has Debian's packages.
PAGE_PACKAGES = chromium python3 python3-numpy python3-pil
PAGE_PYTHON ?= /usr/bin/python3
GUIDE_PACKAGES = python3 python3-numpy python3-scipy python3-pandas python3-xarray python3-soundfile ffmpeg sox
FORMAT_PACKAGES = python3 python3-jsonschema python3-numpy python3-pandas python3-xarray jq xxhash
# With the optimisation of the installed program, and the same traps on overflow and broken preconditions. In
# a separate folder, because tests need access to the inside of modules, which the installed build does not give.
TEST_OPTIONS = --disable-xctest -c release --scratch-path .build/tests
TEST = $(SWIFT) test $(TEST_OPTIONS)

all: build completions man

setup:
	@packaging/setup.sh --swift $(PACKAGES)

build: setup
	$(SWIFT) build $(RELEASE) --product wavfft

demo: build
	$(PROGRAM) fixtures/bach.wav --parts 8 --out spectrum.svg
	@echo
	@echo "The figure is in spectrum.svg."

test: setup
	$(TEST)

# Only builds the tests.
build-tests: setup
	$(SWIFT) test list $(TEST_OPTIONS) > .build/tests.txt

lint: setup
	$(SWIFT) format lint --strict --recursive --parallel Package.swift Sources Tests Examples
	$(PYTHON) Tests/documents/check_paths.py
	$(PYTHON) Tests/documents/check_options.py

docs: setup
	WAVFFT_DOCS=1 $(SWIFT) package --scratch-path .build/docc --allow-writing-to-directory .build/docs \
	  generate-documentation --target WavFFT --output-path .build/docs --transform-for-static-hosting
	@echo "The pages are in .build/docs."

gallery: build
	$(PYTHON) docs/make_gallery.py

example: setup
	$(SWIFT) run --package-path Examples strongest-notes fixtures/bach.wav fixtures/sine-on-bin.wav

# What is built is installed as it is: root has no need of Swift.
install:
	@[ -x $(PROGRAM) ] && [ -d .build/completions ] && [ -d .build/man ] || $(MAKE) --no-print-directory all
	DESTDIR="$(DESTDIR)" PREFIX="$(PREFIX)" packaging/install.sh $(PROGRAM) .build

uninstall:
	DESTDIR="$(DESTDIR)" PREFIX="$(PREFIX)" packaging/install.sh --uninstall

deb: all
	@packaging/setup.sh dpkg-dev xz-utils
	@SOURCE_DATE_EPOCH=$(SOURCE_DATE_EPOCH) packaging/deb.sh $(PROGRAM) .build $(VERSION)

dist:
	$(SWIFT) package resolve
	@packaging/dist.sh $(VERSION)

release:
	@MAKE=$(MAKE) packaging/release.sh $(VERSION)

test-packaging: all
	WAVFFT=$(abspath $(PROGRAM)) $(PYTHON) -m unittest discover -s Tests/packaging

test-arm: setup
	@packaging/setup.sh gcc libc6-dev gcc-aarch64-linux-gnu libc6-dev-arm64-cross qemu-user-static
	Tests/arm64/check.sh $(SWIFT)

test-arm-program: build dist
	@packaging/setup.sh mmdebstrap qemu-user-static python3-numpy
	Tests/arm64/program.sh $(PROGRAM) .build/wavfft-$(VERSION).tar.gz

test-deb: deb
	@packaging/setup.sh mmdebstrap
	packaging/test-deb.sh .build/wavfft_$(VERSION)_$(shell dpkg --print-architecture).deb $(RELEASES)

fixtures:
	$(PYTHON) fixtures/make_fixtures.py

test-page: build
	@packaging/setup.sh $(PAGE_PACKAGES)
	$(PAGE_PYTHON) Tests/page/check_scripts.py
	WAVFFT=$(abspath $(PROGRAM)) $(PAGE_PYTHON) -m unittest discover -s Tests/page

test-guides: build
	@packaging/setup.sh $(GUIDE_PACKAGES)
	$(SWIFT) build --package-path Examples
	$(PAGE_PYTHON) Tests/documents/run_commands.py --program $(PROGRAM)

test-formats: build
	@packaging/setup.sh $(FORMAT_PACKAGES)
	WAVFFT=$(abspath $(PROGRAM)) $(PAGE_PYTHON) -m unittest discover -s Tests/formats

man: build
	$(PYTHON) docs/man/make_man.py $(PROGRAM) .build/man

completions: build
	mkdir -p .build/completions
	$(PROGRAM) --generate-completion-script bash > .build/completions/wavfft.bash
	$(PROGRAM) --generate-completion-script zsh > .build/completions/_wavfft
	$(PROGRAM) --generate-completion-script fish > .build/completions/wavfft.fish

test-man: build
	@packaging/setup.sh python3 mandoc groff
	WAVFFT=$(abspath $(PROGRAM)) $(PAGE_PYTHON) -m unittest discover -s Tests/manual -p test_man.py

test-completions: build
	@packaging/setup.sh python3 bash zsh fish
	WAVFFT=$(abspath $(PROGRAM)) $(PAGE_PYTHON) -m unittest discover -s Tests/manual -p test_completions.py

test-clusters: build
	Tests/clusters/check.sh $(PROGRAM)

bench: build
	$(PYTHON) benchmarks/speed.py
	$(PYTHON) benchmarks/batch.py

soak: build
	$(PYTHON) benchmarks/soak.py

COUNT ?= 20000
fuzz: setup
	WAVFFT_FUZZ_FILES=$(COUNT) $(TEST) --filter HostileFileTests

mutants: setup
	$(PYTHON) Tests/mutants/mutants.py

check-mutants:
	$(PYTHON) Tests/mutants/mutants.py --check

# Leaks are not checked: the program returns its memory when it ends. valgrind cannot read Swift's debugging
# information, so it runs a stripped program.
sanitize: build
	ASAN_OPTIONS=detect_leaks=0 $(SWIFT) test --disable-xctest --sanitize=address \
	  --scratch-path .build/sanitize --skip AccuracyTests --skip LimitTests --skip HostileFileTests
	strip -o .build/stripped-wavfft $(PROGRAM)
	for options in "two-channels.wav --parts 3" "bach.wav --duration 3.1 --points all" \
	  "noise-24bit.flac"; do \
	  valgrind --quiet --error-exitcode=99 --trace-children=yes --child-silent-after-fork=no \
	    .build/stripped-wavfft fixtures/$$options --report none --out .build/valgrind.csv || exit 1; \
	done

clean:
	$(SWIFT) package clean
	rm -rf .build/tests .build/sanitize .build/mutants .build/docc .build/docs Examples/.build

.PHONY: all setup build build-tests demo docs gallery man completions example test test-clusters test-formats \
  test-guides test-page test-man test-completions test-packaging test-deb test-arm test-arm-program lint check-mutants install uninstall deb dist \
  release fixtures bench soak fuzz mutants sanitize clean
