// Below a read-only grant: reading works, and every way to change something is refused.
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void refused(const char *what, int failed) {
  printf("%s: %s\n", what, failed ? "refused" : "DONE");
}

int main(void) {
  char line[64] = "";
  FILE *file = fopen("/data/given.txt", "r");
  if (!file || !fgets(line, sizeof line, file)) return 1;
  fclose(file);
  printf("read: %s", line);
  refused("open for writing", open("/data/given.txt", O_WRONLY) < 0);
  refused("open to truncate", open("/data/given.txt", O_RDONLY | O_TRUNC) < 0);
  refused("create", open("/data/new.txt", O_WRONLY | O_CREAT, 0600) < 0);
  refused("create for reading", open("/data/new.txt", O_RDONLY | O_CREAT, 0600) < 0);
  refused("unlink", unlink("/data/given.txt") != 0);
  refused("rename", rename("/data/given.txt", "/data/other.txt") != 0);
  refused("link", link("/data/given.txt", "/data/hard.txt") != 0);
  refused("symlink", symlink("given.txt", "/data/soft.txt") != 0);
  refused("mkdir", mkdir("/data/made", 0700) != 0);
  struct timespec times[2] = {{1, 0}, {2, 0}};
  refused("times", utimensat(AT_FDCWD, "/data/given.txt", times, 0) != 0);
  int fd = open("/data/given.txt", O_RDONLY);
  refused("write through a reading descriptor", write(fd, "x", 1) < 0);
  refused("truncate through it", ftruncate(fd, 0) != 0);
  refused("times through it", futimens(fd, times) != 0);
  return 0;
}
