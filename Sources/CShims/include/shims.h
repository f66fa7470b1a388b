/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The few Linux calls and constants that Swift's Glibc module does not import. */
#ifndef WAVFFT_SHIMS_H
#define WAVFFT_SHIMS_H

#include <stddef.h>
#include <stdint.h>

/* memfd_create(2) with MFD_CLOEXEC. Returns a descriptor, or -1 with errno. */
int shim_memfd_create(const char *name);

/* An unnamed file in `directory` (O_TMPFILE), read-write, mode 0600 or `mode`. -1 with errno. */
int shim_open_unnamed(const char *directory, unsigned mode);

/* Lets malloc keep what is freed, up to 64 MB, for the next file: pages from the kernel are cleared and
   faulted in one by one. */
void shim_keep_freed_memory(void);

/* Asks the kernel to send `signal` to this process when its parent dies (PR_SET_PDEATHSIG). */
int shim_die_with_parent(int signal);

/* Number of processors in this process's affinity mask, or 0 if it cannot be read. */
int shim_affinity_count(void);

/* Sleeps until *word differs from `expected`, somebody wakes the word, or the time is over. */
void shim_futex_wait(const void *word, uint32_t expected, int64_t nanoseconds);

/* Wakes every process that sleeps on the word. */
void shim_futex_wake_all(const void *word);

/* Allocates and maps the pages of a range now (MADV_POPULATE_WRITE); best effort. */
void shim_populate_for_writing(void *address, size_t length);

/* Asks the processor to load the cache line of an address; a hint without any other effect. */
static inline void shim_prefetch(const void *address) { __builtin_prefetch(address); }

/* What some 16-bit samples amount to, in units of the least bit. The signal is the sum of two channels, or
   the only channel. */
struct shim_levels {
  double sum;
  double square_sum;
  /* Of the squares of all samples of all channels. */
  double channel_square_sum;
  int32_t least;
  int32_t greatest;
  /* Of all samples of all channels. */
  int16_t least_code;
  int16_t greatest_code;
};

/* Measures `count` stereo frames, or twice as many samples of one channel. */
void shim_measure16(const void *samples, size_t count, int is_stereo, struct shim_levels *levels);

/* Bytes free in the file system that holds `path`, or -1 with errno. */
int64_t shim_free_bytes(const char *path);

/* Columns of the terminal behind a descriptor; 80 if it does not say. */
int shim_terminal_width(int descriptor);

/* 1 if `path` is in a file system that keeps its files in memory, 0 if not, -1 with errno. */
int shim_is_memory(const char *path);

/* Opens /dev/null for each of stdin, stdout and stderr that is closed, stdout such that writing fails:
   a file opened later must not become one of them. */
void shim_occupy_standard_descriptors(void);

/* From now on SIGINT, SIGTERM, SIGHUP and SIGPIPE remove the unfinished files and say one line
   before they end the program; those that are ignored stay so. */
void shim_end_cleanly_on_signals(void);

/* From now on signals of a fault in this process (SIGSEGV and the like) say one line and end it with status
   70, or 71 where the limit on address space explains them. */
void shim_fail_in_words(void);

/* Ends the program with a line and status 71 if the limit on address space leaves no room to begin. */
void shim_require_address_space(void);

/* Takes as many descriptors as the hard limit allows, up to 65,536. */
void shim_raise_descriptor_limit(void);

/* Notes an unfinished file to remove when a signal ends this process (up to 1024 of them), or
   forgets it again. */
void shim_note_unfinished(const char *path);
void shim_forget_unfinished(const char *path);

/* What to say, instead of whether there are outputs, when a signal ends this process: a whole line,
   of which the first 1023 bytes are kept. */
void shim_set_last_words(const char *text);

/* Notes that all outputs are there: a signal from now on has nothing to undo. */
void shim_note_outputs_complete(void);

/* In a worker: Ctrl-C and the end of a terminal are for the coordinator; all other signals end the worker
   without further ado. */
void shim_leave_signals_to_parent(void);

/* Whether this process ignores a signal. */
int shim_is_ignored(int signal);

/* For each row of numbers, `pitch` apart, adds the products with two common rows of `count` numbers, a
   multiple of 8, to 8 sums each: [row][16]. */
void shim_add_rows(const float *rows, size_t pitch, size_t row_count, const float *real,
                   const float *imaginary, size_t count, float *sums);

/* The sums of the products of samples with two rows of numbers: sums[0] and sums[1]. */
void shim_add_samples(const float *samples, const float *cosines, const float *sines, size_t count,
                      double *sums);

#endif
