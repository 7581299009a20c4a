// Where the compiler is looked for.

import SystemCalls
import TestSupport
import Testing

@testable import ProgramRunner

@Suite struct CompilerProgramTests {
  @Test func itIsFoundBesideTheRunner() throws {
    let directory = try TemporaryDirectory()
    try directory.write("wasmrun-llvm", "a compiler")
    let found = try CompilerProgram.find(executablePath: OSString(directory.path + "/wasmrun"))
    #expect("\(found.path)" == directory.path + "/wasmrun-llvm")
  }

  @Test func itIsFoundInLibexec() throws {
    let directory = try TemporaryDirectory()
    for name in ["bin", "libexec", "libexec/wasmrun"] {
      try directory.descriptor.makeDirectory(name)
    }
    try directory.write("libexec/wasmrun/wasmrun-llvm", "a compiler")
    let found = try CompilerProgram.find(executablePath: OSString(directory.path + "/bin/wasmrun"))
    #expect("\(found.path)" == directory.path + "/bin/../libexec/wasmrun/wasmrun-llvm")
  }

  @Test func anotherBuildHasAnotherIdentity() throws {
    let directory = try TemporaryDirectory()
    let path = OSString(directory.path + "/wasmrun")
    try directory.write("wasmrun-llvm", "a compiler")
    let first = try CompilerProgram.find(executablePath: path).build
    #expect(try CompilerProgram.find(executablePath: path).build == first)
    try directory.descriptor.setTimes(
      of: "wasmrun-llvm", access: .now, modification: .nanoseconds(1_000_000_000))
    let touched = try CompilerProgram.find(executablePath: path).build
    #expect(touched != first)
    try directory.write("wasmrun-llvm", "another compiler")
    try directory.descriptor.setTimes(
      of: "wasmrun-llvm", access: .now, modification: .nanoseconds(1_000_000_000))
    #expect(try CompilerProgram.find(executablePath: path).build != touched)
  }

  @Test(arguments: [nil, "wasmrun"] as [OSString?])
  func withoutAPlaceItIsNotFound(path: OSString?) {
    #expect(throws: RunnerError.self) { try CompilerProgram.find(executablePath: path) }
  }

  @Test func aFolderOfThatNameIsNone() throws {
    let directory = try TemporaryDirectory()
    try directory.descriptor.makeDirectory("wasmrun-llvm")
    do throws(RunnerError) {
      _ = try CompilerProgram.find(executablePath: OSString(directory.path + "/wasmrun"))
      Issue.record("a folder was taken for the compiler")
    } catch {
      #expect(error.kind == .failed)
      #expect(error.hint != nil)
    }
  }
}
