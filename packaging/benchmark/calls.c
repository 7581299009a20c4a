// What calls to the system cost: the same program native and for WASI.
//
//     calls KIND COUNT [FOLDER]
//
// Prints the nanoseconds that one operation took, the least of five rounds. KIND: write (one byte to
// standard output), clock (clock_gettime), open (open, fstat, close of 1,000 files in FOLDER, made by
// `prepare`), readdir (10,000 entries of FOLDER), data (64 bytes sought, read, written in
// FOLDER/data), copy (standard input to standard output; COUNT does not matter).
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static char path[4096];

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static void make_file(const char *folder, const char *name, int number) {
  snprintf(path, sizeof path, "%s/%s%d", folder, name, number);
  int file = open(path, O_CREAT | O_WRONLY, 0600);
  if (file < 0) fail(path);
  for (int i = 0; i < 16; i++) {
    if (write(file, path, 64) != 64) fail(path);
  }
  close(file);
}

static void prepare(const char *folder, int count) {
  for (int i = 0; i < count; i++) make_file(folder, "f", i);
}

static void once(const char *kind, int count, const char *folder) {
  if (strcmp(kind, "write") == 0) {
    for (int i = 0; i < count; i++) {
      if (write(1, "x", 1) != 1) fail("write");
    }
  } else if (strcmp(kind, "clock") == 0) {
    struct timespec time;
    for (int i = 0; i < count; i++) clock_gettime(CLOCK_MONOTONIC, &time);
  } else if (strcmp(kind, "open") == 0) {
    for (int i = 0; i < count; i++) {
      struct stat status;
      snprintf(path, sizeof path, "%s/f%d", folder, i % 1000);
      int file = open(path, O_RDONLY);
      if (file < 0 || fstat(file, &status) != 0) fail(path);
      close(file);
    }
  } else if (strcmp(kind, "readdir") == 0) {
    DIR *stream = opendir(folder);
    int found = 0;
    if (!stream) fail(folder);
    while (readdir(stream)) found++;
    closedir(stream);
    if (found < count) fail("too few entries");
  } else if (strcmp(kind, "data") == 0) {
    static char bytes[64];
    snprintf(path, sizeof path, "%s/f0", folder);
    int file = open(path, O_RDWR);
    for (int i = 0; i < count; i++) {
      if (lseek(file, i % 8 * 64, SEEK_SET) < 0 || read(file, bytes, 64) != 64) fail("read");
      if (write(file, bytes, 64) != 64) fail("write");
    }
    close(file);
  }
}

static void copy(void) {
  static char bytes[1 << 16];
  ssize_t count;
  while ((count = read(0, bytes, sizeof bytes)) > 0) {
    for (ssize_t done = 0; done < count;) {
      ssize_t written = write(1, bytes + done, (size_t)(count - done));
      if (written < 0) fail("write");
      done += written;
    }
  }
}

int main(int argc, char **argv) {
  if (argc < 3) return 64;
  const char *kind = argv[1], *folder = argc > 3 ? argv[3] : "";
  int count = atoi(argv[2]);
  if (strcmp(kind, "prepare") == 0) {
    prepare(folder, count);
    return 0;
  }
  double start = now(), least = 1e18;
  if (strcmp(kind, "copy") == 0) {
    copy();
    least = now() - start;
    count = 1;
  }
  for (int round = 0; round < 5 && strcmp(kind, "copy") != 0; round++) {
    start = now();
    once(kind, count, folder);
    if (now() - start < least) least = now() - start;
  }
  fprintf(stderr, "%.1f\n", least / count);
  return 0;
}
