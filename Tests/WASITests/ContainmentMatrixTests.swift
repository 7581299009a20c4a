// Every call on paths with every kind of path, in both kinds of grants and both ways of resolving:
// nothing outside of the grant is read or changed, and what is inside is found.

import SystemCalls
import TestSupport
import Testing

@testable import WASI

/// A way to resolve, and a kind of grant.
struct GrantKind: Sendable, CustomTestStringConvertible {
  var strategy: BeneathStrategy
  var isReadOnly: Bool

  static let all = strategies.flatMap { strategy in
    [false, true].map { GrantKind(strategy: strategy, isReadOnly: $0) }
  }

  var testDescription: String { "\(strategy), \(isReadOnly ? "read-only" : "writable")" }
}

@Suite(.serialized) struct ContainmentMatrixTests {
  /// Names in the grant: files, folders, links that stay, links that leave, chains, loops.
  static let names = [
    "f", "d", "d/f", "e", "missing", "to-f", "to-d", "to-d-slash", "dot", "up", "up-slash", "out",
    "out-slash", "out-folder-slash", "absolute", "absolute-slash", "absolute-folder", "in-again",
    "chain", "chain-slash", "long", "too-long", "loop", "self", "d/out", "d/up", "magic",
    "magic-in",
  ]

  private static let links = [
    "to-f": "f", "to-d": "d", "to-d-slash": "d/", "dot": ".", "up": "..", "up-slash": "../",
    "out": "../f", "out-slash": "../f/", "out-folder-slash": "../folder/",
    "absolute": "/etc/passwd",
    "absolute-slash": "/etc/", "in-again": "../inside/f", "chain": "chain-1",
    "chain-1": "d/chain-2",
    "d/chain-2": "../chain-3/", "chain-3": "d/../..", "chain-slash": "to-d-slash/../up-slash",
    "loop": "loop-1", "loop-1": "d/../loop", "self": "self", "d/out": "../../folder/f",
    "d/up": "../..", "magic": "/proc/self/cwd", "magic-in": "magic/inside",
  ]

  /// The name in the middle.
  private static let shapes = [
    ("", ""), ("", "/"), ("", "//"), ("", "/."), ("", "/.."), ("", "/../"), ("", "/../.."),
    ("", "/../../f"), ("", "/f"), ("", "//f"), ("", "/folder/f"), ("./", ""), (".//", "/"),
    ("d/../", ""), ("d/../../", ""), ("../", ""), ("../inside/", ""), ("/", ""), ("e/./../", ""),
    ("to-d/../", "/."), ("up/", ""),
  ]

  static let paths: [String] =
    names.flatMap { name in shapes.map { $0 + name + $1 } }
    + ["..", "../", "/", "//", ".", "./", "./..", "/etc/passwd", "/etc/", "....", "..f", "d/...."]

  /// A grant at `inside`; beside it, files and folders of the same names.
  final class World {
    let directory: TemporaryDirectory
    let inside: FileDescriptor
    let guest: Guest

    init(_ kind: GrantKind) throws {
      directory = try TemporaryDirectory()
      let top = directory.descriptor
      for name in ["d", "e", "folder", "inside"] { try top.makeDirectory(name) }
      for name in ["f", "d/f", "folder/f"] { try directory.write(name, "outside") }
      inside = try top.open("inside", [.readOnly, .directory]).take()
      var configuration = WASIConfiguration(
        preopens: [
          try Preopen.open(
            hostPath: directory.path + "/inside", guestPath: "/", isReadOnly: kind.isReadOnly)
        ])
      configuration.beneathStrategy = kind.strategy
      guest = try Guest(configuration)
      try fill()
    }

    deinit { try? inside.close() }

    /// What there is in the grant, folders before what is in them.
    private enum Item: Equatable {
      case folder
      case file
      case link(String)
    }

