// Descriptors that several threads share: what one closes, another may be using.

import CompilerInterface
import SystemCalls
import TestSupport
import Testing

@testable import WASI

@Suite struct SharedDescriptorTests {
  /// A guest with a folder at 3 and two open files, and a second thread's context.
  private struct Threads {
    let directory: TemporaryDirectory
    let first: WASIContext
    let second: WASIContext
    let files: [FileDescriptor]
    private let inodes: [UInt64]

    init(fileCount: Int = 2) throws {
      directory = try TemporaryDirectory()
      var configuration = WASIConfiguration(
        preopens: [try Preopen.open(hostPath: directory.path, guestPath: "/")])
      configuration.maximumDescriptorCount = 64
      first = try WASIContext(configuration)
      first.beginSharing(ThreadSharing(GuestEnd()))
      second = WASIContext(forThreadBeside: first)
      var files: [FileDescriptor] = []
      for number in 0..<fileCount {
        let file = try FileDescriptor.memoryFile(named: "file \(number)").take()
        files.append(file)
        let descriptor = Descriptor(
          file: file, kind: .regular, isOwned: true, rights: .all, inheritedRights: [])
        #expect(try first.table.pointee.insert(descriptor) == UInt32(4 + number))
      }
      self.files = files
      inodes = try files.map { try $0.status().inode }
    }

    /// Other tests, which run at the same time, may have got the number of one that is closed.
    func isOpen(_ file: FileDescriptor) -> Bool {
      (try? file.status())?.inode == inodes[files.firstIndex(of: file)!]
    }
  }

  @Test func aFileIsClosedByWhoLetsGoOfItLast() throws {
    let threads = try Threads()
    #expect(threads.first.hold(4))
    #expect(threads.second.hold(4))
    try threads.second.table.pointee.close(4)
    threads.second.releaseHeld()
    // The guest has closed it, and nobody else gets it; the first thread's call still has it.
    #expect(!threads.second.hold(4))
    #expect(threads.isOpen(threads.files[0]))
    #expect(try threads.first.table.pointee.file(4, needing: .fdRead) == threads.files[0])
    let file = try FileDescriptor.memoryFile(named: "new").take()
    let other = Descriptor(
      file: file, kind: .regular, isOwned: true, rights: .all, inheritedRights: [])
    #expect(try threads.second.table.pointee.insert(other) == 6)
    #expect(throws: Errno.badFileDescriptor) { try threads.first.table.pointee.close(4) }
    threads.first.releaseHeld()
    #expect(!threads.isOpen(threads.files[0]))
    // Now the number is free.
    let last = Descriptor(
      file: try FileDescriptor.memoryFile(named: "last").take(), kind: .regular, isOwned: true,
      rights: .all, inheritedRights: [])
    #expect(try threads.second.table.pointee.insert(last) == 4)
  }

  @Test func aDescriptorInUseIsNotMoved() throws {
    let threads = try Threads()
    #expect(threads.first.hold(5))
    #expect(threads.second.hold(4) && threads.second.hold(5))
    #expect(throws: Errno.busy) { try threads.second.table.pointee.renumber(4, to: 5) }
    #expect(throws: Errno.busy) { try threads.second.table.pointee.renumber(5, to: 4) }
    threads.first.releaseHeld()
    try threads.second.table.pointee.renumber(4, to: 5)
    threads.second.releaseHeld()
    #expect(!threads.first.hold(4))
    #expect(threads.first.hold(5))
    #expect(try threads.first.table.pointee.file(5, needing: .fdRead) == threads.files[0])
    threads.first.releaseHeld()
    #expect(threads.isOpen(threads.files[0]))
    #expect(!threads.isOpen(threads.files[1]))
  }

  /// Without threads nothing is held, and closing closes.
  @Test func oneThreadHoldsNothing() throws {
    let context = try WASIContext(WASIConfiguration())
    #expect(context.hold(77))
    context.releaseHeld()
    let file = try FileDescriptor.memoryFile(named: "file").take()
    let inode = try file.status().inode
    let descriptor = Descriptor(
      file: file, kind: .regular, isOwned: true, rights: .all, inheritedRights: [])
    #expect(try context.table.pointee.insert(descriptor) == 3)
    try context.table.pointee.close(3)
    // Another test may have got the number meanwhile.
    #expect((try? file.status())?.inode != inode)
  }

  /// Every function that takes a descriptor holds it, and arguments that are held are 32 bits wide.
  @Test func descriptorsOfAllFunctionsAreKnown() {
    for index in Preview1Function.snapshot.indices {
      let function = Preview1Function.snapshot[index]
      let name = function.name.description
      let places = ThreadedFunction.places(in: name)
      let letters = Array(function.parameters.description)
      for place in places { #expect(letters[place] == "i", "\(name)") }
      let family = name.prefix { $0 != "_" }
      #expect(places.isEmpty != ["fd", "path", "sock"].contains(family), "\(name)")
      // Where the trace has a descriptor before a path, so has this.
      let shown = Array(TraceFormat.letters(of: name))
      if family == "path" {
        #expect(shown.filter { $0 == "n" }.count == places.count, "\(name)")
      }
    }
  }
}
