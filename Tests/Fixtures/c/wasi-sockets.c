// Sockets that listen: what they are, and what is answered before anybody has connected.
#include "check.h"

int main(void) {
  enum { listener = 4, other = 5 };
  for (__wasi_fd_t socket = listener; socket <= other; socket++) {
    __wasi_fdstat_t status;
    OK(__wasi_fd_fdstat_get(socket, &status));
    EQUAL(status.fs_filetype, __WASI_FILETYPE_SOCKET_STREAM);
    OK(__wasi_fd_fdstat_set_flags(socket, __WASI_FDFLAGS_NONBLOCK));
    OK(__wasi_fd_fdstat_get(socket, &status));
    EQUAL(status.fs_flags, __WASI_FDFLAGS_NONBLOCK);
    __wasi_fd_t connection;
    ERROR(__wasi_sock_accept(socket, 0, &connection), AGAIN);
    ERROR(__wasi_sock_accept(socket, __WASI_FDFLAGS_APPEND, &connection), INVAL);
    char bytes[4];
    __wasi_iovec_t buffer = {(uint8_t *)bytes, sizeof bytes};
    __wasi_ciovec_t text = {(const uint8_t *)"text", 4};
    __wasi_size_t count;
    __wasi_roflags_t flags;
    TRUE(__wasi_sock_recv(socket, &buffer, 1, 0, &count, &flags) != __WASI_ERRNO_SUCCESS);
    TRUE(__wasi_sock_send(socket, &text, 1, 0, &count) != __WASI_ERRNO_SUCCESS);
    ERROR(__wasi_sock_shutdown(socket, __WASI_SDFLAGS_RD), NOTCAPABLE);
    __wasi_filesize_t place;
    ERROR(__wasi_fd_tell(socket, &place), SPIPE);
    // Nobody connects: a wait ends with its time.
    __wasi_subscription_t waits[2] = {{.userdata = 1}, {.userdata = 2}};
    waits[0].u.tag = __WASI_EVENTTYPE_FD_READ;
    waits[0].u.u.fd_read.file_descriptor = socket;
    waits[1].u.tag = __WASI_EVENTTYPE_CLOCK;
    waits[1].u.u.clock.id = __WASI_CLOCKID_MONOTONIC;
    waits[1].u.u.clock.timeout = 10000000;
    __wasi_event_t events[2];
    OK(__wasi_poll_oneoff(waits, events, 2, &count));
    EQUAL(count, 1);
    EQUAL(events[0].userdata, 2);
  }
  __wasi_fd_t connection;
  ERROR(__wasi_sock_accept(1, 0, &connection), NOTSOCK);
  ERROR(__wasi_sock_accept(folder, 0, &connection), NOTSOCK);
  ERROR(__wasi_sock_accept(99, 0, &connection), BADF);
  ERROR(__wasi_sock_shutdown(1, __WASI_SDFLAGS_RD), NOTSOCK);
  ERROR(__wasi_sock_shutdown(99, __WASI_SDFLAGS_RD), BADF);
  return finish();
}
