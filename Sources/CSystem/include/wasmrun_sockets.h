// The socket calls whose structures Swift does not see well. All return -1 and set errno on failure.

#ifndef WASMRUN_SOCKETS_H
#define WASMRUN_SOCKETS_H

#include <stdint.h>
#include <sys/types.h>

#pragma clang assume_nonnull begin

/// A TCP socket, closed on exec, that listens on `port` of `host`, an IPv4 or IPv6 address in
/// digits; EINVAL for any other text. Port 0 is one that is free. IPv6 sockets take no IPv4.
int wasmrun_listen(const char *host, uint16_t port);

/// A unix socket, closed on exec, that listens at `path`. A socket that stands there and that nobody
/// listens on any more is replaced; EADDRINUSE for anything else. ENAMETOOLONG beyond 107 bytes.
int wasmrun_listen_unix(const char *path);

/// The port of a listening socket.
int wasmrun_socket_port(int descriptor);

/// accept4(2) with SOCK_CLOEXEC, and with SOCK_NONBLOCK if `nonblocking` is not 0.
int wasmrun_accept(int descriptor, int nonblocking);

/// recvmsg(2) into `count` buffers, laid out as `struct iovec`; `truncated` becomes 1 where a
/// datagram was longer.
ssize_t wasmrun_receive(int descriptor, const void *buffers, size_t count, int peek, int wait_all,
                        int *truncated);

/// sendmsg(2) from `count` buffers, without SIGPIPE.
ssize_t wasmrun_send(int descriptor, const void *buffers, size_t count);

#pragma clang assume_nonnull end

#endif
