/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the program has when it starts, whatever surrounds it: its arguments, and a stack. */
#define _GNU_SOURCE
#include "shims.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <ucontext.h>

static int argument_count;
static char **arguments;

/* glibc passes the arguments of main to initialisers. */
__attribute__((constructor)) static void note_arguments(int count, char **values) {
  argument_count = count;
  arguments = values;
}

int shim_argument_count(void) { return argument_count; }

const char *shim_argument(int index) { return arguments[index]; }

/* Threads get stacks as large as the limit on that of the program was at its start. */
static void give_threads_stacks(size_t size) {
  pthread_attr_t attributes;
  if (pthread_attr_init(&attributes) != 0) return;
  if (pthread_attr_setstacksize(&attributes, size) == 0)
    (void)pthread_setattr_default_np(&attributes);
  pthread_attr_destroy(&attributes);
}

void shim_run_with_enough_stack(void (*body)(void)) {
  enum { ENOUGH = 1 << 20, SIZE = 8 << 20, GUARD = 1 << 16 };
  static ucontext_t context;
  struct rlimit limit;
  if (getrlimit(RLIMIT_STACK, &limit) == 0 && limit.rlim_cur < ENOUGH) {
    give_threads_stacks(SIZE);
    /* Only pages that are used take memory. */
    char *stack = mmap(NULL, SIZE, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
    if (stack != MAP_FAILED && mprotect(stack, GUARD, PROT_NONE) == 0 && getcontext(&context) == 0) {
      context.uc_stack.ss_sp = stack;
      context.uc_stack.ss_size = SIZE;
      makecontext(&context, body, 0);
      setcontext(&context);
    }
  }
  body();
  abort();
}
