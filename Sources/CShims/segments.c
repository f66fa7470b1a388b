/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Windows and powers of segments, two at a time, in single and in double precision.

   The operations are those of one lane after the other, with and without AVX2, and so are the results: products
   and sums are not fused. */
#include "shims.h"

#pragma STDC FP_CONTRACT OFF

#define REAL float
#define SUFFIX _f
#include "segments.h"
#undef REAL
#undef SUFFIX

#define REAL double
#define SUFFIX _d
#include "segments.h"
