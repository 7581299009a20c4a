// Reading modules from files and whatever else has a name.

import SystemCalls
import TestSupport
import Testing

@testable import ProgramRunner

@Suite struct ModuleFileTests {
  private static func error(_ path: String) -> RunnerError? {
    do throws(RunnerError) {
      _ = try ModuleFile(OSString(path))
      return nil
    } catch {
      return error
    }
  }

  @Test(arguments: [0, 1, 4_095, 4_096, 65_535, 65_536, 5_000_000])
  func allOfAFileIsRead(byteCount: Int) throws {
    let directory = try TemporaryDirectory()
    let content = String(repeating: "0123456789", count: byteCount / 10 + 1).prefix(byteCount)
    try directory.write("module", String(content))
    let file = try ModuleFile(OSString(directory.path + "/module"))
    #expect(file.bytes.elementsEqual(content.utf8))
  }

  @Test func changesOfTheFileAreNotSeen() throws {
    let directory = try TemporaryDirectory()
    try directory.write("module", "before")
    let file = try ModuleFile(OSString(directory.path + "/module"))
    try directory.write("module", "after it")
    #expect(file.bytes.elementsEqual("before".utf8))
  }

  @Test(arguments: [10, 65_536, 300_000])
  func whatDoesNotTellItsSizeIsReadToItsEnd(byteCount: Int) throws {
    let pipe = try FileDescriptor.pipe()
    // The writer is another process, for a pipe holds 64 KiB only.
    let child = try ChildProcess(
      path: "/bin/sh", arguments: ["-c", "head -c \(byteCount) /dev/zero >&3"],
      descriptors: [pipe.writing.descriptor])
    let reading = try pipe.reading.descriptor.duplicate()
    _ = consume pipe
    let file = try ModuleFile(OSString("/proc/self/fd/\(reading.descriptor.rawValue)"))
    #expect(file.bytes.count == byteCount)
    #expect(try child.wait() == .exited(0))
  }

  @Test(arguments: ["(module)", " ;; x\n(module (memory 1))", "(; x ;) (func)", "\n(module)"])
  func textIsTranslated(text: String) throws {
    let directory = try TemporaryDirectory()
    try directory.write("module.txt", text)
    let file = try ModuleFile(OSString(directory.path + "/module.txt"))
    #expect(file.bytes.starts(with: "\0asm".utf8))
  }

  @Test func wrongTextIsRefusedWithItsPlace() throws {
    let directory = try TemporaryDirectory()
    try directory.write("module", "(module\n  (fun))")
    let path = directory.path + "/module"
    let error = try #require(Self.error(path))
    #expect(error.kind == .notRunnable)
    #expect(error.what == "\(path):2:4")
    #expect(error.why == "expected a field of the module, found 'fun'")
  }

  @Test func theNameSaysThatItIsText() throws {
    let directory = try TemporaryDirectory()
    try directory.write("a.wat", "module")
    try directory.write("a.wasm", "module")
    try directory.write("empty.wat", "")
    try directory.write("binary.wat", "\0asm")
    let path = directory.path + "/"
    #expect(Self.error(path + "a.wat")?.what == "\(path)a.wat:1:1")
    for (name, bytes) in [("a.wasm", "module"), ("binary.wat", "\0asm")] {
      let file = try ModuleFile(OSString(path + name))
      #expect(file.bytes.elementsEqual(bytes.utf8))
    }
    let empty = try ModuleFile(OSString(path + "empty.wat"))
    #expect(empty.bytes.count == 8)
  }

  @Test func whatIsMissingIsNotFound() throws {
    let directory = try TemporaryDirectory()
    try directory.write("file")
    for name in ["missing", "file/below", "missing/below"] {
      #expect(Self.error(directory.path + "/" + name)?.kind == .notFound)
    }
  }

  @Test func directoriesAndHugeFilesAreRefusedUnread() throws {
    let directory = try TemporaryDirectory()
    #expect(Self.error(directory.path)?.kind == .notRunnable)
    try directory.write("huge")
    let file = try directory.descriptor.open("huge", .readWrite)
    try file.descriptor.truncate(to: 1 << 40)
    let error = try #require(Self.error(directory.path + "/huge"))
    #expect(error.kind == .notRunnable)
    #expect(error.why.contains("more bytes than a module may have"))
  }

  @Test func aFailureOfTheMachineIsNotTheModulesFault() throws {
    let directory = try TemporaryDirectory()
    try directory.write("module", "content")
    FaultInjection.withFault(.read, .inputOutput) {
      #expect(Self.error(directory.path + "/module")?.kind == .failed)
    }
    FaultInjection.withFault(.mmap, .noMemory) {
      #expect(Self.error(directory.path + "/module")?.kind == .failed)
    }
  }
}
