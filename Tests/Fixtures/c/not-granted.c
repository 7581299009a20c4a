// What was not granted cannot be reached: every way out fails, and the program goes on.
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void try(const char *path) {
  FILE *file = fopen(path, "r");
  printf("%s: %s\n", path, file ? "OPENED" : "refused");
  if (file) fclose(file);
}

int main(int argc, char **argv) {
  for (int i = 1; i < argc; i++) try(argv[i]);
  printf("mkdir: %s\n", mkdir("/data/../made", 0700) == 0 ? "MADE" : "refused");
  printf("unlink: %s\n", unlink("/data/../../etc/passwd") == 0 ? "REMOVED" : "refused");
  printf("opendir /: %s\n", opendir("/") ? "OPENED" : "refused");
  return 0;
}