    private static func items(_ folder: String) -> [(name: String, item: Item)] {
      var items: [(String, Item)] = [("d", .folder), ("e", .folder), ("chains", .folder)]
      items += ["f", "d/f", "fresh-file"].map { ($0, .file) }
      items += links.sorted { $0.key < $1.key }.map { ($0.key, .link($0.value)) }
      items.append(("absolute-folder", .link(folder)))
      // 40 links that lead to one another, and one more than can be.
      for (name, count) in [("long", 40), ("too-long", 41)] {
        items.append((name, .link("chains/\(name)-1")))
        for number in 1..<count {
          let target = number + 1 < count ? "\(name)-\(number + 1)" : "../f"
          items.append(("chains/\(name)-\(number)", .link(target)))
        }
      }
      return items
    }

    private var items: [(name: String, item: Item)] = []
    private var expected: Set<String> = []

    /// Puts back into its place what is not there any more, and removes what has come.
    func fill() throws {
      if items.isEmpty {
        items = Self.items(directory.path + "/folder")
        expected = Set(items.map(\.name))
      }
      try removeUnexpected(inside, prefix: "")
      for (name, item) in items where try self.item(at: name) != item {
        try remove(name)
        switch item {
        case .folder: try inside.makeDirectory(name)
        case .file: try directory.write("inside/" + name, "inside")
        case .link(let target): try inside.makeSymbolicLink(name, holding: target)
        }
      }
    }

    private func removeUnexpected(_ folder: FileDescriptor, prefix: String) throws {
      for name in try entryNames(in: folder) where name != "chains" {
        let path = prefix + name
        if !expected.contains(path) {
          try remove(path)
        } else if try folder.status(of: name).kind == .directory {
          let child = try folder.open(name, [.readOnly, .directory, .noFollow])
          try removeUnexpected(child.descriptor, prefix: path + "/")
        }
      }
    }

    private func item(at name: String) throws -> Item? {
      guard let status = try? inside.status(of: name) else { return nil }
      switch status.kind {
      case .directory: return .folder
      // What guests write is of another length.
      case .regular: return status.byteCount == 6 && status.linkCount == 1 ? .file : nil
      case .symbolicLink:
        return .link(String(decoding: try inside.readSymbolicLink(name), as: UTF8.self))
      default: return nil
      }
    }

    private func remove(_ name: String) throws {
      guard let status = try? inside.status(of: name) else { return }
      guard status.kind == .directory else { return try inside.unlink(name) }
      let folder = try inside.open(name, [.readOnly, .directory, .noFollow])
      try empty(folder.descriptor)
      try inside.removeDirectory(name)
    }

    func outside() throws -> Snapshot {
      try Snapshot(directory.descriptor, except: "inside")
    }
  }

  // MARK: Reading.

  @Test(arguments: GrantKind.all)
  func readingFindsWhatIsInsideAndNothingElse(_ kind: GrantKind) throws {
    let world = try World(kind)
    let before = try Snapshot(world.directory.descriptor)
    var counts: [String: Int] = [:]
    for path in Self.paths {
      for follows in [false, true] {
        let destination = try Destination(of: path, in: world.inside, following: follows)
        Self.expectStatus(world, path, follows, destination)
        try Self.expectOpening(world, path, follows, destination, oflags: 0)
        try Self.expectOpening(world, path, follows, destination, oflags: 2)
        if !follows { Self.expectLinkReading(world, path, destination) }
        counts["\(destination)".prefix { $0 != "(" }.description, default: 0] += 1
      }
    }
    #expect(try Snapshot(world.directory.descriptor) == before)
    // The paths are of all kinds.
    for word in ["inside", "outside", "missing", "notDirectory", "loop"] {
      #expect(counts[word, default: 0] >= 20, "\(word)")
    }
  }

  private static func expectStatus(
    _ world: World, _ path: String, _ follows: Bool, _ destination: Destination
  ) {
    let error = world.guest.getStatus(path, follow: follows)
    if case .inside(let inode, _) = destination {
      #expect(error == 0, "status of \(path)")
      #expect(world.guest.status.inode == inode, "status of \(path)")
    } else {
      #expect(error == Self.error(of: destination), "status of \(path)")
    }
  }

