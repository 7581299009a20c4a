// Everything that changes an image changes its key.

import CompilerInterface
import Testing

@testable import CodeCache

@Suite struct CacheKeyTests {
  @Test func theDigestIsSHA256() {
    let abc = Array("abc".utf8).withUnsafeBytes { sha256($0) }
    #expect(
      abc.hexadecimal == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    let nothing = sha256(UnsafeRawBufferPointer(start: nil, count: 0))
    #expect(
      nothing.hexadecimal == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
  }

  @Test func eachPartOfAKeyCounts() {
    let keys = [
      CacheFixture.key(),
      CacheFixture.key(module: 9),
      CacheFixture.key(compiler: 9),
      CacheFixture.key { $0.passParameters.toggle() },
      CacheFixture.key { $0.notesPositions.toggle() },
      CacheFixture.key { $0.usesSegmentBase.toggle() },
      CacheFixture.key { $0.optimizationLevel = 3 },
      CacheFixture.key { $0.optimizationLevel = 1 },
      CacheFixture.key { $0.cpuFeatures = [.sse41] },
      CacheFixture.key { $0.cpuFeatures.insert(.avx2) },
    ]
    #expect(Set(keys.map(\.digest)).count == keys.count)
    #expect(CacheFixture.key().digest == keys[0].digest)
  }

  @Test func aRebuiltCompilerIsAnotherOne() {
    func build(_ version: String, _ byteCount: Int64, _ time: Int64) -> Hash256 {
      CacheKey.compilerBuild(
        version: version, executableByteCount: byteCount, executableModificationTime: time)
    }
    let builds = [
      build("1.0", 10, 20), build("1.1", 10, 20), build("1.0", 11, 20), build("1.0", 10, 21),
      build("1.0", 20, 10),
    ]
    #expect(Set(builds.map(\.hexadecimal)).count == builds.count)
  }
}
