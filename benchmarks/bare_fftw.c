// SPDX-License-Identifier: GPL-2.0-or-later
//
// Bare FFTW: one real transform in single precision, threaded, planned by ESTIMATE, of a signal in
// memory. Prints the seconds of each execution; those of planning go to stderr.
//
//   bare_fftw LENGTH [THREADS [EXECUTIONS]]

#include <fftw3.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static void fill_with_noise(float *signal, long length) {
  uint32_t state = 1;
  for (long n = 0; n < length; n++) {
    state = state * 1664525u + 1013904223u;
    signal[n] = (float)(int32_t)state * (1.0f / 2147483648.0f);
  }
}

int main(int count, char **arguments) {
  long length = count > 1 ? atol(arguments[1]) : 0;
  int threads = count > 2 ? atoi(arguments[2]) : 2;
  int executions = count > 3 ? atoi(arguments[3]) : 3;
  if (length < 1 || length > INT32_MAX || threads < 1 || executions < 1) {
    fprintf(stderr, "usage: bare_fftw LENGTH [THREADS [EXECUTIONS]]\n");
    return 64;
  }
  long bins = length / 2 + 1;
  float *signal = fftwf_alloc_real((size_t)length);
  fftwf_complex *spectrum = fftwf_alloc_complex((size_t)bins);
  if (!signal || !spectrum || !fftwf_init_threads()) {
    fprintf(stderr, "bare_fftw: no memory or threads\n");
    return 71;
  }
  fftwf_plan_with_nthreads(threads);
  double start = seconds();
  fftwf_plan plan = fftwf_plan_dft_r2c_1d((int)length, signal, spectrum, FFTW_ESTIMATE);
  if (!plan) {
    fprintf(stderr, "bare_fftw: no plan\n");
    return 71;
  }
  fprintf(stderr, "planning %.6f\n", seconds() - start);
  fill_with_noise(signal, length);
  memset(spectrum, 0, (size_t)bins * sizeof *spectrum);
  for (int run = 0; run < executions; run++) {
    start = seconds();
    fftwf_execute(plan);
    printf("%.6f\n", seconds() - start);
  }
  return 0;
}
