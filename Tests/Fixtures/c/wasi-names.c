// Names: made, moved over one another, linked, removed; each function's errors.
#include "check.h"

static void make(const char *path, const char *content) {
  __wasi_fd_t file = open_file(path, __WASI_OFLAGS_CREAT | __WASI_OFLAGS_TRUNC, 0);
  EQUAL(put(file, content), (long long)strlen(content));
  OK(__wasi_fd_close(file));
}

static long long size_of(const char *path) {
  __wasi_filestat_t status;
  return __wasi_path_filestat_get(folder, 0, path, &status) == 0 ? (long long)status.size : -1;
}

static void folders(void) {
  OK(__wasi_path_create_directory(folder, "d"));
  ERROR(__wasi_path_create_directory(folder, "d"), EXIST);
  ERROR(__wasi_path_create_directory(folder, "d/"), EXIST);
  ERROR(__wasi_path_create_directory(folder, "no/d"), NOENT);
  ERROR(__wasi_path_create_directory(folder, "."), EXIST);
  ERROR(__wasi_path_create_directory(folder, ".."), NOTCAPABLE);
  ERROR(__wasi_path_create_directory(folder, "/d"), NOTCAPABLE);
  ERROR(__wasi_path_create_directory(folder, ""), NOENT);
  make("f", "f");
  ERROR(__wasi_path_create_directory(folder, "f/d"), NOTDIR);
  ERROR(__wasi_path_remove_directory(folder, "f"), NOTDIR);
  ERROR(__wasi_path_remove_directory(folder, "no"), NOENT);
  ERROR(__wasi_path_remove_directory(folder, "d/."), INVAL);
  make("d/f", "f");
  ERROR(__wasi_path_remove_directory(folder, "d"), NOTEMPTY);
  ERROR(__wasi_path_unlink_file(folder, "d"), ISDIR);
  ERROR(__wasi_path_unlink_file(folder, "d/f/"), NOTDIR);
  ERROR(__wasi_path_unlink_file(folder, "no"), NOENT);
  OK(__wasi_path_unlink_file(folder, "d/f"));
  OK(__wasi_path_remove_directory(folder, "d/"));
  OK(__wasi_path_unlink_file(folder, "f"));
}

static void renaming(void) {
  make("short", "1");
  make("long", "12345");
  OK(__wasi_path_rename(folder, "short", folder, "long"));
  EQUAL(size_of("long"), 1);
  EQUAL(size_of("short"), -1);
  OK(__wasi_path_create_directory(folder, "a"));
  OK(__wasi_path_create_directory(folder, "b"));
  make("b/f", "12");
  // Over a folder that is empty, never over one that is not, nor a file over a folder.
  ERROR(__wasi_path_rename(folder, "a", folder, "b"), NOTEMPTY);
  OK(__wasi_path_rename(folder, "b", folder, "a"));
  EQUAL(size_of("a/f"), 2);
  ERROR(__wasi_path_rename(folder, "long", folder, "a"), ISDIR);
  ERROR(__wasi_path_rename(folder, "a", folder, "long"), NOTDIR);
  ERROR(__wasi_path_rename(folder, "a", folder, "a/in-itself"), INVAL);
  ERROR(__wasi_path_rename(folder, "no", folder, "long"), NOENT);
  ERROR(__wasi_path_rename(folder, "long", folder, "new/"), NOTDIR);
  ERROR(__wasi_path_rename(folder, "long", folder, "../out"), NOTCAPABLE);
  ERROR(__wasi_path_rename(folder, "../in", folder, "in"), NOTCAPABLE);
  ERROR(__wasi_path_rename(folder, "a/.", folder, "c"), BUSY);
  // Two names of one file: nothing happens, as POSIX has it.
  OK(__wasi_path_link(folder, 0, "long", folder, "same"));
  OK(__wasi_path_rename(folder, "same", folder, "long"));
  EQUAL(size_of("same"), 1);
  // Between two folders' descriptors.
  __wasi_fd_t a;
  OK(__wasi_path_open(folder, 0, "a", __WASI_OFLAGS_DIRECTORY,
                      __WASI_RIGHTS_PATH_RENAME_SOURCE | __WASI_RIGHTS_PATH_RENAME_TARGET, 0, 0, &a));
  OK(__wasi_path_rename(a, "f", folder, "moved"));
  OK(__wasi_path_rename(folder, "moved", a, "back"));
  ERROR(__wasi_path_unlink_file(a, "back"), NOTCAPABLE);
  OK(__wasi_fd_close(a));
  OK(__wasi_path_unlink_file(folder, "a/back"));
  OK(__wasi_path_unlink_file(folder, "same"));
  OK(__wasi_path_unlink_file(folder, "long"));
  OK(__wasi_path_remove_directory(folder, "a"));
}

