// Symbolic and hard links below a granted folder, and a symbolic link that leads out of it.
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void report(const char *what, int result) {
  printf("%s: %s\n", what, result == 0 ? "done" : strerror(errno));
}

static void show(const char *path) {
  char line[64] = "";
  FILE *file = fopen(path, "r");
  if (!file) {
    printf("%s: %s\n", path, strerror(errno));
    return;
  }
  fgets(line, sizeof line, file);
  fclose(file);
  printf("%s: %s", path, line);
}

int main(void) {
  FILE *file = fopen("/data/target.txt", "w");
  if (!file) return 1;
  fputs("behind the link\n", file);
  fclose(file);

  report("symlink", symlink("target.txt", "/data/soft"));
  report("link", link("/data/target.txt", "/data/hard"));
  char target[64] = "";
  ssize_t length = readlink("/data/soft", target, sizeof target - 1);
  printf("readlink: %d %s\n", (int)length, target);
  show("/data/soft");
  show("/data/hard");

  struct stat status;
  if (lstat("/data/soft", &status) == 0) printf("lstat: link %d\n", S_ISLNK(status.st_mode));
  if (stat("/data/soft", &status) == 0)
    printf("stat: link %d names %d\n", S_ISLNK(status.st_mode), (int)status.st_nlink);
  int fd = open("/data/soft", O_RDONLY | O_NOFOLLOW);
  printf("O_NOFOLLOW: %s\n", fd < 0 ? strerror(errno) : "opened");

  symlink("../../../../../../etc/hostname", "/data/out");
  printf("leading out is refused: %d\n", fopen("/data/out", "r") == NULL);
  printf("absolute is refused: %d\n",
         symlink("/etc/hostname", "/data/absolute") != 0 || fopen("/data/absolute", "r") == NULL);
  return 0;
}
