// Helper programs get what they need and nothing else.

import SystemCalls
import TestSupport
import Testing

@Suite struct ChildProcessTests {
  /// Runs a shell script whose descriptor 3 is a pipe; says what it wrote there and how it ended.
  private static func run(
    _ script: String
  ) throws -> (output: String, end: ChildProcess.End) {
    let pipe = try FileDescriptor.pipe()
    let child = try ChildProcess(
      path: "/bin/sh", arguments: ["-c", script], descriptors: [pipe.writing.descriptor])
    let reading = try Self.closeWriting(pipe)
    var output: [UInt8] = []
    var buffer = Array(repeating: UInt8(0), count: 4_096)
    while true {
      let count = try buffer.withUnsafeMutableBytes { try reading.descriptor.read(into: $0) }
      if count == 0 { break }
      output += buffer[..<count]
    }
    return (String(decoding: output, as: UTF8.self), try child.wait())
  }

  private static func closeWriting(_ pipe: consuming Pipe) throws -> OwnedDescriptor {
    try pipe.reading.descriptor.duplicate()
  }

  @Test func theStatusIsTold() throws {
    #expect(try Self.run("exit 37").end == .exited(37))
    #expect(try Self.run("exit 0").end == .exited(0))
    #expect(try Self.run("kill -TERM $$").end == .killed(signal: 15))
  }

  /// This process has other threads, so the child does no more than make a system call.
  @Test func aForkedCopyHasItsDescriptorsAndTellsItsStatus() throws {
    let pipe = try FileDescriptor.pipe()
    let child = try ChildProcess(forkingWith: [pipe.writing.descriptor]) {
      let given = FileDescriptor(rawValue: ChildProcess.firstDescriptor)
      var letter: UInt8 = 65
      return withUnsafeBytes(of: &letter) { (try? given.writeAll($0)) == nil } ? 1 : 7
    }
    let reading = try Self.closeWriting(pipe)
    var buffer = Array(repeating: UInt8(0), count: 16)
    let count = try buffer.withUnsafeMutableBytes { try reading.descriptor.read(into: $0) }
    #expect(buffer[..<count] == [65])
    #expect(try child.wait() == .exited(7))
  }

  @Test func givenDescriptorsAreTheOnlyOnesBesideTheNullDevice() throws {
    let directory = try TemporaryDirectory()
    try directory.write("first")
    try directory.write("second")
    let first = try directory.descriptor.open("first", .readOnly)
    let second = try directory.descriptor.open("second", .readOnly)
    // In an order in which each would overwrite the other if they were not moved away first.
    let child = try ChildProcess(
      path: "/bin/sleep", arguments: ["1000"],
      descriptors: [second.descriptor, first.descriptor, second.descriptor])
    let folder = try FileDescriptor.currentDirectory.open(
      "/proc/\(child.processID)/fd", [.readOnly, .directory])
    #expect(
      try Self.targets(in: folder.descriptor) == [
        "0": "/dev/null", "1": "/dev/null", "2": "/dev/null", "3": directory.path + "/second",
        "4": directory.path + "/first", "5": directory.path + "/second",
      ])
  }

  @Test func standardStreamsCanBeGiven() throws {
    let directory = try TemporaryDirectory()
    try directory.write("output")
    try directory.write("errors")
    let output = try directory.descriptor.open("output", .writeOnly)
    let errors = try directory.descriptor.open("errors", .writeOnly)
    let child = try ChildProcess(
      path: "/bin/sh", arguments: ["-c", "cat; echo said; echo complained >&2; echo told >&3"],
      descriptors: [errors.descriptor], standardOutput: output.descriptor,
      standardError: errors.descriptor)
    #expect(try child.wait() == .exited(0))
    #expect(try directory.contents(of: "output") == "said\n")
    #expect(try directory.contents(of: "errors") == "complained\ntold\n")
  }

  @Test func theProcessorsTimeIsTold() throws {
    func time(_ script: String) throws -> Int64 {
      let child = try ChildProcess(path: "/bin/sh", arguments: ["-c", script], descriptors: [])
      let (end, microseconds) = try child.waitForTime()
      #expect(end == .exited(0))
      return microseconds
    }
    let busy = try time("i=0; while [ $i -lt 300000 ]; do i=$((i + 1)); done")
    #expect(busy > 10_000)
    // Of a child of its own, too; and waiting takes no time.
    #expect(try time("sh -c 'i=0; while [ $i -lt 300000 ]; do i=$((i + 1)); done'; true") > 10_000)
    #expect(try time("sleep 0.3") < 100_000)
  }

  /// Where each link of a directory leads.
  private static func targets(in folder: FileDescriptor) throws -> [String: String] {
    var targets: [String: String] = [:]
    var stream = DirectoryStream(try folder.open(".", [.readOnly, .directory]))
    while let entry = try stream.next() {
      let name = String(decoding: entry.name, as: UTF8.self)
      guard entry.kind == .symbolicLink else { continue }
      targets[name] = try String(unsafeUninitializedCapacity: 4_096) {
        try folder.readSymbolicLink(name, into: UnsafeMutableRawBufferPointer($0))
      }
    }
    return targets
  }

  @Test func whatCannotBeExecutedIsAnError() throws {
    #expect(throws: Errno.noSuchFileOrDirectory) {
      _ = try ChildProcess(path: "/nowhere/program", arguments: [], descriptors: [])
    }
    #expect(throws: Errno.permissionDenied) {
      _ = try ChildProcess(path: "/etc/passwd", arguments: [], descriptors: [])
    }
  }

  @Test func moreDescriptorsThanThereIsRoomForAreAnError() throws {
    #expect(throws: Errno.invalidArgument) {
      _ = try ChildProcess(
        path: "/bin/true", arguments: [],
        descriptors: Array(repeating: .standardInput, count: 9))
    }
  }

  @Test func aChildLeadsItsOwnSession() throws {
    // Fields of /proc/PID/stat: 1 the process, 6 its session.
    let fields = try Self.run("read line < /proc/$$/stat; echo $line >&3").output.split(
      separator: " ")
    #expect(fields.count > 6 && fields[0] == fields[5])
  }

  @Test func aChildThatNobodyWaitsForIsKilled() throws {
    let pipe = try FileDescriptor.pipe()
    do {
      _ = try ChildProcess(
        path: "/bin/sleep", arguments: ["1000"], descriptors: [pipe.writing.descriptor])
    }
    let reading = try Self.closeWriting(pipe)
    var byte: [UInt8] = [0]
    // The pipe's end is read only when the child is gone.
    #expect(try byte.withUnsafeMutableBytes { try reading.descriptor.read(into: $0) } == 0)
  }
}
