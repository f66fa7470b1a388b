/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <fftw3.h>

/* The version string is an array of unknown size, which Swift does not import. */
static inline const char *shim_fftw_version(void) { return fftw_version; }
