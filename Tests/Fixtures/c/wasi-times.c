// Times of files, set in every way there is.
#include "check.h"

static __wasi_filestat_t status(const char *path, __wasi_lookupflags_t how) {
  __wasi_filestat_t status = {0};
  OK(__wasi_path_filestat_get(folder, how, path, &status));
  return status;
}

int main(void) {
  const __wasi_lookupflags_t follow = __WASI_LOOKUPFLAGS_SYMLINK_FOLLOW;
  const __wasi_fstflags_t both = __WASI_FSTFLAGS_ATIM | __WASI_FSTFLAGS_MTIM;
  __wasi_fd_t file = open_file("f", __WASI_OFLAGS_CREAT, 0);
  OK(__wasi_fd_filestat_set_times(file, 1000000001, 2000000002, both));
  EQUAL(status("f", 0).atim, 1000000001);
  EQUAL(status("f", 0).mtim, 2000000002);
  OK(__wasi_fd_filestat_set_times(file, 7, 7, __WASI_FSTFLAGS_ATIM));
  EQUAL(status("f", 0).atim, 7);
  EQUAL(status("f", 0).mtim, 2000000002);
  OK(__wasi_fd_filestat_set_times(file, 9, 9, 0));
  EQUAL(status("f", 0).atim, 7);
  __wasi_timestamp_t before, after;
  OK(__wasi_clock_time_get(__WASI_CLOCKID_REALTIME, 1, &before));
  OK(__wasi_fd_filestat_set_times(file, 9, 9, __WASI_FSTFLAGS_MTIM_NOW));
  OK(__wasi_clock_time_get(__WASI_CLOCKID_REALTIME, 1, &after));
  // The kernel's clock for files ticks more slowly.
  TRUE(status("f", 0).mtim + 100000000 > before && status("f", 0).mtim <= after);
  EQUAL(status("f", 0).atim, 7);
  ERROR(__wasi_fd_filestat_set_times(file, 1, 1, both | __WASI_FSTFLAGS_ATIM_NOW), INVAL);
  ERROR(__wasi_fd_filestat_set_times(file, 1, 1, 16), INVAL);
  ERROR(__wasi_fd_filestat_set_times(99, 1, 1, both), BADF);

  OK(__wasi_path_symlink("f", folder, "link"));
  OK(__wasi_path_filestat_set_times(folder, 0, "link", 11, 12, both));
  EQUAL(status("link", 0).mtim, 12);
  OK(__wasi_path_filestat_set_times(folder, follow, "link", 13, 14, both));
  EQUAL(status("link", 0).mtim, 12);
  EQUAL(status("f", 0).mtim, 14);
  EQUAL(status("link", follow).atim, 13);
  OK(__wasi_path_create_directory(folder, "d"));
  OK(__wasi_path_filestat_set_times(folder, follow, "d/", 15, 16, both));
  EQUAL(status("d", 0).mtim, 16);
  ERROR(__wasi_path_filestat_set_times(folder, 0, "no", 1, 1, both), NOENT);
  ERROR(__wasi_path_filestat_set_times(folder, 0, "f/", 1, 1, both), NOTDIR);
  ERROR(__wasi_path_filestat_set_times(folder, 0, "..", 1, 1, both), NOTCAPABLE);
  ERROR(__wasi_path_filestat_set_times(folder, 2, "f", 1, 1, both), INVAL);
  return finish();
}
