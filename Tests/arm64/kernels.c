/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Prints what the C kernels compute from the same pseudo-random samples, exactly, and the texts of pages as lengths and
   sums of bytes. Tests/arm64/check.sh compares two processors. */
#include "page_assets.h"
#include "shims.h"

#include <stdio.h>

enum { count = 4099, rows = 32, pitch = 64 };

static uint64_t state = 42;
static uint32_t next(void) {
  state = state * 6364136223846793005U + 1442695040888963407U;
  return (uint32_t)(state >> 32);
}
static float sample(void) { return (float)(int32_t)next() / 2147483648.0F; }

static int16_t codes[2 * count];
static float a[2 * count + 2], b[2 * count + 2], window[count], pair[2 * count], first[count], second[count];
static double c[2 * count + 2], d[2 * count + 2], wide_window[count], wide_pair[2 * count];
static double wide_first[count], wide_second[count], sums[count];

static void show_f(const char *name, const float *values, size_t number) {
  for (size_t index = 0; index < number; index++) printf("%s %zu %a\n", name, index, values[index]);
}
static void show_d(const char *name, const double *values, size_t number) {
  for (size_t index = 0; index < number; index++) printf("%s %zu %a\n", name, index, values[index]);
}
static void show_text(const char *name, struct page_asset text) {
  unsigned long long sum = 0;
  for (size_t index = 0; index < text.count; index++) sum = sum * 31 + text.start[index];
  printf("%s %zu %llx\n", name, text.count, sum);
}

int main(void) {
  for (int index = 0; index < 2 * count; index++) codes[index] = (int16_t)next();
  for (int index = 0; index < 2 * count + 2; index++) {
    a[index] = sample(), b[index] = sample();
    c[index] = a[index] + sample() * 1e-9, d[index] = b[index] + sample() * 1e-9;
  }
  for (int index = 0; index < count; index++) wide_window[index] = window[index] = sample();

  for (int is_stereo = 0; is_stereo < 2; is_stereo++) {
    struct shim_levels levels;
    shim_measure16(codes, count, is_stereo, &levels);
    printf("levels %a %a %a %d %d %d %d\n", levels.sum, levels.square_sum, levels.channel_square_sum,
           (int)levels.least, (int)levels.greatest, levels.least_code, levels.greatest_code);
  }
  printf("sum %a %a\n", shim_sum_f(a, count), shim_sum_d(c, count));

  double products[2];
  shim_add_samples(a, b, b + 1, count, products);
  show_d("samples", products, 2);
  float row_sums[16 * rows] = {0};
  shim_add_rows(a, pitch, rows, b, b + pitch, 48, row_sums);
  show_f("rows", row_sums, 16 * rows);

  shim_window_pair_f(a, b, 0.1F, 0.2F, window, count, pair);
  show_f("pair", pair, 2 * count);
  shim_window_pair_d(c, d, 0.1, 0.2, wide_window, count, wide_pair);
  show_d("wide pair", wide_pair, 2 * count);
  shim_add_powers_f(a, count, sums);
  shim_add_powers_d(c, count, sums);
  show_d("powers", sums, count);
  shim_split_powers_f(a, count, count / 2, first, second);
  show_f("first", first, count / 2);
  show_f("second", second, count / 2);
  shim_split_powers_d(c, count, count / 2, wide_first, wide_second);
  show_d("wide first", wide_first, count / 2);
  show_d("wide second", wide_second, count / 2);

  show_text("frame", page_asset_frame());
  show_text("style", page_asset_style());
  show_text("script", page_asset_script());
  show_text("decoder", page_asset_decoder());
  return 0;
}