  private static func expectOpening(
    _ world: World, _ path: String, _ follows: Bool, _ destination: Destination, oflags: Int
  ) throws {
    let result = world.guest.open(path, follow: follows, oflags: oflags)
    defer { if result.error == 0 { world.guest.call("fd_close", result.descriptor) } }
    switch destination {
    case .inside(_, .symbolicLink):
      // A link that is not followed is not opened.
      #expect(
        result.error == (oflags == 0 ? Expected.loop : Expected.notdir), "opening \(path) \(oflags)"
      )
    case .inside(_, let kind) where oflags == 2 && kind != .directory:
      #expect(result.error == Expected.notdir, "opening \(path)")
    case .inside(let inode, _):
      try #require(result.error == 0, "opening \(path)")
      #expect(world.guest.call("fd_filestat_get", result.descriptor, 64) == 0)
      #expect(world.guest.status.inode == inode, "opening \(path)")
    default: #expect(result.error == Self.error(of: destination), "opening \(path)")
    }
  }

  private static func expectLinkReading(
    _ world: World, _ path: String, _ destination: Destination
  ) {
    let guest = world.guest
    let error = guest.call("path_readlink", [3] + guest.path(path) + [0x8000, 4_096, 64])
    switch destination {
    case .inside(_, .symbolicLink):
      #expect(error == 0, "reading the link \(path)")
      let length = guest.load(64, as: UInt32.self)
      let content = try? world.inside.readSymbolicLink(path)
      #expect(guest.bytes(at: 0x8000, count: Int(length)) == content, "reading the link \(path)")
    case .inside: #expect(error == Expected.inval, "reading the link \(path)")
    default: #expect(error == Self.error(of: destination), "reading the link \(path)")
    }
  }

  private static func error(of destination: Destination) -> UInt16 {
    switch destination {
    case .inside: 0
    case .outside: Expected.notcapable
    case .missing: Expected.noent
    case .notDirectory: Expected.notdir
    case .loop: Expected.loop
    }
  }

  // MARK: Changing.

  /// Calls that would change something, each with the path in one of its places.
  private static func changes(
    _ guest: Guest, _ path: String
  ) -> [(name: String, arguments: [any Argument])] {
    let place = guest.path(path)
    let file = guest.path("fresh-file", at: Guest.otherPathAddress)
    let fresh = guest.path("fresh", at: 0x5000)
    let openings: [(follow: Int, oflags: Int, rights: UInt64, fdflags: Int)] = [
      (1, 0, Guest.writeRights, 0), (1, 1, Guest.writeRights, 0), (1, 8, Guest.writeRights, 0),
      (1, 1 | 8, Guest.writeRights, 0), (1, 1 | 4, Guest.writeRights, 0),
      (0, 1, Guest.writeRights, 0), (0, 8, Guest.writeRights, 0), (1, 1, Guest.readRights, 0),
      (1, 8, Guest.readRights, 0), (1, 0, Guest.writeRights, 1),
    ]
    return openings.map {
      ("path_open", [3, $0.follow] + place + [$0.oflags, $0.rights, UInt64(0), $0.fdflags, 64])
    } + [
      ("path_create_directory", [3] + place),
      ("path_remove_directory", [3] + place),
      ("path_unlink_file", [3] + place),
      ("path_rename", [3] + place + [3] + fresh),
      ("path_rename", [3] + file + [3] + place),
      ("path_rename", [3] + place + [3] + place),
      ("path_link", [3, 0] + place + [3] + fresh),
      ("path_link", [3, 0] + file + [3] + place),
      ("path_link", [3, 1] + place + [3] + fresh),
      ("path_symlink", file + [3] + place),
      ("path_symlink", place + [3] + fresh),
      ("path_filestat_set_times", [3, 0] + place + [UInt64(1), UInt64(1), 5]),
      ("path_filestat_set_times", [3, 1] + place + [UInt64(1), UInt64(1), 5]),
      ("path_filestat_set_times", [3, 1] + place + [UInt64(0), UInt64(0), 10]),
    ]
  }

  /// Whether a call's path must lead nowhere: where it leads outside, or, of a call that acts on the
  /// last name itself, where its folder does.
  private static func mustFail(
    _ world: World, _ name: String, _ arguments: [any Argument], _ path: String
  ) throws -> Bool {
    if try Destination(of: path, in: world.inside, following: false) == .outside { return true }
    let follows =
      name == "path_open" || name == "path_filestat_set_times" && arguments[1] as? Int == 1
    if follows { return try Destination(of: path, in: world.inside, following: true) == .outside }
    let trimmed = path.reversed().drop { $0 == "/" }.reversed()
    guard let slash = trimmed.lastIndex(of: "/") else { return false }
    return try Destination(of: String(trimmed[..<slash]) + "/.", in: world.inside, following: true)
      == .outside
  }

  @Test(arguments: strategies)
  func changingStaysInside(_ strategy: BeneathStrategy) throws {
    let world = try World(GrantKind(strategy: strategy, isReadOnly: false))
    let guest = world.guest
    let outside = try world.outside()
    var succeeded: [String: Int] = [:]
    for path in Self.paths {
      for index in Self.changes(guest, path).indices {
        let call = Self.changes(guest, path)[index]
        let isContent =
          call.name == "path_symlink" && call.arguments.count == 5
          && (call.arguments[0] as? Int) == Guest.pathAddress
        let fails = try !isContent && Self.mustFail(world, call.name, call.arguments, path)
        let error = guest.call(call.name, call.arguments)
        if fails { #expect(error != 0, "\(call.name) \(index) \(path)") }
        guard error == 0 else {
          try #require(try world.outside() == outside, "\(call.name) \(index) \(path)")
          continue
        }
        succeeded[call.name, default: 0] += 1
        if call.name == "path_open" {
          // What is written goes inside.
          let number = Int(guest.load(64, as: UInt32.self))
          _ = guest.write("changed", to: number)
          guest.call("fd_close", number)
        } else if isContent {
          try Self.useLink(world, path)
        }
        try #require(try world.outside() == outside, "\(call.name) \(index) \(path)")
        try world.fill()
      }
    }
    for name in [
      "path_open", "path_create_directory", "path_remove_directory", "path_unlink_file",
      "path_rename", "path_link", "path_symlink", "path_filestat_set_times",
    ] {
      #expect(succeeded[name, default: 0] >= 3, "\(name)")
    }
  }

  /// Goes through a link that the guest has made itself.
  private static func useLink(_ world: World, _ path: String) throws {
    let guest = world.guest
    let destination = try Destination(of: "fresh", in: world.inside, following: true)
    for oflags in [0, 1, 8, 9] {
      let rights = oflags == 0 ? Guest.readRights : Guest.writeRights
      let result = guest.open("fresh", oflags: oflags, rights: rights)
      // With a slash at the link's end Linux does not look further, if it is to make a file.
      let expected = [Expected.notcapable] + (oflags & 1 == 0 ? [] : [Expected.isdir])
      if destination == .outside { #expect(expected.contains(result.error), "via \(path)") }
      guard result.error == 0 else { continue }
      if oflags == 0 { #expect(guest.read(result.descriptor) != "outside") }
      guest.call("fd_close", result.descriptor)
    }
    let below = guest.path("fresh/new")
    for name in ["path_create_directory", "path_remove_directory", "path_unlink_file"] {
      _ = guest.call(name, [3] + below)
    }
  }

  @Test(arguments: strategies)
  func readOnlyGrantsAndAllAroundThemStay(_ strategy: BeneathStrategy) throws {
    let world = try World(GrantKind(strategy: strategy, isReadOnly: true))
    let guest = world.guest
    let before = try Snapshot(world.directory.descriptor)
    for path in Self.paths {
      for (index, call) in Self.changes(guest, path).enumerated() {
        let error = guest.call(call.name, call.arguments)
        // Opening with O_CREAT what is there, to read it, changes nothing.
        if error == 0, call.name == "path_open" {
          let destination = try Destination(of: path, in: world.inside, following: true)
          guard index == 7, case .inside = destination else {
            Issue.record("\(call.name) \(index) \(path)")
            continue
          }
          let number = Int(guest.load(64, as: UInt32.self))
          #expect(guest.write("changed", to: number) != 0)
          guest.call("fd_close", number)
        } else {
          #expect(error != 0, "\(call.name) \(index) \(path)")
        }
      }
    }
    #expect(try Snapshot(world.directory.descriptor) == before)
  }
}