static void links(void) {
  make("f", "123");
  OK(__wasi_path_link(folder, 0, "f", folder, "hard"));
  __wasi_filestat_t status;
  OK(__wasi_path_filestat_get(folder, 0, "hard", &status));
  EQUAL(status.nlink, 2);
  ERROR(__wasi_path_link(folder, 0, "f", folder, "hard"), EXIST);
  ERROR(__wasi_path_link(folder, 0, "no", folder, "x"), NOENT);
  ERROR(__wasi_path_link(folder, 0, "f", folder, "x/"), NOENT);
  OK(__wasi_path_create_directory(folder, "d"));
  ERROR(__wasi_path_link(folder, 0, "d", folder, "x"), PERM);
  OK(__wasi_path_symlink("f", folder, "soft"));
  ERROR(__wasi_path_symlink("f", folder, "soft"), EXIST);
  ERROR(__wasi_path_symlink("/etc", folder, "absolute"), NOTCAPABLE);
  ERROR(__wasi_path_symlink("", folder, "empty"), NOENT);
  uint8_t target[8] = "";
  __wasi_size_t length = 0;
  OK(__wasi_path_readlink(folder, "soft", target, sizeof target, &length));
  EQUAL(length, 1);
  ERROR(__wasi_path_readlink(folder, "f", target, sizeof target, &length), INVAL);
  ERROR(__wasi_path_readlink(folder, "no", target, sizeof target, &length), NOENT);
  OK(__wasi_path_symlink("d/../f", folder, "long"));
  OK(__wasi_path_readlink(folder, "long", target, 4, &length));
  EQUAL(length, 4);
  TRUE(memcmp(target, "d/..", 4) == 0);
  OK(__wasi_path_symlink("loop-2", folder, "loop-1"));
  OK(__wasi_path_symlink("loop-1", folder, "loop-2"));
  __wasi_fd_t file;
  ERROR(__wasi_path_open(folder, 1, "loop-1", 0, __WASI_RIGHTS_FD_READ, 0, 0, &file), LOOP);
  ERROR(__wasi_path_open(folder, 0, "soft", 0, __WASI_RIGHTS_FD_READ, 0, 0, &file), LOOP);
  OK(__wasi_path_filestat_get(folder, 0, "soft", &status));
  EQUAL(status.filetype, __WASI_FILETYPE_SYMBOLIC_LINK);
  OK(__wasi_path_filestat_get(folder, __WASI_LOOKUPFLAGS_SYMLINK_FOLLOW, "soft", &status));
  EQUAL(status.size, 3);
  // Renaming moves a link itself.
  OK(__wasi_path_rename(folder, "soft", folder, "moved"));
  EQUAL(size_of("f"), 3);
  const char *all[] = {"f", "hard", "moved", "long", "loop-1", "loop-2"};
  for (int i = 0; i < 6; i++) OK(__wasi_path_unlink_file(folder, all[i]));
  OK(__wasi_path_remove_directory(folder, "d"));
}

static void opening(void) {
  __wasi_fd_t file;
  const __wasi_rights_t reading = __WASI_RIGHTS_FD_READ;
  ERROR(__wasi_path_open(folder, 0, "no", 0, reading, 0, 0, &file), NOENT);
  make("f", "123");
  ERROR(__wasi_path_open(folder, 0, "f", __WASI_OFLAGS_DIRECTORY, reading, 0, 0, &file), NOTDIR);
  ERROR(__wasi_path_open(folder, 0, "f/", 0, reading, 0, 0, &file), NOTDIR);
  ERROR(__wasi_path_open(folder, 0, ".", 0, file_rights, 0, 0, &file), ISDIR);
  ERROR(__wasi_path_open(folder, 0, "f", __WASI_OFLAGS_CREAT | __WASI_OFLAGS_EXCL, reading, 0, 0,
                         &file), EXIST);
  ERROR(__wasi_path_open(folder, 0, "x", __WASI_OFLAGS_CREAT | __WASI_OFLAGS_DIRECTORY, reading, 0,
                         0, &file), INVAL);
  ERROR(__wasi_path_open(folder, 0, "f", 0x80, reading, 0, 0, &file), INVAL);
  ERROR(__wasi_path_open(1, 0, "f", 0, reading, 0, 0, &file), NOTDIR);
  ERROR(__wasi_path_open(folder, 0, "..", 0, reading, 0, 0, &file), NOTCAPABLE);
  ERROR(__wasi_path_open(folder, 0, "/f", 0, reading, 0, 0, &file), NOTCAPABLE);
  ERROR(__wasi_path_open(folder, 0, "\xFF", 0, reading, 0, 0, &file), ILSEQ);
  char name[300];
  memset(name, 'x', sizeof name);
  name[256] = 0;
  ERROR(__wasi_path_open(folder, 0, name, 0, reading, 0, 0, &file), NAMETOOLONG);
  OK(__wasi_path_unlink_file(folder, "f"));
}

int main(void) {
  folders();
  renaming();
  links();
  opening();
  return finish();
}
