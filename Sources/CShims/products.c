/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sums of products for the transform between the bins, in single precision and eight lanes.

   Vectors are written out because compilers do not reorder sums of floating-point numbers. The lanes are
   the same with and without AVX2, and so are the results. */
#include "shims.h"

#include <string.h>

/* No fused products and sums, which arm64 has: the results are the same on every processor. */
#pragma STDC FP_CONTRACT OFF

/* Vectors stay within this file, so that the calling convention for them does not matter. */
#pragma GCC diagnostic ignored "-Wpsabi"

typedef float lanes_t __attribute__((vector_size(32)));

static inline __attribute__((always_inline)) lanes_t load(const float *source) {
  lanes_t lanes;
  memcpy(&lanes, source, sizeof lanes);
  return lanes;
}

static inline __attribute__((always_inline)) void
add_rows(const float *rows, size_t pitch, size_t row_count, const float *real,
         const float *imaginary, size_t count, float *sums) {
  for (size_t row = 0; row < row_count; row++) {
    const float *values = rows + row * pitch;
    lanes_t first = load(sums + 16 * row), second = load(sums + 16 * row + 8);
    for (size_t index = 0; index < count; index += 8) {
      lanes_t value = load(values + index);
      first += value * load(real + index);
      second += value * load(imaginary + index);
    }
    memcpy(sums + 16 * row, &first, sizeof first);
    memcpy(sums + 16 * row + 8, &second, sizeof second);
  }
}

static inline __attribute__((always_inline)) void
add_samples(const float *samples, const float *cosines, const float *sines, size_t count,
            double *sums) {
  lanes_t first = {0}, second = {0}, third = {0}, fourth = {0};
  size_t index = 0;
  for (; index + 16 <= count; index += 16) {
    lanes_t one = load(samples + index), two = load(samples + index + 8);
    first += one * load(cosines + index);
    second += one * load(sines + index);
    third += two * load(cosines + index + 8);
    fourth += two * load(sines + index + 8);
  }
  first += third;
  second += fourth;
  float re = 0, im = 0;
  for (int lane = 0; lane < 8; lane++) {
    re += first[lane];
    im += second[lane];
  }
  for (; index < count; index++) {
    re += samples[index] * cosines[index];
    im += samples[index] * sines[index];
  }
  sums[0] = re;
  sums[1] = im;
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) static void
add_rows_avx2(const float *rows, size_t pitch, size_t row_count, const float *real,
              const float *imaginary, size_t count, float *sums) {
  add_rows(rows, pitch, row_count, real, imaginary, count, sums);
}

__attribute__((target("avx2"))) static void
add_samples_avx2(const float *samples, const float *cosines, const float *sines, size_t count,
                 double *sums) {
  add_samples(samples, cosines, sines, count, sums);
}
#endif

void shim_add_rows(const float *rows, size_t pitch, size_t row_count, const float *real,
                   const float *imaginary, size_t count, float *sums) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) {
    add_rows_avx2(rows, pitch, row_count, real, imaginary, count, sums);
    return;
  }
#endif
  add_rows(rows, pitch, row_count, real, imaginary, count, sums);
}

void shim_add_samples(const float *samples, const float *cosines, const float *sines, size_t count,
                      double *sums) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) {
    add_samples_avx2(samples, cosines, sines, count, sums);
    return;
  }
#endif
  add_samples(samples, cosines, sines, count, sums);
}
