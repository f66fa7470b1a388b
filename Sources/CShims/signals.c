/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What happens when a signal ends the program. In C, because a handler may call very few functions. */
#define _GNU_SOURCE
#include "shims.h"

#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

enum { UNFINISHED_FILES = 1024 };

/* Paths of files to remove; an empty path is a free entry. Only the process that noted the
   files removes them. */
static char unfinished[UNFINISHED_FILES][PATH_MAX];
static pid_t owner;
static volatile sig_atomic_t are_outputs_complete;
static char last_words[1024];

static void end(int number) {
  static const char unwritten[] = "wavfft: stopped by a signal; no output was written\n";
  static const char complete[] = "wavfft: stopped by a signal; the outputs are complete\n";
  const char *text = last_words[0] ? last_words : are_outputs_complete ? complete : unwritten;
  if (getpid() == owner) {
    for (int index = 0; index < UNFINISHED_FILES; index++) {
      if (unfinished[index][0]) unlink(unfinished[index]);
    }
    if (number != SIGPIPE && write(STDERR_FILENO, text, strlen(text)) < 0) {
      /* There is no way to report this. */
    }
  }
  /* The handler is already removed (SA_RESETHAND): the signal ends the process. */
  raise(number);
}

/* The last resort, for faults of the program itself. */
static void fail(int number) {
  static const char fault[] =
      "wavfft: the program failed unexpectedly; please report this with the command and the file\n";
  static const char shortage[] =
      "wavfft: the limit on address space (ulimit -v) is too low for this; raise it\n";
  struct rlimit limit;
  int is_limited = getrlimit(RLIMIT_AS, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY;
  const char *text = is_limited ? shortage : fault;
  if (getpid() != owner) {
    raise(number);
    return;
  }
  for (int index = 0; index < UNFINISHED_FILES; index++) {
    if (unfinished[index][0]) unlink(unfinished[index]);
  }
  if (write(STDERR_FILENO, text, strlen(text)) < 0) {
    /* There is no way to report this. */
  }
  _exit(is_limited ? 71 : 70);
}

void shim_fail_in_words(void) {
  static const int crashes[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGTRAP};
  static char stack[1 << 16];
  stack_t alternative = {.ss_sp = stack, .ss_size = sizeof stack};
  sigaltstack(&alternative, NULL);
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = fail;
  action.sa_flags = (int)SA_RESETHAND | SA_ONSTACK;
  owner = getpid();
  for (size_t index = 0; index < sizeof crashes / sizeof *crashes; index++) {
    sigaction(crashes[index], &action, NULL);
  }
}

void shim_require_address_space(void) {
  static const char text[] =
      "wavfft: the limit on address space (ulimit -v) leaves no room to begin; raise it to 100 MB or "
      "more\n";
  void *probe = mmap(NULL, 4 << 20, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (probe != MAP_FAILED) {
    munmap(probe, 4 << 20);
    return;
  }
  if (write(STDERR_FILENO, text, strlen(text)) < 0) {
    /* There is no way to report this. */
  }
  _exit(71);
}

void shim_raise_descriptor_limit(void) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  rlim_t wanted = limit.rlim_max < 65536 ? limit.rlim_max : 65536;
  if (wanted <= limit.rlim_cur) return;
  limit.rlim_cur = wanted;
  (void)setrlimit(RLIMIT_NOFILE, &limit);
}

int shim_is_ignored(int number) {
  struct sigaction action;
  return sigaction(number, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}

void shim_end_cleanly_on_signals(void) {
  static const int numbers[] = {SIGINT, SIGTERM, SIGHUP, SIGPIPE};
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = end;
  action.sa_flags = (int)SA_RESETHAND | SA_NODEFER;
  owner = getpid();
  for (size_t index = 0; index < sizeof numbers / sizeof *numbers; index++) {
    if (!shim_is_ignored(numbers[index])) sigaction(numbers[index], &action, NULL);
  }
}

void shim_note_unfinished(const char *path) {
  for (int index = 0; index < UNFINISHED_FILES; index++) {
    if (unfinished[index][0] || strlen(path) >= PATH_MAX) continue;
    /* The first byte last: until then the entry is free for the handler. */
    strcpy(unfinished[index] + 1, path + 1);
    __atomic_store_n(&unfinished[index][0], path[0], __ATOMIC_SEQ_CST);
    return;
  }
}

void shim_forget_unfinished(const char *path) {
  for (int index = 0; index < UNFINISHED_FILES; index++) {
    if (strcmp(unfinished[index], path) == 0) unfinished[index][0] = 0;
  }
}

void shim_set_last_words(const char *text) {
  /* The first byte last, as above. */
  last_words[0] = 0;
  size_t length = strlen(text);
  if (length >= sizeof last_words) length = sizeof last_words - 1;
  if (length == 0) return;
  memcpy(last_words + 1, text + 1, length - 1);
  last_words[length] = 0;
  __atomic_store_n(&last_words[0], text[0], __ATOMIC_SEQ_CST);
}

void shim_note_outputs_complete(void) { are_outputs_complete = 1; }

void shim_leave_signals_to_parent(void) {
  /* Ctrl-C and the end of a terminal reach the whole group; the coordinator decides. */
  signal(SIGINT, SIG_IGN);
  signal(SIGHUP, SIG_IGN);
  if (!shim_is_ignored(SIGTERM)) signal(SIGTERM, SIG_DFL);
  signal(SIGPIPE, SIG_DFL);
  /* Swift's runtime may have set handlers that print long reports; the coordinator reports the death. */
  static const int crashes[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGTRAP, SIGQUIT};
  for (size_t index = 0; index < sizeof crashes / sizeof *crashes; index++) {
    signal(crashes[index], SIG_DFL);
  }
}

void shim_occupy_standard_descriptors(void) {
  for (int descriptor = 0; descriptor <= 2; descriptor++) {
    if (fcntl(descriptor, F_GETFD) != -1) continue;
    /* The lowest free number is this one. */
    if (open("/dev/null", descriptor == STDERR_FILENO ? O_WRONLY : O_RDONLY) < 0) return;
  }
}
