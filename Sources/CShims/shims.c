/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _GNU_SOURCE
#include "shims.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <linux/magic.h>
#include <malloc.h>
#include <sched.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/vfs.h>
#include <time.h>
#include <unistd.h>

#define ZFS_MAGIC 0x2fc12fc1 /* not among the headers of Linux */

#ifndef MADV_POPULATE_WRITE /* Linux 5.14; older headers lack the name */
#define MADV_POPULATE_WRITE 23
#endif

int shim_memfd_create(const char *name) { return memfd_create(name, MFD_CLOEXEC); }

void shim_keep_freed_memory(void) {
  mallopt(M_MMAP_THRESHOLD, 32 << 20);
  mallopt(M_TRIM_THRESHOLD, 64 << 20);
}

int shim_open_unnamed(const char *directory, unsigned mode) {
  return open(directory, O_TMPFILE | O_RDWR | O_CLOEXEC, mode);
}

int shim_die_with_parent(int signal) { return prctl(PR_SET_PDEATHSIG, signal); }

int shim_affinity_count(void) {
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) != 0) return 0;
  return CPU_COUNT(&set);
}

void shim_futex_wait(const void *word, uint32_t expected, int64_t nanoseconds) {
  struct timespec limit = {nanoseconds / 1000000000, nanoseconds % 1000000000};
  /* Not FUTEX_PRIVATE: the word is shared between processes. */
  syscall(SYS_futex, word, FUTEX_WAIT, expected, &limit, NULL, 0);
}

void shim_futex_wake_all(const void *word) {
  syscall(SYS_futex, word, FUTEX_WAKE, INT32_MAX, NULL, NULL, 0);
}

void shim_populate_for_writing(void *address, size_t length) {
  (void)madvise(address, length, MADV_POPULATE_WRITE);
}

int64_t shim_free_bytes(const char *path) {
  struct statvfs information;
  int64_t bytes;
  if (statvfs(path, &information) != 0) return -1;
  /* Some network file systems count no blocks, or claim more than there can be. */
  if (information.f_blocks == 0
      || __builtin_mul_overflow(information.f_bavail, information.f_frsize, &bytes))
    return INT64_MAX;
  return bytes;
}

int shim_reserve(int file, int64_t byte_count) { return fallocate(file, 0, 0, byte_count); }

int shim_sync_range(int file, int64_t offset, int64_t length, int is_waiting) {
  unsigned flags = SYNC_FILE_RANGE_WRITE;
  if (is_waiting) flags |= SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WAIT_AFTER;
  return sync_file_range(file, offset, length, flags);
}

int shim_heeds_ranges(int file) {
  struct statfs information;
  if (fstatfs(file, &information) != 0) return -1;
  return information.f_type != OVERLAYFS_SUPER_MAGIC && information.f_type != ZFS_MAGIC;
}

int64_t shim_cached_pages(int descriptor, int64_t offset, int64_t length) {
  /* The same number in all tables of system calls; older headers lack the name. */
  struct { uint64_t offset, length; } range = {(uint64_t)offset, (uint64_t)length};
  struct { uint64_t cached, dirty, writeback, evicted, recently_evicted; } counts;
  return syscall(451, descriptor, &range, &counts, 0) == 0 ? (int64_t)counts.cached : -1;
}

int shim_may_ask_for_pages(int descriptor) {
  char path[32];
  struct stat status;
  snprintf(path, sizeof path, "/proc/self/fd/%d", descriptor);
  /* What can_do_mincore() in mm/mincore.c asks, apart from the capability to act as the owner. */
  return (fstat(descriptor, &status) == 0 && status.st_uid == geteuid())
         || eaccess(path, W_OK) == 0;
}

ssize_t shim_read_uncached(int descriptor, void *bytes, size_t count, int64_t offset) {
  struct iovec piece = {bytes, count};
  return preadv2(descriptor, &piece, 1, offset, 0x80 /* RWF_DONTCACHE; older headers lack it */);
}

int shim_terminal_width(int descriptor) {
  struct winsize size;
  return ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

int shim_is_memory(const char *path) {
  struct statfs information;
  if (statfs(path, &information) != 0) return -1;
  return information.f_type == TMPFS_MAGIC || information.f_type == RAMFS_MAGIC;
}
