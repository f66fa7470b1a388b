/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernels of segments for one scalar type: `REAL`, with names that end in `SUFFIX`. No include guard: it is
   included once for each type. */

#define PASTED(name, suffix) name##suffix
#define NAMED(name, suffix) PASTED(name, suffix)
#define KERNEL(name) NAMED(name, SUFFIX)

static inline __attribute__((always_inline)) double
KERNEL(sum)(const REAL *samples, size_t count) {
  /* Eight sums, since compilers do not reorder sums of floating-point numbers. */
  double sums[8] = {0};
  size_t index = 0;
  for (; index + 8 <= count; index += 8)
    for (int lane = 0; lane < 8; lane++) sums[lane] += samples[index + lane];
  double total = 0;
  for (int lane = 0; lane < 8; lane++) total += sums[lane];
  for (; index < count; index++) total += samples[index];
  return total;
}

static inline __attribute__((always_inline)) void
KERNEL(window_pair)(const REAL *restrict first, const REAL *restrict second, REAL first_mean,
                    REAL second_mean, const REAL *restrict window, size_t count, REAL *restrict pair) {
  for (size_t index = 0; index < count; index++) {
    pair[2 * index] = (first[index] - first_mean) * window[index];
    pair[2 * index + 1] = (second[index] - second_mean) * window[index];
  }
}

static inline __attribute__((always_inline)) void
KERNEL(add_powers)(const REAL *restrict spectrum, size_t count, double *restrict sums) {
  for (size_t index = 0; index < count; index++) {
    REAL re = spectrum[2 * index], im = spectrum[2 * index + 1];
    sums[index] += re * re + im * im;
  }
}

static inline __attribute__((always_inline)) void
KERNEL(split_powers)(const REAL *restrict spectrum, size_t count, size_t bins, REAL *restrict first,
                     REAL *restrict second) {
  /* Bin 0 is its own mirror image. */
  first[0] = spectrum[0] * spectrum[0];
  second[0] = spectrum[1] * spectrum[1];
  for (size_t bin = 1; bin < bins; bin++) {
    REAL re = spectrum[2 * bin], im = spectrum[2 * bin + 1];
    REAL mirror_re = spectrum[2 * (count - bin)], mirror_im = spectrum[2 * (count - bin) + 1];
    REAL a = (re + mirror_re) / 2, b = (im - mirror_im) / 2;
    REAL c = (im + mirror_im) / 2, d = (re - mirror_re) / 2;
    first[bin] = a * a + b * b;
    second[bin] = c * c + d * d;
  }
}

#if defined(__x86_64__)
#define WIDE __attribute__((target("avx2")))
#define CALL(name, ...) \
  do { \
    if (__builtin_cpu_supports("avx2")) return KERNEL(name##_wide)(__VA_ARGS__); \
    return KERNEL(name)(__VA_ARGS__); \
  } while (0)

WIDE static double KERNEL(sum_wide)(const REAL *samples, size_t count) {
  return KERNEL(sum)(samples, count);
}

WIDE static void KERNEL(window_pair_wide)(const REAL *first, const REAL *second, REAL first_mean,
                                          REAL second_mean, const REAL *window, size_t count,
                                          REAL *pair) {
  KERNEL(window_pair)(first, second, first_mean, second_mean, window, count, pair);
}

WIDE static void KERNEL(add_powers_wide)(const REAL *spectrum, size_t count, double *sums) {
  KERNEL(add_powers)(spectrum, count, sums);
}

WIDE static void KERNEL(split_powers_wide)(const REAL *spectrum, size_t count, size_t bins,
                                           REAL *first, REAL *second) {
  KERNEL(split_powers)(spectrum, count, bins, first, second);
}
#else
#define CALL(name, ...) return KERNEL(name)(__VA_ARGS__)
#endif

double KERNEL(shim_sum)(const REAL *samples, size_t count) { CALL(sum, samples, count); }

void KERNEL(shim_window_pair)(const REAL *first, const REAL *second, REAL first_mean,
                              REAL second_mean, const REAL *window, size_t count, REAL *pair) {
  CALL(window_pair, first, second, first_mean, second_mean, window, count, pair);
}

void KERNEL(shim_add_powers)(const REAL *spectrum, size_t count, double *sums) {
  CALL(add_powers, spectrum, count, sums);
}

void KERNEL(shim_split_powers)(const REAL *spectrum, size_t count, size_t bins, REAL *first,
                               REAL *second) {
  CALL(split_powers, spectrum, count, bins, first, second);
}

#undef CALL
#undef WIDE
#undef KERNEL
#undef NAMED
#undef PASTED
