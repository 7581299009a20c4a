// Files and directories below a granted folder, given as the argument: create, write, read,
// append, seek, truncate, rename, list, stat, remove.
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char path[2][256];

/// The path of `name` below the granted folder; two results are usable at a time.
static const char *below(const char *folder, const char *name) {
  static int turn;
  turn ^= 1;
  snprintf(path[turn], sizeof path[turn], "%s/%s", folder, name);
  return path[turn];
}

static void check(int ok, const char *what) {
  if (ok) return;
  printf("FAILED %s: %s\n", what, strerror(errno));
  exit(1);
}

static void show(const char *folder, const char *name) {
  char line[128];
  FILE *file = fopen(below(folder, name), "r");
  check(file != NULL, "fopen r");
  while (fgets(line, sizeof line, file)) printf("%s: %s", name, line);
  fclose(file);
}

static int compareNames(const void *a, const void *b) {
  return strcmp(*(char *const *)a, *(char *const *)b);
}

static void list(const char *folder) {
  char *names[64];
  int count = 0;
  DIR *directory = opendir(folder);
  check(directory != NULL, "opendir");
  for (struct dirent *entry; (entry = readdir(directory)) && count < 64;)
    if (entry->d_name[0] != '.') names[count++] = strdup(entry->d_name);
  closedir(directory);
  qsort(names, count, sizeof names[0], compareNames);
  printf("list:");
  for (int i = 0; i < count; i++) printf(" %s", names[i]);
  printf("\n");
}

static void lowLevel(const char *folder) {
  int fd = open(below(folder, "raw.bin"), O_RDWR | O_CREAT | O_TRUNC, 0600);
  check(fd >= 0, "open");
  check(write(fd, "0123456789", 10) == 10, "write");
  check(lseek(fd, 3, SEEK_SET) == 3, "lseek");
  char buffer[8] = {0};
  check(read(fd, buffer, 4) == 4, "read");
  printf("read at 3: %s, then at %lld\n", buffer, (long long)lseek(fd, 0, SEEK_CUR));
  check(pwrite(fd, "XY", 2, 8) == 2, "pwrite");
  check(pread(fd, buffer, 4, 6) == 4, "pread");
  printf("pread at 6: %s, still at %lld\n", buffer, (long long)lseek(fd, 0, SEEK_CUR));
  check(ftruncate(fd, 5) == 0, "ftruncate");
  struct stat status;
  check(fstat(fd, &status) == 0, "fstat");
  printf("size %lld regular %d\n", (long long)status.st_size, S_ISREG(status.st_mode));
  check(close(fd) == 0, "close");
  check(close(fd) == -1 && errno == EBADF, "second close");
  check(open(below(folder, "raw.bin"), O_CREAT | O_EXCL | O_WRONLY, 0600) == -1, "exclusive open");
  printf("exclusive create: %s\n", strerror(errno));
}

int main(int argc, char **argv) {
  const char *folder = argc > 1 ? argv[1] : ".";
  FILE *file = fopen(below(folder, "notes.txt"), "w");
  check(file != NULL, "fopen w");
  fprintf(file, "first line\nsecond %d\n", 2);
  check(fclose(file) == 0, "fclose");
  file = fopen(below(folder, "notes.txt"), "a");
  check(file != NULL, "fopen a");
  fputs("appended\n", file);
  check(fclose(file) == 0, "fclose");
  show(folder, "notes.txt");

  check(mkdir(below(folder, "sub"), 0700) == 0, "mkdir");
  check(rename(below(folder, "notes.txt"), below(folder, "sub/moved.txt")) == 0, "rename");
  check(fopen(below(folder, "notes.txt"), "r") == NULL, "open of the old name");
  printf("old name: %s\n", strerror(errno));
  show(folder, "sub/moved.txt");

  lowLevel(folder);
  list(folder);
  struct stat status;
  check(stat(below(folder, "sub"), &status) == 0, "stat");
  printf("sub is a directory: %d\n", S_ISDIR(status.st_mode));
  check(stat(below(folder, "sub/moved.txt"), &status) == 0, "stat");
  printf("moved.txt has %lld bytes\n", (long long)status.st_size);

  check(rmdir(below(folder, "sub")) == -1, "rmdir of a full directory");
  printf("rmdir full: %s\n", strerror(errno));
  check(unlink(below(folder, "sub/moved.txt")) == 0, "unlink");
  check(rmdir(below(folder, "sub")) == 0, "rmdir");
  check(unlink(below(folder, "raw.bin")) == 0, "unlink");
  list(folder);
  file = fopen(below(folder, "left.txt"), "w");
  check(file != NULL, "fopen w");
  fputs("left by the guest\n", file);
  fclose(file);
  return 0;
}
