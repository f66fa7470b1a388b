/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Magnitudes in 16 bits: see MagnitudeCode, which has the same arithmetic for single numbers.

   Vectors are written out because Swift's do not become the packing instructions of the processor: measured
   0.6 s less for 121 million magnitudes that are rounded once and read once. */
#include "shims.h"

#include <string.h>

/* Vectors stay within this file, so that the calling convention for them does not matter. */
#pragma GCC diagnostic ignored "-Wpsabi"

enum { DROPPED_BITS = 13 };

typedef float numbers_t __attribute__((vector_size(32)));
typedef double wide_t __attribute__((vector_size(64)));
typedef int32_t words_t __attribute__((vector_size(32)));
typedef uint16_t codes_t __attribute__((vector_size(16)));

/* Stores those of eight codes that lie within `count` codes. */
static inline __attribute__((always_inline)) void
put(codes_t some, uint16_t *codes, ptrdiff_t count, ptrdiff_t place) {
  if (place >= 0 && place + 8 <= count) {
    memcpy(codes + place, &some, sizeof some);
  } else if (place + 8 > 0 && place < count) {
    for (int lane = 0; lane < 8; lane++)
      if (place + lane >= 0 && place + lane < count) codes[place + lane] = some[lane];
  }
}

static inline __attribute__((always_inline)) void
round_rows(const float *magnitudes, size_t elements, int32_t base, uint16_t *codes, ptrdiff_t count,
           ptrdiff_t direct, ptrdiff_t mirrored, ptrdiff_t step) {
  for (size_t index = 0; index < elements; index++) {
    words_t words;
    memcpy(&words, magnitudes + 8 * index, sizeof words);
    words = (words - base + (1 << (DROPPED_BITS - 1))) >> DROPPED_BITS;
    words = __builtin_elementwise_max(words, (words_t){0});
    words = __builtin_elementwise_min(words, (words_t){0} + 0xffff);
    codes_t some = __builtin_convertvector(words, codes_t);
    put(some, codes, count, direct);
    put(__builtin_shufflevector(some, some, 7, 6, 5, 4, 3, 2, 1, 0), codes, count, mirrored);
    direct += step;
    mirrored -= step;
  }
}

static inline __attribute__((always_inline)) void
expand(const uint16_t *codes, size_t count, int32_t base, double *magnitudes) {
  size_t index = 0;
  for (; index + 8 <= count; index += 8) {
    codes_t some;
    memcpy(&some, codes + index, sizeof some);
    words_t words = __builtin_convertvector(some, words_t);
    words = ((words << DROPPED_BITS) + base) & (words != 0);
    wide_t wide = __builtin_convertvector((numbers_t)words, wide_t);
    memcpy(magnitudes + index, &wide, sizeof wide);
  }
  for (; index < count; index++) {
    int32_t word = codes[index] == 0 ? 0 : ((int32_t)codes[index] << DROPPED_BITS) + base;
    float number;
    memcpy(&number, &word, sizeof number);
    magnitudes[index] = number;
  }
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) static void
round_rows_avx2(const float *magnitudes, size_t elements, int32_t base, uint16_t *codes,
                ptrdiff_t count, ptrdiff_t direct, ptrdiff_t mirrored, ptrdiff_t step) {
  round_rows(magnitudes, elements, base, codes, count, direct, mirrored, step);
}

__attribute__((target("avx2"))) static void
expand_avx2(const uint16_t *codes, size_t count, int32_t base, double *magnitudes) {
  expand(codes, count, base, magnitudes);
}
#endif

void shim_round_rows(const float *magnitudes, size_t elements, int32_t base, uint16_t *codes,
                     ptrdiff_t count, ptrdiff_t direct, ptrdiff_t mirrored, ptrdiff_t step) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2"))
    return round_rows_avx2(magnitudes, elements, base, codes, count, direct, mirrored, step);
#endif
  round_rows(magnitudes, elements, base, codes, count, direct, mirrored, step);
}

void shim_expand_codes(const uint16_t *codes, size_t count, int32_t base, double *magnitudes) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) return expand_avx2(codes, count, base, magnitudes);
#endif
  expand(codes, count, base, magnitudes);
}
