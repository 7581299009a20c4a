// The kernel calls on files that Swift cannot make itself: variadic ones and those without a libc
// wrapper. All return -1 and set errno on failure. Thread-safe.

#ifndef WASMRUN_FILES_H
#define WASMRUN_FILES_H

#include <stdint.h>
#include <sys/types.h>

#pragma clang assume_nonnull begin

/// Flags that Swift's view of <fcntl.h> lacks.
extern const int wasmrun_o_path;
extern const int wasmrun_o_tmpfile;
extern const int wasmrun_at_empty_path;

/// openat(2) with its mode always given.
int wasmrun_openat(int directory, const char *path, int flags, mode_t mode);

/// openat2(2), which glibc 2.36 does not wrap. `resolve` holds RESOLVE_* flags.
int wasmrun_openat2(int directory, const char *path, uint64_t flags, uint64_t mode,
                    uint64_t resolve);

/// RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS.
extern const uint64_t wasmrun_resolve_beneath;
/// RESOLVE_NO_XDEV of openat2(2).
extern const uint64_t wasmrun_resolve_no_mounts;

/// fcntl(2) with a command that takes an int, or ignores it.
int wasmrun_fcntl(int descriptor, int command, int argument);

/// fstat(2) itself, which fills a `struct stat`: glibc makes it a newfstatat(2), which takes longer
/// and, to a filter of system calls, could be about any path.
int wasmrun_fstat(int descriptor, void *status);

/// getdents64(2): fills `buffer` with whole `struct linux_dirent64`; 0 at the end.
ssize_t wasmrun_getdents64(int descriptor, void *buffer, size_t byte_count);

/// renameat2(2) with RENAME_NOREPLACE: fails with EEXIST where `to` exists.
int wasmrun_rename_without_replacing(int from_directory, const char *from, int to_directory,
                                     const char *to);

/// fallocate(2), mode 0: the range gets space, the file grows to hold it.
int wasmrun_fallocate(int descriptor, int64_t offset, int64_t byte_count);

/// The file system's magic number, by fstatfs(2); -1 on failure.
int64_t wasmrun_file_system_magic(int descriptor);

/// pipe2(2) with O_CLOEXEC.
int wasmrun_pipe(int descriptors[_Nonnull 2]);

#pragma clang assume_nonnull end

#endif
