// Ten thousand entries of a folder: each comes once, whatever the buffer, and any can be gone on from.
#include "check.h"

#include <stdlib.h>

enum { count = 10000, buffer_size = 1000 };

static __wasi_dircookie_t cookies[count + 2];
static unsigned char seen[count];
static int dots;

/// Looks at one name; whether it is one of ours, for the first time.
static int is_new(const char *name, unsigned length) {
  char text[16] = "";
  if (name[0] == '.') return ++dots <= 2;
  memcpy(text, name, length < 15 ? length : 15);
  int number = atoi(text + 1);
  return text[0] == 'f' && number >= 0 && number < count && !seen[number]++;
}

/// Reads from `cookie` to the end, noting where each entry ends; says how many entries.
static int read_from(__wasi_fd_t directory, __wasi_dircookie_t cookie, int expects_new) {
  static uint8_t buffer[buffer_size];
  int entries = 0;
  for (;;) {
    __wasi_size_t used;
    OK(__wasi_fd_readdir(directory, buffer, buffer_size, cookie, &used));
    if (used == 0) return entries;
    __wasi_size_t place = 0;
    while (place + sizeof(__wasi_dirent_t) <= used) {
      __wasi_dirent_t entry;
      memcpy(&entry, buffer + place, sizeof entry);
      // Cut off at the buffer's end: the next reading has all of it.
      if (place + sizeof entry + entry.d_namlen > used) break;
      const char *name = (const char *)buffer + place + sizeof entry;
      if (expects_new) {
        TRUE(is_new(name, entry.d_namlen));
        cookies[entries] = entry.d_next;
      }
      cookie = entry.d_next;
      entries++;
      place += sizeof entry + entry.d_namlen;
    }
    if (used < buffer_size) return entries;
  }
}

int main(void) {
  OK(__wasi_path_create_directory(folder, "many"));
  char path[32];
  for (int i = 0; i < count; i++) {
    snprintf(path, sizeof path, "many/f%d", i);
    OK(__wasi_fd_close(open_file(path, __WASI_OFLAGS_CREAT, 0)));
  }
  __wasi_fd_t directory;
  OK(__wasi_path_open(folder, 0, "many", __WASI_OFLAGS_DIRECTORY, __WASI_RIGHTS_FD_READDIR, 0, 0,
                      &directory));
  EQUAL(read_from(directory, 0, 1), count + 2);
  for (int i = 0; i < count; i++) TRUE(seen[i] == 1);
  // Going on from the middle, there is what had come behind it.
  for (int i = 1; i < count; i += 1999) EQUAL(read_from(directory, cookies[i], 0), count + 1 - i);
  EQUAL(read_from(directory, 0, 0), count + 2);
  uint8_t little[4];
  __wasi_size_t used;
  OK(__wasi_fd_readdir(directory, little, sizeof little, 0, &used));
  EQUAL(used, 4);
  OK(__wasi_fd_close(directory));
  ERROR(__wasi_fd_readdir(1, little, sizeof little, 0, &used), NOTDIR);
  return finish();
}
