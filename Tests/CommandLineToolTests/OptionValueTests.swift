// The values of options.

import ProgramRunner
import SystemCalls
import Testing

@testable import CommandLineTool

@Suite struct OptionValueTests {
  @Test(arguments: [
    (".", ".", "."), ("/srv::/data", "/srv", "/data"), ("a::b::c", "a", "b::c"),
    ("a:b", "a:b", "a:b"), ("a:::b", "a", ":b"), ("é::ü", "é", "ü"),
    // As shells complete them.
    ("data/", "data/", "data"), ("/srv/::/data//", "/srv/", "/data"), ("/", "/", "/"),
    ("./", "./", "."), ("a:://", "a", "/"),
  ])
  func aFolderHasTwoNames(text: OSString, host: OSString, guest: OSString) {
    #expect(
      DirectoryGrant(text, isReadOnly: true)
        == DirectoryGrant(hostPath: host, guestPath: guest, isReadOnly: true))
  }

  @Test(arguments: ["", "::", "a::", "::a"])
  func aFolderNeedsBothNames(text: OSString) {
    #expect(DirectoryGrant(text, isReadOnly: false) == nil)
  }

  @Test(
    arguments: [
      ("10", 10_000_000_000), ("1.5s", 1_500_000_000), ("250ms", 250_000_000),
      ("2m", 120_000_000_000), ("0.5h", 1_800_000_000_000), (".5", 500_000_000),
    ] as [(String, UInt64)])
  func durationsHaveUnits(text: String, nanoseconds: UInt64) {
    #expect(TimeLimit(text)?.nanoseconds == nanoseconds)
  }

  @Test(arguments: [
    "", "s", "ms", "-1", "+1", "1 s", "1d", "1e3", "nan", "inf", "0", "0x1", "1..2", "99999999h",
  ])
  func otherDurationsAreNone(text: String) { #expect(TimeLimit(text) == nil) }

  @Test func anAddressHasItsPort() {
    #expect(ListenAddress("127.0.0.1:80") == .tcp(host: "127.0.0.1", port: 80))
    #expect(ListenAddress("[::1]:65535") == .tcp(host: "::1", port: 65_535))
    #expect(ListenAddress("unix:/run/a:1") == .unix(path: "/run/a:1"))
    #expect(
      ListenAddress(OSString(bytes: [117, 110, 105, 120, 58, 255]))
        == .unix(path: OSString(bytes: [255])))
    for text: OSString in [
      "", "unix:", "unix", "UNIX:a", ":80", "80", "::1:80", "[]:1", "[1.2.3.4]:1", "a:-1",
      "1.2.3.4:+1", "g.h:1", "1.2.3.4: 1",
    ] {
      #expect(ListenAddress(text) == nil, "\(text)")
    }
  }

  @Test func aVariableIsSetOrInherited() {
    #expect(EnvironmentGrant("A=1") == .set(name: "A", value: "1"))
    #expect(EnvironmentGrant("A=b=c") == .set(name: "A", value: "b=c"))
    #expect(EnvironmentGrant("A=") == .set(name: "A", value: ""))
    #expect(EnvironmentGrant("A") == .inherit(name: "A"))
    #expect(EnvironmentGrant("") == nil)
    #expect(EnvironmentGrant("=1") == nil)
  }

  @Test(
    arguments: [
      ("1", 1), ("65536", 65_536), ("1K", 1_024), ("3M", 3 << 20), ("4G", 4 << 30), ("2T", 2 << 40),
    ] as [(String, UInt64)])
  func sizesHaveSuffixes(text: String, byteCount: UInt64) {
    #expect(ByteCount(text)?.bytes == byteCount)
  }

  @Test(arguments: [
    "", "0", "K", "-1", "+1", "1k", "1MB", "1.5G", " 1", "1 ", "0x10", "5000000000G",
    "18446744073709551616",
  ])
  func wrongSizesAreRefused(text: String) { #expect(ByteCount(text) == nil) }

  @Test func aStackIsNeitherTinyNorHuge() {
    #expect(StackSize("1M")?.byteCount == 1 << 20)
    #expect(StackSize("64G")?.byteCount == 1 << 36)
    #expect(StackSize("1023K") == nil)
    #expect(StackSize("65G") == nil)
  }

  @Test(arguments: [
    ("--di", RunOption.directory), ("--dirs=.", .directory), ("--ro_dir", .readOnlyDirectory),
    ("--evn", .environment), ("--nocache", .noCache), ("-verbose", .verbose),
    ("--optlevel=3", .optimizationLevel), ("--disable-pass-param-opt", .disablePassParameters),
  ])
  func aMisspeltOptionIsRecognised(word: String, option: RunOption) {
    #expect(RunOption.nearest(to: word) == option)
  }

  @Test(arguments: ["--mapping", "-x", "--wasi", "--"])
  func whatIsFarFromAnyOptionIsNot(word: String) { #expect(RunOption.nearest(to: word) == nil) }
}
