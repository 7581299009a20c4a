// With folders granted, a guest that has broken out reaches what is in them and nothing else.

import SystemCalls
import TestSupport
import Testing

@Suite(.enabled(if: LandlockRuleset.version != nil, "this kernel has no Landlock"))
struct LandlockProbeTests {
  private static let read = 0
  private static let writeCreate = 0o101
  private static let denied = ProbeResult.returned(-13)

  /// Folders `granted` and `other`, each with a file.
  private static func world() throws -> TemporaryDirectory {
    let folder = try TemporaryDirectory()
    for name in ["granted", "other"] {
      try folder.descriptor.makeDirectory(name)
      try folder.write("\(name)/file", "content")
    }
    return folder
  }

  private static func results(_ calls: [String], _ policy: String...) throws -> [ProbeResult] {
    try Probe.make(calls, policy: ["runner"] + policy)
  }

  @Test func filesBelowTheGrantOpenAndNoOthers() throws {
    let world = try Self.world()
    let granted = world.path + "/granted"
    let calls = [
      "openat -100 =\(granted)/file \(Self.read)",
      "openat -100 =\(granted)/new \(Self.writeCreate) 384",
      "openat -100 =/etc/passwd \(Self.read)", "openat -100 =\(world.path)/other/file \(Self.read)",
      "openat -100 =\(granted)/../other/file \(Self.read)",
      "openat -100 =\(world.path)/other/new \(Self.writeCreate) 384",
      "openat -100 =/proc/self/mem 2", "openat -100 =/dev/tty 2",
    ]
    let results = try Self.results(calls, "--dir", granted)
    for (call, result) in zip(calls.prefix(2), results) {
      guard case .returned(0...) = result else {
        Issue.record("\(call): \(result)")
        continue
      }
    }
    for (call, result) in zip(calls, results).dropFirst(2) {
      #expect(result == Self.denied, "\(call)")
    }
  }

  @Test func readOnlyGrantsStayAsTheyAre() throws {
    let world = try Self.world()
    let granted = world.path + "/granted"
    let readOnly = world.path + "/other"
    let calls = [
      "openat -100 =\(readOnly)/file 1", "openat -100 =\(readOnly)/file 0o1000",
      "openat -100 =\(readOnly)/new \(Self.writeCreate) 384", "mkdirat -100 =\(readOnly)/new 448",
      "unlinkat -100 =\(readOnly)/file 0", "symlinkat =x -100 =\(readOnly)/new",
      "renameat -100 =\(readOnly)/file -100 =\(granted)/moved",
    ]
    let results = try Self.results(calls, "--dir", granted, "--ro-dir", readOnly)
    for (call, result) in zip(calls, results) where call != calls[1] {
      #expect(result == Self.denied || result == .returned(-18), "\(call): \(result)")
    }
    #expect(try world.contents(of: "other/file") == "content")
    let reading = try Self.results(
      ["openat -100 =\(readOnly)/file \(Self.read)"], "--ro-dir", readOnly)
    guard case .returned(0...) = reading[0] else {
      Issue.record("\(reading)")
      return
    }
  }
}
