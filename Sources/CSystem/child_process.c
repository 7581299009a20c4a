// Starting a helper, a program or a copy of this process: see wasmrun_child_process.h.
#define _GNU_SOURCE
#include "wasmrun_child_process.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { first_given = 3 };

/// Closes `first` and all above; kernels before 5.9 lack close_range(2).
static void close_from(int first) {
  if (close_range((unsigned)first, ~0u, 0) == 0) return;
  for (int limit = getdtablesize(), each = first; each < limit; each++) close(each);
}

/// What a child has open besides /dev/null: its 3, 4, …, and its 1 and 2 where these are not -1.
struct given {
  const int *descriptors;
  int count, output, error;
};

/// Puts the given descriptors into their places, /dev/null into what is left of 0-2, and closes the
/// rest.
static int arrange_descriptors(struct given given) {
  int count = given.count;
  // First out of the way of the places that are about to be filled.
  int moved[wasmrun_child_descriptor_limit];
  for (int i = 0; i < count; i++) {
    moved[i] = fcntl(given.descriptors[i], F_DUPFD, first_given + count);
    if (moved[i] == -1) return -1;
  }
  int streams[first_given] = {-1, given.output, given.error};
  for (int standard = 0; standard < first_given; standard++) {
    if (streams[standard] == -1) continue;
    streams[standard] = fcntl(streams[standard], F_DUPFD, first_given + count);
    if (streams[standard] == -1) return -1;
  }
  for (int i = 0; i < count; i++) {
    if (dup2(moved[i], first_given + i) == -1) return -1;
  }
  int null = open("/dev/null", O_RDWR);
  if (null == -1) return -1;
  for (int standard = 0; standard < first_given; standard++) {
    int source = streams[standard] == -1 ? null : streams[standard];
    if (source != standard && dup2(source, standard) == -1) return -1;
  }
  close_from(first_given + count);
  return 0;
}

/// Makes the calling process, a new child of `parent`, one that stands for itself: its session, its
/// descriptors, its signals. False with errno set on failure.
static bool stand_alone(pid_t parent, struct given given) {
  if (setsid() == -1 || prctl(PR_SET_PDEATHSIG, SIGKILL) == -1) return false;
  // A parent that ended before the call above sends no signal any more.
  if (getppid() != parent) {
    errno = ECHILD;
    return false;
  }
  if (arrange_descriptors(given) == -1) return false;
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  return true;
}

/// The child's way from vfork to exec. It shares the parent's memory: calls only what is safe in a
/// signal handler, and writes nothing but its frame and errno.
static void become(pid_t parent, const char *path, char *const *arguments, struct given given) {
  if (stand_alone(parent, given)) execve(path, arguments, environ);
}

pid_t wasmrun_child_start(const char *path, char *const *arguments, const int *descriptors,
                          int descriptor_count, int output, int error_output) {
  if (descriptor_count > wasmrun_child_descriptor_limit) {
    errno = EINVAL;
    return -1;
  }
  struct given given = {descriptors, descriptor_count, output, error_output};
  // The memory is shared until exec: no signal handler of ours may run in the child.
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  pid_t parent = getpid();
  volatile int error = 0;
  pid_t child = vfork();
  if (child == 0) {
    become(parent, path, arguments, given);
    error = errno;
    _exit(127);
  }
  if (child == -1) {
    error = errno;
  } else if (error != 0) {
    wasmrun_child_wait(child, NULL);
    child = -1;
  }
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  if (child == -1) errno = error;
  return child;
}

pid_t wasmrun_child_fork(const int *descriptors, int descriptor_count) {
  if (descriptor_count > wasmrun_child_descriptor_limit) {
    errno = EINVAL;
    return -1;
  }
  pid_t parent = getpid();
  pid_t child = fork();
  struct given given = {descriptors, descriptor_count, -1, -1};
  if (child == 0 && !stand_alone(parent, given)) _exit(127);
  return child;
}

int wasmrun_child_wait(pid_t process, int64_t *user_microseconds) {
  int status;
  struct rusage usage;
  while (wait4(process, &status, 0, &usage) == -1) {
    if (errno != EINTR) return -1;
  }
  if (user_microseconds != NULL) {
    *user_microseconds = usage.ru_utime.tv_sec * INT64_C(1000000) + usage.ru_utime.tv_usec;
  }
  return WIFSIGNALED(status) ? 256 + WTERMSIG(status) : WEXITSTATUS(status);
}

void wasmrun_child_become(const char *path, char *const *arguments, int inherited) {
  // Whoever starts a program this way wants it to outlive its parent, if it likes.
  prctl(PR_SET_PDEATHSIG, 0);
  if (fcntl(inherited, F_SETFD, 0) == -1) return;
  execve(path, arguments, environ);
}

int wasmrun_child_outlive_parent(void) { return prctl(PR_SET_PDEATHSIG, 0); }
