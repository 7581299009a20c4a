// A directory of a thousand entries, listed in full, twice by rewinding, then emptied.
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { fileCount = 1000 };

static int countEntries(DIR *directory, unsigned char *seen) {
  int count = 0;
  for (struct dirent *entry; (entry = readdir(directory));) {
    int number;
    if (sscanf(entry->d_name, "a-rather-long-name-for-entry-%d.txt", &number) != 1) continue;
    seen[number]++;
    count++;
  }
  return count;
}

int main(void) {
  static unsigned char seen[fileCount];
  char name[96];
  for (int i = 0; i < fileCount; i++) {
    snprintf(name, sizeof name, "/data/a-rather-long-name-for-entry-%d.txt", i);
    int fd = open(name, O_WRONLY | O_CREAT, 0600);
    if (fd < 0) return 1;
    close(fd);
  }
  DIR *directory = opendir("/data");
  if (!directory) return 2;
  int first = countEntries(directory, seen);
  rewinddir(directory);
  int second = countEntries(directory, seen);
  closedir(directory);
  int wrong = 0;
  for (int i = 0; i < fileCount; i++) wrong += seen[i] != 2;
  printf("first %d second %d wrong %d\n", first, second, wrong);
  for (int i = 0; i < fileCount; i++) {
    snprintf(name, sizeof name, "/data/a-rather-long-name-for-entry-%d.txt", i);
    if (unlink(name) != 0) return 3;
  }
  return 0;
}
