// Kernel calls on files: see wasmrun_files.h.
#define _GNU_SOURCE
#include "wasmrun_files.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

const int wasmrun_o_path = O_PATH;
const int wasmrun_o_tmpfile = O_TMPFILE;
const int wasmrun_at_empty_path = AT_EMPTY_PATH;
const uint64_t wasmrun_resolve_beneath = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
const uint64_t wasmrun_resolve_no_mounts = RESOLVE_NO_XDEV;

int wasmrun_openat(int directory, const char *path, int flags, mode_t mode) {
  return openat(directory, path, flags, mode);
}

int wasmrun_openat2(int directory, const char *path, uint64_t flags, uint64_t mode,
                    uint64_t resolve) {
  struct open_how how = {.flags = flags, .mode = mode, .resolve = resolve};
  return (int)syscall(SYS_openat2, directory, path, &how, sizeof how);
}

int wasmrun_fcntl(int descriptor, int command, int argument) {
  return fcntl(descriptor, command, argument);
}

int wasmrun_fstat(int descriptor, void *status) {
  // x86-64's kernel and glibc agree on the structure.
  return (int)syscall(SYS_fstat, descriptor, status);
}

ssize_t wasmrun_getdents64(int descriptor, void *buffer, size_t byte_count) {
  return syscall(SYS_getdents64, descriptor, buffer, byte_count);
}

int wasmrun_rename_without_replacing(int from_directory, const char *from, int to_directory,
                                     const char *to) {
  return renameat2(from_directory, from, to_directory, to, RENAME_NOREPLACE);
}

int wasmrun_fallocate(int descriptor, int64_t offset, int64_t byte_count) {
  return fallocate(descriptor, 0, offset, byte_count);
}

int64_t wasmrun_file_system_magic(int descriptor) {
  struct statfs status;
  return fstatfs(descriptor, &status) == 0 ? (int64_t)status.f_type : -1;
}

int wasmrun_pipe(int descriptors[2]) { return pipe2(descriptors, O_CLOEXEC); }
