// A second thread that keeps swapping a directory for a symbolic link.

import Glibc
import SystemCalls
import TestSupport

/// Renames a directory away, puts a link in its place, and puts it back, again and again.
final class Swapper {
  private var thread = pthread_t()

  private final class Work {
    let directory: TemporaryDirectory
    let path: String
    let swapCount: Int

    init(_ directory: TemporaryDirectory, _ path: String, _ swapCount: Int) {
      self.directory = directory
      self.path = path
      self.swapCount = swapCount
    }

    func run() {
      let top = directory.descriptor
      for _ in 0..<swapCount {
        try? top.rename(path, to: top, "away")
        try? top.rename("link", to: top, path)
        try? top.rename(path, to: top, "link")
        try? top.rename("away", to: top, path)
      }
    }
  }

  /// Starts the thread; `path` is the directory, `contents` what the link holds.
  init(
    in directory: TemporaryDirectory, _ path: String, holding contents: String, swapCount: Int
  ) throws {
    try directory.descriptor.makeSymbolicLink("link", holding: contents)
    let work = Unmanaged.passRetained(Work(directory, path, swapCount))
    pthread_create(
      &thread, nil,
      { argument in
        Unmanaged<Work>.fromOpaque(argument!).takeRetainedValue().run()
        return nil
      }, work.toOpaque())
  }

  /// Waits until all swaps are done.
  func wait() { pthread_join(thread, nil) }
}
