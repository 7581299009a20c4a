// The file of a core dump: there in the end only if there was a trap.
//
// The process that runs the guest may neither make nor remove files once it is locked down. So the
// file is made before, under a name of its own, and a process that does nothing else waits: on a byte
// it gives the file its name, and where none comes, however the run ends, it removes it.

import SystemCalls
import WasmRuntime

/// A file to write a core dump to.
final class CoreDumpFile {
  let path: OSString
  let descriptor: FileDescriptor
  /// A byte written here keeps the file. nil once that is decided, and where the path is that of a
  /// device or a pipe, which is written as it is, and where a link leads.
  private var decision: FileDescriptor?
  /// A byte read here says that the file has its name.
  private let answer: FileDescriptor?

  /// Makes the file, which only its owner can read: it will hold all that the guest had in memory.
  /// This process must have one thread only.
  init(_ path: OSString) throws(RunnerError) {
    self.path = path
    do throws(Errno) {
      let here = FileDescriptor.currentDirectory
      // What a link leads to may be anything, and be somebody's open file, as /dev/stdout is.
      if let kind = try? here.status(of: path.cString).kind, kind != .regular {
        descriptor = try here.open(path.cString, [.writeOnly, .create], permissions: 0o600).take()
        (decision, answer) = (nil, nil)
        return
      }
      let (folder, name) = path.parts
      let partial = name + OSString(".\(ProcessEnvironment.processID).partial")
      let directory = try here.open(folder.cString, [.path, .directory])
      // Before the file is there: then it is removed however early this process ends.
      let keeper = try Self.startKeeper(directory.descriptor, partial, name)
      do throws(Errno) {
        descriptor = try directory.descriptor.open(
          partial.cString, [.writeOnly, .create, .exclusive], permissions: 0o600
        ).take()
      } catch {
        try? keeper.decision.close()
        try? keeper.answer.close()
        throw error
      }
      (decision, answer) = keeper
    } catch {
      throw RunnerError(.failed, "cannot write the core dump '\(path)'", "\(error)")
    }
  }

  /// Comes back when the keeper is there to stay.
  private static func startKeeper(
    _ directory: FileDescriptor, _ partial: OSString, _ name: OSString
  ) throws(Errno) -> (decision: FileDescriptor, answer: FileDescriptor) {
    let (decision, answer) = try forkKeeper(directory, partial, name)
    guard readByte(answer) else {
      try? decision.close()
      try? answer.close()
      throw .inputOutput
    }
    return (decision, answer)
  }

  private static func forkKeeper(
    _ directory: FileDescriptor, _ partial: OSString, _ name: OSString
  ) throws(Errno) -> (decision: FileDescriptor, answer: FileDescriptor) {
    let decisions = try FileDescriptor.pipe()
    let answers = try FileDescriptor.pipe()
    let decision = try decisions.writing.descriptor.duplicate()
    let answer = try answers.reading.descriptor.duplicate()
    try ChildProcess(
      forkingWith: [directory, decisions.reading.descriptor, answers.writing.descriptor]
    ) { keep(partial, name) }.release()
    return (decision.take(), answer.take())
  }

  deinit {
    discard()
    try? answer?.close()
    try? descriptor.close()
  }

  /// Gives the file its name; false where that is not possible.
  func keep() -> Bool {
    guard let decision else { return true }
    try? decision.writeAll([1])
    let isKept = hasAnswer()
    discard()
    return isKept
  }

  /// Lets the file be removed, unless it was kept, and waits until it is.
  func discard() {
    guard let decision else { return }
    try? decision.close()
    self.decision = nil
    _ = hasAnswer()
  }

  /// Writes what `store` holds after `trap`, and keeps the file. Tells where that fails: the trap is
  /// what matters.
  func write(
    _ trap: Trap, _ store: Store, _ modules: LinkedModules, of program: OSString,
    _ observer: any RunnerObserver
  ) {
    do throws(CoreDumpError) {
      try store.writeCoreDump(
        trap, program: program.description,
        moduleName: { modules.libraryName($0) ?? program.description }, to: descriptor)
    } catch {
      observer.warn("cannot write the core dump '\(path)': \(error)", hint: nil)
      return
    }
    if keep() {
      observer.noteIfWanted("left a core dump in '\(path)'")
    } else {
      observer.warn("cannot write the core dump '\(path)': \(Errno.inputOutput)", hint: nil)
    }
  }

  private func hasAnswer() -> Bool { answer.map { Self.readByte($0) } ?? false }

  /// Whether there is a byte before the end.
  private static func readByte(_ file: FileDescriptor) -> Bool {
    withUnsafeTemporaryAllocation(byteCount: 1, alignment: 1) { byte in
      (try? file.read(into: byte)) == 1
    }
  }

  // MARK: In the keeper's process.

  private static func keep(_ partial: OSString, _ name: OSString) -> Int32 {
    ChildProcess.outliveParent()
    let first = ChildProcess.firstDescriptor
    let directory = FileDescriptor(rawValue: first)
    let answers = FileDescriptor(rawValue: first + 2)
    do throws(Errno) {
      try answers.writeAll([1])
      if readByte(FileDescriptor(rawValue: first + 1)) {
        try directory.rename(partial.cString, to: directory, name.cString)
        try answers.writeAll([1])
      } else {
        try directory.unlink(partial.cString)
      }
      return 0
    } catch {
      return 1
    }
  }
}

extension OSString {
  /// The folder, `.` where none is named, and the name in it.
  fileprivate var parts: (folder: OSString, name: OSString) {
    guard let slash = bytes.lastIndex(of: UInt8(ascii: "/")) else { return (".", self) }
    return (OSString(bytes: bytes[...slash]), OSString(bytes: bytes[(slash + 1)...]))
  }
}
