// For programs that call preview 1 directly and check what comes back. Only what is wrong is printed,
// and the count of checks at the end.
#ifndef CHECK_H
#define CHECK_H

#include <stdio.h>
#include <string.h>
#include <wasi/api.h>

static int check_count, wrong_count;

static inline void check_equal(const char *text, int line, long long found, long long expected) {
  check_count++;
  if (found == expected) return;
  wrong_count++;
  printf("line %d: %s is %lld, not %lld\n", line, text, found, expected);
}

/// The call answers this error number, such as BADF or SUCCESS.
#define ERROR(call, name) check_equal(#call, __LINE__, (call), __WASI_ERRNO_##name)
/// The call succeeds.
#define OK(call) ERROR(call, SUCCESS)
/// The expression has this value.
#define EQUAL(found, expected) check_equal(#found, __LINE__, (long long)(found), (expected))
#define TRUE(condition) EQUAL(!!(condition), 1)

/// The status of the program.
static inline int finish(void) {
  printf("%d checks, %d wrong\n", check_count, wrong_count);
  return wrong_count != 0;
}

/// The first folder that was granted.
enum { folder = 3 };

/// All that a file can be used for, and all that a folder can.
static const __wasi_rights_t file_rights =
    __WASI_RIGHTS_FD_DATASYNC | __WASI_RIGHTS_FD_READ | __WASI_RIGHTS_FD_SEEK |
    __WASI_RIGHTS_FD_FDSTAT_SET_FLAGS | __WASI_RIGHTS_FD_SYNC | __WASI_RIGHTS_FD_TELL |
    __WASI_RIGHTS_FD_WRITE | __WASI_RIGHTS_FD_ADVISE | __WASI_RIGHTS_FD_ALLOCATE |
    __WASI_RIGHTS_FD_FILESTAT_GET | __WASI_RIGHTS_FD_FILESTAT_SET_SIZE |
    __WASI_RIGHTS_FD_FILESTAT_SET_TIMES | __WASI_RIGHTS_POLL_FD_READWRITE;

/// Opens `path` of the folder with these flags; -1 where that fails.
static inline __wasi_fd_t open_file(const char *path, __wasi_oflags_t how, __wasi_fdflags_t flags) {
  __wasi_fd_t opened = (__wasi_fd_t)-1;
  __wasi_errno_t error = __wasi_path_open(folder, __WASI_LOOKUPFLAGS_SYMLINK_FOLLOW, path, how,
                                          file_rights, 0, flags, &opened);
  return error == __WASI_ERRNO_SUCCESS ? opened : (__wasi_fd_t)-1;
}

/// Writes a text to a descriptor; says how many bytes, or -1.
static inline long long put(__wasi_fd_t file, const char *text) {
  __wasi_ciovec_t buffer = {(const uint8_t *)text, strlen(text)};
  __wasi_size_t count;
  return __wasi_fd_write(file, &buffer, 1, &count) == __WASI_ERRNO_SUCCESS ? (long long)count : -1;
}

#endif
