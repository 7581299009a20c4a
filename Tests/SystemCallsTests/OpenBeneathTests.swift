// A path stays in its directory, whoever resolves it, and both resolvers answer alike.

import SystemCalls
import TestSupport
import Testing

@Suite struct OpenBeneathTests {
  /// A grant `inside` with links of every kind, and things beside it that must stay out of reach.
  private struct Tree {
    let directory: TemporaryDirectory
    let grant: OwnedDescriptorBox
    /// (device, inode) of all that may be opened.
    var inside: Set<[UInt64]> = []

    init() throws {
      directory = try TemporaryDirectory()
      let top = directory.descriptor
      try directory.write("secret", "s")
      try top.makeDirectory("other")
      try top.makeDirectory("inside")
      try top.makeDirectory("inside/d")
      try directory.write("inside/f", "f")
      try directory.write("inside/d/g", "g")
      let links = [
        "to-f": "f", "to-d": "d", "to-f-slash": "f/", "to-d-slash": "d/", "to-g": "d/g",
        "chain": "to-d", "dangling": "nothing", "loop": "loop", "long-way": "d/../d/./../f",
        "up": "..", "up-slash": "../", "to-secret": "../secret", "around": "../inside/f",
        "absolute": "/etc/passwd", "root": "/", "absolute-inside": directory.path + "/inside/f",
        "d/back": "../f", "d/out": "../../secret", "d/self": ".",
      ]
      for (name, target) in links {
        try top.makeSymbolicLink("inside/\(name)", holding: target)
      }
      grant = OwnedDescriptorBox(try top.open("inside", [.readOnly, .directory]))
      for name in [".", "f", "d", "d/g"] + links.keys {
        inside.insert(try identity(top.status(of: "inside/\(name)")))
      }
    }
  }

  private static func paths() -> [String] {
    let names = [
      "f", "d", "nothing", "to-f", "to-d", "to-f-slash", "to-d-slash", "to-g", "chain", "dangling",
      "loop", "long-way", "up", "up-slash", "to-secret", "around", "absolute", "root",
      "absolute-inside", "d/back", "d/out", "d/self", "chain/g", "chain/back", "chain/out",
      "d/../f",
      "d/../../secret", "up/secret", "up/inside/f", ".", "..", "../secret", "../inside/f", "/",
      "/f",
      "", "d/self/self/back",
    ]
    let endings = ["", "/", "//", "/.", "/..", "/../f", "/../../secret", "/./", "/../"]
    return names.flatMap { name in endings.map { name + $0 } }
  }

  private static let ways: [OpenFlags] = [
    .readOnly, .path, [.path, .noFollow], [.readOnly, .directory], [.path, .directory],
    [.readOnly, .noFollow], [.readOnly, .directory, .noFollow], .readWrite, [.writeOnly, .append],
    [.path, .directory, .noFollow],
  ]

  @Test(arguments: ways)
  func resolversAgree(_ flags: OpenFlags) throws {
    let tree = try Tree()
    for path in Self.paths() {
      let byKernel = outcome(tree, path, flags, .kernel)
      let byWalk = outcome(tree, path, flags, .componentWalk)
      #expect(byKernel == byWalk, "\(path)")
      for case .opened(let identity) in [byKernel, byWalk] {
        #expect(tree.inside.contains(identity), "\(path) led outside")
      }
    }
  }

  @Test(arguments: [OpenFlags.create, [.create, .exclusive], [.create, .noFollow]])
  func resolversCreateAlike(_ flags: OpenFlags) throws {
    let tree = try Tree()
    let paths = [
      "new", "d/new", "to-d/new", "dangling", "up/new", "../new", "new/", "new//", "new/.", "d/",
      "d/.", "f", "f/", "f/new", "nothing/new", "absolute", "/new", "to-f", "to-d", "loop",
      "to-secret", "to-f-slash", "to-d-slash/new", "around", ".", "..", "d/self/new", "d/out",
      "d/../new", "",
    ]
    for path in paths {
      let made = [BeneathStrategy.kernel, .componentWalk].map { strategy in
        // A new file's inode says nothing; what matters is the error and the names there are.
        let error: Errno? =
          if case .refused(let error) = outcome(tree, path, flags.union(.writeOnly), strategy) {
            error
          } else {
            nil
          }
        let names = ["new", "nothing", "d/new"].filter { (name: String) in
          (try? tree.grant.descriptor.unlink(name)) != nil
        }
        let outside = try? tree.directory.descriptor.status(of: "new")
        #expect(outside == nil, "\(path) made a file outside")
        return Made(error: error, names: names)
      }
      #expect(made[0] == made[1], "\(path)")
    }
  }

