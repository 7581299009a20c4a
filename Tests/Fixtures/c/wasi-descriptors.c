// Descriptors: moved, sought, allocated, restricted, synchronised; and what is answered to wrong ones.
#include "check.h"

static void numbers(void) {
  __wasi_fd_t first = open_file("first", __WASI_OFLAGS_CREAT, 0);
  __wasi_fd_t second = open_file("second", __WASI_OFLAGS_CREAT, 0);
  EQUAL(first, 4);
  EQUAL(second, 5);
  EQUAL(put(second, "second"), 6);
  OK(__wasi_fd_renumber(second, first));
  __wasi_filesize_t place = 0;
  OK(__wasi_fd_tell(first, &place));
  EQUAL(place, 6);
  ERROR(__wasi_fd_tell(second, &place), BADF);
  ERROR(__wasi_fd_renumber(second, first), BADF);
  ERROR(__wasi_fd_renumber(first, 77), BADF);
  OK(__wasi_fd_renumber(first, first));
  // The lowest free number is given next.
  EQUAL(open_file("first", 0, 0), 5);
  OK(__wasi_fd_close(5));
  OK(__wasi_fd_close(first));
  ERROR(__wasi_fd_close(first), BADF);
}

static void places(void) {
  __wasi_fd_t file = open_file("places", __WASI_OFLAGS_CREAT, 0);
  __wasi_filesize_t place = 0;
  EQUAL(put(file, "0123456789"), 10);
  OK(__wasi_fd_seek(file, -3, __WASI_WHENCE_CUR, &place));
  EQUAL(place, 7);
  OK(__wasi_fd_seek(file, -1, __WASI_WHENCE_END, &place));
  EQUAL(place, 9);
  OK(__wasi_fd_seek(file, 20, __WASI_WHENCE_SET, &place));
  EQUAL(place, 20);
  ERROR(__wasi_fd_seek(file, -1, __WASI_WHENCE_SET, &place), INVAL);
  ERROR(__wasi_fd_seek(file, 0, 3, &place), INVAL);
  EQUAL(put(file, "x"), 1);
  __wasi_filestat_t status;
  OK(__wasi_fd_filestat_get(file, &status));
  EQUAL(status.size, 21);
  EQUAL(status.filetype, __WASI_FILETYPE_REGULAR_FILE);
  char bytes[4] = "";
  __wasi_iovec_t buffer = {(uint8_t *)bytes, 3};
  __wasi_size_t count = 0;
  OK(__wasi_fd_pread(file, &buffer, 1, 2, &count));
  EQUAL(count, 3);
  TRUE(strcmp(bytes, "234") == 0);
  __wasi_ciovec_t changed = {(const uint8_t *)"ab", 2};
  OK(__wasi_fd_pwrite(file, &changed, 1, 0, &count));
  OK(__wasi_fd_tell(file, &place));
  EQUAL(place, 21);
  OK(__wasi_fd_pread(file, &buffer, 1, 100, &count));
  EQUAL(count, 0);
  ERROR(__wasi_fd_pread(file, &buffer, 1, 1ull << 63, &count), INVAL);
  OK(__wasi_fd_close(file));
}

static void sizes(void) {
  __wasi_fd_t file = open_file("sizes", __WASI_OFLAGS_CREAT, 0);
  __wasi_filestat_t status;
  OK(__wasi_fd_allocate(file, 0, 1000));
  OK(__wasi_fd_filestat_get(file, &status));
  EQUAL(status.size, 1000);
  OK(__wasi_fd_allocate(file, 500, 100));
  OK(__wasi_fd_filestat_get(file, &status));
  EQUAL(status.size, 1000);
  ERROR(__wasi_fd_allocate(file, 0, 0), INVAL);
  OK(__wasi_fd_filestat_set_size(file, 5));
  OK(__wasi_fd_filestat_get(file, &status));
  EQUAL(status.size, 5);
  ERROR(__wasi_fd_filestat_set_size(file, 1ull << 63), INVAL);
  for (__wasi_advice_t advice = 0; advice < 6; advice++) OK(__wasi_fd_advise(file, 0, 5, advice));
  ERROR(__wasi_fd_advise(file, 0, 5, 6), INVAL);
  OK(__wasi_fd_sync(file));
  OK(__wasi_fd_datasync(file));
  OK(__wasi_fd_close(file));
  __wasi_fd_t read_only;
  OK(__wasi_path_open(folder, 0, "sizes", 0, __WASI_RIGHTS_FD_READ, 0, 0, &read_only));
  ERROR(__wasi_fd_allocate(read_only, 0, 10), NOTCAPABLE);
  ERROR(__wasi_fd_filestat_set_size(read_only, 10), NOTCAPABLE);
  EQUAL(put(read_only, "x"), -1);
  OK(__wasi_fd_close(read_only));
}

