// libuv, and the two of its calls on data whose request lives no longer than the call.
#include <errno.h>
#include <unistd.h>
#include <uv.h>

/// Reads into `buffers` at `offset`, or at the file's own offset where it is negative. Returns the
/// bytes read, or a negated errno.
static inline ssize_t wasmrun_uv_read(uv_file file, const uv_buf_t *_Nonnull buffers,
                                      unsigned count, int64_t offset) {
  // What libuv's call comes to as well, without making a request.
  if (count == 1 && offset < 0) {
    ssize_t result = read(file, buffers->base, buffers->len);
    return result < 0 ? -errno : result;
  }
  uv_fs_t request;
  uv_fs_read(NULL, &request, file, buffers, count, offset, NULL);
  ssize_t result = request.result;
  uv_fs_req_cleanup(&request);
  return result;
}

/// Writes `buffers` at `offset`, or at the file's own offset where it is negative. Returns the
/// bytes written, or a negated errno.
static inline ssize_t wasmrun_uv_write(uv_file file, const uv_buf_t *_Nonnull buffers,
                                       unsigned count, int64_t offset) {
  if (count == 1 && offset < 0) {
    ssize_t result;
    do {
      result = write(file, buffers->base, buffers->len);
    } while (result < 0 && errno == EINTR);
    return result < 0 ? -errno : result;
  }
  uv_fs_t request;
  uv_fs_write(NULL, &request, file, buffers, count, offset, NULL);
  ssize_t result = request.result;
  uv_fs_req_cleanup(&request);
  return result;
}
