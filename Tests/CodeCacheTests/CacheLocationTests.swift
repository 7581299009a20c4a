// Where the cache is, by the environment's variables.

import SystemCalls
import Testing

@testable import CodeCache

@Suite struct CacheLocationTests {
  private static func path(_ variables: [String: String]) -> OSString? {
    CacheLocation(variable: { variables[$0.description].map { OSString($0) } })?.path
  }

  @Test func theCacheHomeComesFirst() {
    #expect(Self.path(["XDG_CACHE_HOME": "/x", "HOME": "/home/me"]) == "/x/wasmrun")
    #expect(Self.path(["XDG_CACHE_HOME": "/"]) == "/wasmrun")
  }

  @Test(arguments: ["", "relative", "./here", "~/cache"])
  func aCacheHomeThatIsNotAbsoluteCountsAsUnset(value: String) {
    #expect(
      Self.path(["XDG_CACHE_HOME": value, "HOME": "/home/me"]) == "/home/me/.cache/wasmrun")
    #expect(Self.path(["XDG_CACHE_HOME": value]) == nil)
  }

  @Test func withoutAHomeThereIsNoCache() {
    #expect(Self.path([:]) == nil)
    #expect(Self.path(["HOME": ""]) == nil)
    #expect(Self.path(["HOME": "relative"]) == nil)
    #expect(Self.path(["HOME": "/"]) == "/.cache/wasmrun")
  }
}