static void flags(void) {
  __wasi_fd_t file = open_file("flags", __WASI_OFLAGS_CREAT, __WASI_FDFLAGS_APPEND);
  __wasi_fdstat_t status;
  OK(__wasi_fd_fdstat_get(file, &status));
  EQUAL(status.fs_flags, __WASI_FDFLAGS_APPEND);
  EQUAL(status.fs_filetype, __WASI_FILETYPE_REGULAR_FILE);
  __wasi_filesize_t place;
  EQUAL(put(file, "one"), 3);
  OK(__wasi_fd_seek(file, 0, __WASI_WHENCE_SET, &place));
  EQUAL(put(file, "two"), 3);
  OK(__wasi_fd_tell(file, &place));
  EQUAL(place, 6);
  OK(__wasi_fd_fdstat_set_flags(file, 0));
  OK(__wasi_fd_seek(file, 0, __WASI_WHENCE_SET, &place));
  EQUAL(put(file, "TWO"), 3);
  OK(__wasi_fd_tell(file, &place));
  EQUAL(place, 3);
  ERROR(__wasi_fd_fdstat_set_flags(file, __WASI_FDFLAGS_SYNC), NOTSUP);
  ERROR(__wasi_fd_fdstat_set_flags(file, 0x8000), INVAL);
  OK(__wasi_fd_close(file));
}

static void rights(void) {
  __wasi_fd_t file = open_file("rights", __WASI_OFLAGS_CREAT, 0);
  __wasi_rights_t some = __WASI_RIGHTS_FD_READ | __WASI_RIGHTS_FD_TELL;
  OK(__wasi_fd_fdstat_set_rights(file, some, 0));
  EQUAL(put(file, "x"), -1);
  __wasi_filesize_t place;
  ERROR(__wasi_fd_seek(file, 1, __WASI_WHENCE_SET, &place), NOTCAPABLE);
  OK(__wasi_fd_seek(file, 0, __WASI_WHENCE_CUR, &place));
  ERROR(__wasi_fd_fdstat_set_rights(file, file_rights, 0), NOTCAPABLE);
  __wasi_filestat_t status;
  ERROR(__wasi_fd_filestat_get(file, &status), NOTCAPABLE);
  OK(__wasi_fd_close(file));
}

static void wrong_numbers(__wasi_fd_t file, __wasi_errno_t expected) {
  __wasi_fdstat_t stat;
  __wasi_filestat_t status;
  __wasi_filesize_t place;
  __wasi_size_t count;
  __wasi_iovec_t buffer = {(uint8_t *)&stat, 1};
  __wasi_ciovec_t bytes = {(const uint8_t *)"x", 1};
  if (expected == __WASI_ERRNO_BADF) {
    EQUAL(__wasi_fd_fdstat_get(file, &stat), expected);
    EQUAL(__wasi_fd_filestat_get(file, &status), expected);
    EQUAL(__wasi_fd_close(file), expected);
    EQUAL(__wasi_fd_sync(file), expected);
    EQUAL(__wasi_fd_readdir(file, (uint8_t *)&stat, 8, 0, &count), expected);
    EQUAL(__wasi_fd_filestat_set_times(file, 0, 0, 0), expected);
    EQUAL(__wasi_path_create_directory(file, "x"), expected);
    EQUAL(__wasi_fd_fdstat_set_flags(file, 0), expected);
    EQUAL(__wasi_fd_fdstat_set_rights(file, 0, 0), expected);
  }
  EQUAL(__wasi_fd_read(file, &buffer, 1, &count), expected);
  EQUAL(__wasi_fd_write(file, &bytes, 1, &count), expected);
  EQUAL(__wasi_fd_pread(file, &buffer, 1, 0, &count), expected);
  EQUAL(__wasi_fd_pwrite(file, &bytes, 1, 0, &count), expected);
  EQUAL(__wasi_fd_seek(file, 1, 0, &place), expected);
  EQUAL(__wasi_fd_tell(file, &place), expected);
  EQUAL(__wasi_fd_allocate(file, 0, 1), expected);
  EQUAL(__wasi_fd_advise(file, 0, 1, 0), expected);
  EQUAL(__wasi_fd_filestat_set_size(file, 1), expected);
  EQUAL(__wasi_fd_datasync(file), expected);
}

static void preopens(void) {
  __wasi_prestat_t prestat;
  uint8_t name[16] = "";
  OK(__wasi_fd_prestat_get(folder, &prestat));
  EQUAL(prestat.tag, __WASI_PREOPENTYPE_DIR);
  EQUAL(prestat.u.dir.pr_name_len, 5);
  OK(__wasi_fd_prestat_dir_name(folder, name, sizeof name));
  TRUE(strcmp((char *)name, "/data") == 0);
  ERROR(__wasi_fd_prestat_dir_name(folder, name, 4), NAMETOOLONG);
  ERROR(__wasi_fd_prestat_get(1, &prestat), BADF);
  ERROR(__wasi_fd_prestat_get(99, &prestat), BADF);
}

int main(void) {
  preopens();
  numbers();
  places();
  sizes();
  flags();
  rights();
  wrong_numbers(99, __WASI_ERRNO_BADF);
  wrong_numbers(folder, __WASI_ERRNO_ISDIR);
  return finish();
}
