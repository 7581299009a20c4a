// The older name of preview 1, where it differs: whence, and the layouts of status and subscription.
#include "check.h"

#define OLD(name) __attribute__((import_module("wasi_unstable"), import_name(name)))

OLD("fd_seek") int32_t old_seek(int32_t, int64_t, int32_t, int32_t);
OLD("fd_tell") int32_t old_tell(int32_t, int32_t);
OLD("fd_filestat_get") int32_t old_status(int32_t, int32_t);
OLD("path_filestat_get") int32_t old_path_status(int32_t, int32_t, int32_t, int32_t, int32_t);
OLD("poll_oneoff") int32_t old_poll(int32_t, int32_t, int32_t, int32_t);
OLD("fd_write") int32_t old_write(int32_t, int32_t, int32_t, int32_t);
OLD("clock_time_get") int32_t old_time(int32_t, int64_t, int32_t);

static int32_t at(const void *pointer) { return (int32_t)(uintptr_t)pointer; }

int main(void) {
  __wasi_fd_t file = open_file("f", __WASI_OFLAGS_CREAT, 0);
  __wasi_ciovec_t buffer = {(const uint8_t *)"0123456789", 10};
  uint32_t count = 0;
  uint64_t place = 0;
  EQUAL(old_write((int32_t)file, at(&buffer), 1, at(&count)), 0);
  EQUAL(count, 10);
  // 0: from here, 1: from the end, 2: from the start.
  EQUAL(old_seek((int32_t)file, -4, 0, at(&place)), 0);
  EQUAL(place, 6);
  EQUAL(old_seek((int32_t)file, -1, 1, at(&place)), 0);
  EQUAL(place, 9);
  EQUAL(old_seek((int32_t)file, 3, 2, at(&place)), 0);
  EQUAL(place, 3);
  EQUAL(old_seek((int32_t)file, 0, 3, at(&place)), __WASI_ERRNO_INVAL);
  EQUAL(old_tell((int32_t)file, at(&place)), 0);
  EQUAL(place, 3);
  // Links take 32 bits, and the size comes at byte 24.
  struct {
    uint64_t device, inode;
    uint8_t type;
    uint32_t links;
    uint64_t size, times[3];
    uint64_t guard;
  } status = {.guard = 77};
  OK(__wasi_path_link(folder, 0, "f", folder, "g"));
  EQUAL(old_status((int32_t)file, at(&status)), 0);
  EQUAL(status.links, 2);
  EQUAL(status.size, 10);
  EQUAL(status.type, __WASI_FILETYPE_REGULAR_FILE);
  EQUAL(status.guard, 77);
  EQUAL(old_path_status(folder, 0, at("g"), 1, at(&status)), 0);
  EQUAL(status.links, 2);
  EQUAL(status.size, 10);
  EQUAL(status.guard, 77);
  // A subscription has an identifier before its clock.
  struct {
    uint64_t data;
    uint8_t tag;
    uint64_t identifier;
    uint32_t clock;
    uint64_t timeout, precision;
    uint16_t flags;
  } subscription = {.data = 5, .clock = 1, .timeout = 1000000};
  EQUAL(sizeof subscription, 56);
  __wasi_event_t event;
  EQUAL(old_poll(at(&subscription), at(&event), 1, at(&count)), 0);
  EQUAL(count, 1);
  EQUAL(event.userdata, 5);
  EQUAL(event.error, 0);
  EQUAL(old_time(1, 1, at(&place)), 0);
  TRUE(place != 0);
  return finish();
}
