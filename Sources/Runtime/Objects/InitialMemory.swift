// Memories' first contents, mapped from a file instead of copied.

package import CompilerInterface
package import SystemCalls
import WasmModule

/// Pages of a file, each run mapped privately: written pages become the process's own, all others
/// are shared through the page cache.
///
/// They are mapped when this is made, and moved into memories later, because a process that is
/// locked down can map no file any more. So this is for one instance.
package final class InitialMemory {
  private final class MappedRun {
    let run: PageRun
    private var pages: VirtualMemory?

    init(_ run: PageRun, _ pages: consuming VirtualMemory) {
      self.run = run
      self.pages = consume pages
    }

    func take() -> VirtualMemory? { pages.take() }
  }

  private var runs: [MappedRun] = []

  /// Maps the pages of `runs`, which follow each other in `file` from `fileOffset` on. The file may
  /// be closed afterwards but never changed.
  package init(
    _ runs: [PageRun], from file: FileDescriptor, at fileOffset: Int
  ) throws(Errno) {
    var place = fileOffset
    for run in runs {
      let byteCount = Int(run.byteCount)
      self.runs.append(
        MappedRun(
          run, try VirtualMemory(mappingForWriting: file, at: place, byteCount: byteCount)))
      place += byteCount
    }
  }

  /// Moves all pages into their places. A run outside of its memory is refused: the file's other
  /// parts say otherwise.
  func move(to memories: [LinearMemory]) throws(Errno) {
    for run in runs {
      guard Int(run.run.memory) < memories.count, let pages = run.take() else {
        throw .invalidArgument
      }
      try memories[Int(run.run.memory)].replacePages(at: run.run.offset, by: pages)
    }
  }
}