  @Test func anEscapeIsCrossDevice() throws {
    let tree = try Tree()
    for strategy in [BeneathStrategy.kernel, .componentWalk] {
      for path in ["..", "../secret", "/", "/etc/passwd", "up", "to-secret", "absolute", "d/out"] {
        #expect(outcome(tree, path, .readOnly, strategy) == .refused(.crossDevice), "\(path)")
      }
    }
  }

  @Test func linksMayNestFortyTimes() throws {
    let directory = try TemporaryDirectory()
    try directory.write("l0")
    for index in 1...41 {
      try directory.descriptor.makeSymbolicLink("l\(index)", holding: "l\(index - 1)")
    }
    for strategy in [BeneathStrategy.kernel, .componentWalk] {
      _ = try directory.descriptor.openBeneath("l40", .readOnly, by: strategy)
      #expect(throws: Errno.tooManySymbolicLinks) {
        try directory.descriptor.openBeneath("l41", .readOnly, by: strategy).close()
      }
    }
  }

  @Test func theWalkLeavesNoDescriptorOpen() throws {
    let tree = try Tree()
    let before = try openDescriptorCount(below: tree.directory.path)
    for path in Self.paths() { _ = outcome(tree, path, .readOnly, .componentWalk) }
    #expect(try openDescriptorCount(below: tree.directory.path) == before)
  }

  private struct Made: Equatable {
    var error: Errno?
    var names: [String]
  }

  private enum Outcome: Equatable {
    case opened([UInt64])
    case refused(Errno)
  }

  private func outcome(
    _ tree: Tree, _ path: String, _ flags: OpenFlags, _ strategy: BeneathStrategy
  ) -> Outcome {
    do throws(Errno) {
      let opened = try tree.grant.descriptor.openBeneath(path, flags, by: strategy)
      return .opened(identity(try opened.descriptor.status()))
    } catch {
      return .refused(error)
    }
  }
}

#if DEBUG
  @Suite struct OpenBeneathFaultTests {
    @Test(arguments: [Errno.notImplemented, .notPermitted])
    func aKernelThatRefusesTheCallIsDetected(_ error: Errno) {
      let strategy = FaultInjection.withFault(.openat2, error) { BeneathStrategy.probe() }
      #expect(strategy == .componentWalk)
      #expect(BeneathStrategy.probe() == .kernel)
    }

    @Test(arguments: [1, 15, 16, 100])
    func anUnsureKernelIsAskedAgainAndThenReplaced(_ failures: Int) throws {
      let directory = try TemporaryDirectory()
      try directory.write("f", "text")
      try FaultInjection.withFault(.openat2, .wouldBlock, failures: failures) {
        let file = try directory.descriptor.openBeneath("f", .readOnly)
        #expect(try file.descriptor.status().byteCount == 4)
      }
    }

    @Test func otherErrorsPassAsTheyAre() throws {
      let directory = try TemporaryDirectory()
      FaultInjection.withFault(.openat2, .tooManyOpenFiles) {
        #expect(throws: Errno.tooManyOpenFiles) {
          try directory.descriptor.openBeneath("f", .readOnly).close()
        }
      }
    }
  }
#endif

/// A descriptor that a copyable value can own.
private final class OwnedDescriptorBox: Sendable {
  private let owned: OwnedDescriptor
  init(_ owned: consuming OwnedDescriptor) { self.owned = owned }
  var descriptor: FileDescriptor { owned.descriptor }
}

private func identity(_ status: FileStatus) -> [UInt64] { [status.device, status.inode] }
