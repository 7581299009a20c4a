// Socket calls: see wasmrun_sockets.h.
#define _GNU_SOURCE
#include "wasmrun_sockets.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

union address {
  struct sockaddr any;
  struct sockaddr_in v4;
  struct sockaddr_in6 v6;
};

/// Fills in the address; its length, or 0 where the text is none.
static socklen_t parse(const char *host, uint16_t port, union address *address) {
  *address = (union address){0};
  if (inet_pton(AF_INET, host, &address->v4.sin_addr) == 1) {
    address->v4.sin_family = AF_INET;
    address->v4.sin_port = htons(port);
    return sizeof address->v4;
  }
  if (inet_pton(AF_INET6, host, &address->v6.sin6_addr) == 1) {
    address->v6.sin6_family = AF_INET6;
    address->v6.sin6_port = htons(port);
    return sizeof address->v6;
  }
  return 0;
}

/// Closes a socket without changing errno; -1.
static int give_up(int descriptor) {
  int error = errno;
  if (descriptor != -1) close(descriptor);
  errno = error;
  return -1;
}

int wasmrun_listen(const char *host, uint16_t port) {
  union address address;
  socklen_t length = parse(host, port, &address);
  if (length == 0) {
    errno = EINVAL;
    return -1;
  }
  int made = socket(address.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (made == -1) return -1;
  int on = 1;
  int is_v6 = address.any.sa_family == AF_INET6;
  if (setsockopt(made, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == -1 ||
      (is_v6 && setsockopt(made, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on) == -1) ||
      bind(made, &address.any, length) == -1 || listen(made, SOMAXCONN) == -1)
    return give_up(made);
  return made;
}

/// Whether a socket stands at the address that nobody listens on any more.
static int is_stale(const struct sockaddr_un *address) {
  struct stat status;
  if (lstat(address->sun_path, &status) == -1 || !S_ISSOCK(status.st_mode)) return 0;
  int probe = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (probe == -1) return 0;
  int result = connect(probe, (const struct sockaddr *)address, sizeof *address);
  int is_refused = result == -1 && errno == ECONNREFUSED;
  close(probe);
  return is_refused;
}

int wasmrun_listen_unix(const char *path) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  size_t length = strlen(path);
  if (length == 0 || length >= sizeof address.sun_path) {
    errno = length == 0 ? ENOENT : ENAMETOOLONG;
    return -1;
  }
  memcpy(address.sun_path, path, length + 1);
  int made = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (made == -1) return -1;
  int result = bind(made, (struct sockaddr *)&address, sizeof address);
  if (result == -1 && errno == EADDRINUSE) {
    if (is_stale(&address) && unlink(path) == 0)
      result = bind(made, (struct sockaddr *)&address, sizeof address);
    else
      errno = EADDRINUSE;
  }
  if (result == -1 || listen(made, SOMAXCONN) == -1) return give_up(made);
  return made;
}

int wasmrun_socket_port(int descriptor) {
  union address address;
  socklen_t length = sizeof address;
  if (getsockname(descriptor, &address.any, &length) == -1) return -1;
  // The port is at the same place in both.
  return ntohs(address.v4.sin_port);
}

int wasmrun_accept(int descriptor, int nonblocking) {
  return accept4(descriptor, NULL, NULL, SOCK_CLOEXEC | (nonblocking ? SOCK_NONBLOCK : 0));
}

ssize_t wasmrun_receive(int descriptor, const void *buffers, size_t count, int peek, int wait_all,
                        int *truncated) {
  struct msghdr message = {.msg_iov = (struct iovec *)buffers, .msg_iovlen = count};
  int flags = (peek ? MSG_PEEK : 0) | (wait_all ? MSG_WAITALL : 0);
  ssize_t result = recvmsg(descriptor, &message, flags);
  *truncated = result >= 0 && (message.msg_flags & MSG_TRUNC) != 0;
  return result;
}

ssize_t wasmrun_send(int descriptor, const void *buffers, size_t count) {
  struct msghdr message = {.msg_iov = (struct iovec *)buffers, .msg_iovlen = count};
  return sendmsg(descriptor, &message, MSG_NOSIGNAL);
}
