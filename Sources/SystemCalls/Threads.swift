// Threads: those that split work among processors, and those that end by themselves.

import CSystem
import Glibc

/// Processors that are on line, 1 at least. The corresponding C function is `sysconf`.
package func availableProcessorCount() -> Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }

/// Runs `body` on `count` new threads at once, each with a stack of `stackByteCount` bytes, and
/// returns when all are done. Throws what `pthread_create` says if not even one thread could be
/// made; with fewer threads than asked for, those that exist do the work.
package func runOnThreads(
  _ count: Int, stackByteCount: Int, _ body: @escaping @Sendable () -> Void
) throws(Errno) {
  var attributes = pthread_attr_t()
  var result = pthread_attr_init(&attributes)
  if result == 0 { result = pthread_attr_setstacksize(&attributes, stackByteCount) }
  defer { pthread_attr_destroy(&attributes) }
  var threads: [pthread_t] = []
  while result == 0, threads.count < count {
    var thread = pthread_t()
    let work = Unmanaged.passRetained(ThreadWork(body))
    result = pthread_create(&thread, &attributes, runThreadWork, work.toOpaque())
    if result == 0 { threads.append(thread) } else { work.release() }
  }
  for thread in threads { pthread_join(thread, nil) }
  if threads.isEmpty { throw Errno(rawValue: result) }
}

/// Runs `body` on a new thread that nobody waits for, with a stack of `stackByteCount` bytes. Throws
/// what `pthread_create` says.
package func startThread(
  stackByteCount: Int, _ body: @escaping @Sendable () -> Void
) throws(Errno) {
  var attributes = pthread_attr_t()
  var result = pthread_attr_init(&attributes)
  if result == 0 { result = pthread_attr_setstacksize(&attributes, stackByteCount) }
  if result == 0 {
    result = pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
  }
  defer { pthread_attr_destroy(&attributes) }
  if result == 0 {
    var thread = pthread_t()
    let work = Unmanaged.passRetained(ThreadWork(body))
    result = pthread_create(&thread, &attributes, runThreadWork, work.toOpaque())
    if result != 0 { work.release() }
  }
  if result != 0 { throw Errno(rawValue: result) }
}

private final class ThreadWork: Sendable {
  let body: @Sendable () -> Void
  init(_ body: @escaping @Sendable () -> Void) { self.body = body }
}

private func runThreadWork(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  if let argument { Unmanaged<ThreadWork>.fromOpaque(argument).takeRetainedValue().body() }
  return nil
}
