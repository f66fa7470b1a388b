/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The few Linux calls and constants that Swift's Glibc module does not import. */
#ifndef WAVFFT_SHIMS_H
#define WAVFFT_SHIMS_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* memfd_create(2) with MFD_CLOEXEC. Returns a descriptor, or -1 with errno. */
int shim_memfd_create(const char *name);

/* An unnamed file in `directory` (O_TMPFILE), read-write, mode 0600 or `mode`. -1 with errno. */
int shim_open_unnamed(const char *directory, unsigned mode);

/* Lets malloc keep up to 64 MB of freed memory for the next file: the kernel clears new pages and maps them
   one by one. */
void shim_keep_freed_memory(void);

/* Asks the kernel to send `signal` to this process when its parent dies (PR_SET_PDEATHSIG). */
int shim_die_with_parent(int signal);

/* Number of processors in this process's affinity mask, or 0 if it cannot be read. */
int shim_affinity_count(void);

/* Sleeps until *word differs from `expected`, another process wakes the word, or the time is over. */
void shim_futex_wait(const void *word, uint32_t expected, int64_t nanoseconds);

/* Wakes every process that sleeps on the word. */
void shim_futex_wake_all(const void *word);

/* Allocates and maps the pages of a range now (MADV_POPULATE_WRITE); best effort. */
void shim_populate_for_writing(void *address, size_t length);

/* Prefetches the cache line of an address; has no other effect. */
static inline void shim_prefetch(const void *address) { __builtin_prefetch(address); }

/* Levels of some 16-bit samples, in units of the least bit. The signal is the sum of two channels, or
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

/* Free bytes in the file system of `path`, INT64_MAX if it does not count them, or -1 with errno. */
int64_t shim_free_bytes(const char *path);

/* Pages of a range of an open file that are in the page cache (cachestat, Linux 6.5), or -1 with errno. */
int64_t shim_cached_pages(int descriptor, int64_t offset, int64_t length);

/* Whether the kernel says to this process which pages of an open file are in the page cache. */
int shim_may_ask_for_pages(int descriptor);

/* Reads like pread(2), and leaves nothing in the page cache that was not there before (RWF_DONTCACHE, Linux
   6.14). -1 with errno, also where the file system cannot do that. */
ssize_t shim_read_uncached(int descriptor, void *bytes, size_t count, int64_t offset);

/* Reserves the first bytes of a file by fallocate(2), without the emulation of posix_fallocate. 0, or -1 with
   errno. */
int shim_reserve(int file, int64_t byte_count);

/* Starts to write a range of a file to the device (sync_file_range), and waits for that if asked to. A length
   of 0 is the rest of the file. 0, or -1 with errno. */
int shim_sync_range(int file, int64_t offset, int64_t length, int is_waiting);

/* 0 if sync_file_range reports success on this file system but does nothing: overlayfs and ZFS keep their
   pages elsewhere. Otherwise 1, or -1 with errno. */
int shim_heeds_ranges(int file);

/* Columns of the terminal at a descriptor; 80 if unknown. */
int shim_terminal_width(int descriptor);

/* 1 if the file system of `path` keeps its files in memory, 0 if not, -1 with errno. */
int shim_is_memory(const char *path);

/* The arguments of the program, also without /proc, from which Swift reads them. */
int shim_argument_count(void);
const char *shim_argument(int index);

/* Calls a function that does not return, on a stack of its own if the limit on stacks (ulimit -s) is low. */
_Noreturn void shim_run_with_enough_stack(void (*body)(void));

/* Opens /dev/null for each of stdin, stdout and stderr that is closed, so that no file opened later becomes
   one of them. Writing to such a stdout fails. */
void shim_occupy_standard_descriptors(void);

/* From now on SIGINT, SIGTERM, SIGHUP and SIGPIPE remove the unfinished files and print one line before they
   end the program. Ignored signals stay ignored. */
void shim_end_cleanly_on_signals(void);

/* From now on the signals of a fault (SIGSEGV and the like) print one line and end the process with status
   70, or 71 if there is a limit on address space, which may be the cause. */
void shim_fail_in_words(void);

/* Ends the program with a line and status 71 if the limit on address space is too low to start. */
void shim_require_address_space(void);

/* Raises the limit on descriptors to the hard limit, up to 65,536. */
void shim_raise_descriptor_limit(void);

/* Notes an unfinished file, which a signal that ends this process removes (up to 1024 of them); forgets it
   again. */
void shim_note_unfinished(const char *path);
void shim_forget_unfinished(const char *path);

/* The line to print when a signal ends this process, instead of whether outputs were written; the first 1023
   bytes are kept. */
void shim_set_last_words(const char *text);

/* Notes that all outputs are complete: a later signal has nothing to undo. */
void shim_note_outputs_complete(void);

/* In a worker: ignores Ctrl-C and hang-ups, which the coordinator handles; other signals simply end the
   worker. */
void shim_leave_signals_to_parent(void);

/* Whether this process ignores a signal. */
int shim_is_ignored(int signal);

/* Stores vectors of eight magnitudes as codes of 16 bits, see MagnitudeCode, among `count` codes: the first vector
   at the place `direct`, which then rises by `step`, and reversed at `mirrored`, which falls by as much. Places
   outside are left out. */
void shim_round_rows(const float *magnitudes, size_t elements, int32_t base, uint16_t *codes,
                     ptrdiff_t count, ptrdiff_t direct, ptrdiff_t mirrored, ptrdiff_t step);

/* The magnitudes of some codes. */
void shim_expand_codes(const uint16_t *codes, size_t count, int32_t base, double *magnitudes);

/* Multiplies each row of numbers, `pitch` apart, by two common rows of `count` numbers, a multiple of 8, and
   adds the products to 8 sums for each of the two: [row][16]. */
void shim_add_rows(const float *rows, size_t pitch, size_t row_count, const float *real,
                   const float *imaginary, size_t count, float *sums);

/* The sums of the products of samples with two rows of numbers: sums[0] and sums[1]. */
void shim_add_samples(const float *samples, const float *cosines, const float *sines, size_t count,
                      double *sums);

/* The sum of some samples, in double precision; `_f` takes single, `_d` double precision, here and below. */
double shim_sum_f(const float *samples, size_t count);
double shim_sum_d(const double *samples, size_t count);

/* Makes one complex signal of two real segments: subtracts their means, multiplies them by the window, and
   interleaves them. */
void shim_window_pair_f(const float *first, const float *second, float first_mean, float second_mean,
                        const float *window, size_t count, float *pair);
void shim_window_pair_d(const double *first, const double *second, double first_mean,
                        double second_mean, const double *window, size_t count, double *pair);

/* Adds the squared magnitudes of `count` complex numbers to sums. */
void shim_add_powers_f(const float *spectrum, size_t count, double *sums);
void shim_add_powers_d(const double *spectrum, size_t count, double *sums);

/* The squared magnitudes of bins 0 to `bins` - 1 of the two real signals whose pair has the given transform of
   `count` complex numbers. */
void shim_split_powers_f(const float *spectrum, size_t count, size_t bins, float *first,
                         float *second);
void shim_split_powers_d(const double *spectrum, size_t count, size_t bins, double *first,
                         double *second);

#endif
