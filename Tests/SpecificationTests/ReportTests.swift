// Outcomes, their form as text, and the verdicts and tallies made of them.

import SpecificationSuite
import Testing

struct ReportTests {
  private func report(
    _ name: String = "core/x.wast", _ results: Outcome.Result..., knownGap: String? = nil
  ) -> FileReport {
    var report = FileReport(name: name)
    for (index, result) in results.enumerated() {
      report.add(Outcome(line: index + 1, result: result))
    }
    report.check(knownGap: knownGap)
    return report
  }

  @Test(arguments: [
    Outcome.Result.passed, .failed("got i32 0x1, expected i32 0x2"), .failed(""),
    .unsupported("tags"),
  ])
  func recordsRoundTrip(_ result: Outcome.Result) {
    let outcome = Outcome(line: 42, result: result)
    #expect(Outcome(record: outcome.record) == outcome)
  }

  @Test func recordsAreOneLine() {
    let outcome = Outcome(line: 1, result: .failed("a\nb"))
    #expect(Outcome(record: outcome.record)?.result == .failed("a / b"))
  }

  @Test(arguments: ["", "p", "p 1", "p x ", "q 1 "])
  func tornRecordsAreRefused(_ record: String) {
    #expect(Outcome(record: record) == nil)
  }

  @Test func countsByResult() {
    let report = report(
      "core/x.wast", .passed, .passed, .failed("wrong"), .unsupported("tags"))
    #expect(report.verdict == .failed)
    #expect(
      report.text == """
        core/x.wast: 2 passed, 1 failed, 1 unsupported
          line 3: wrong
        """)
  }

  @Test func knownGapMakesAFileSkippedButNeverPassed() {
    #expect(
      report("a", .passed, .unsupported("tags"), knownGap: "exceptions").verdict
        == .skipped(reason: "exceptions"))
    #expect(
      report("a", .failed("wrong"), .unsupported("tags"), knownGap: "exceptions").verdict == .failed
    )
  }

  @Test func unknownGapAndClosedGapFail() {
    #expect(report("a", .passed, .unsupported("tags")).verdict == .failed)
    #expect(report("a", .passed, knownGap: "exceptions").verdict == .failed)
  }

  @Test func tallyCountsFilesByFolder() {
    var suite = SuiteReport()
    suite.add(report("core/a.wast", .passed, .passed))
    suite.add(report("core/b.wast", .failed("wrong")))
    suite.add(report("core/gc/c.wast", .passed, .unsupported("structs"), knownGap: "GC"))
    #expect(suite.folders.map(\.name) == ["core", "core/gc"])
    #expect(suite.folders[0].tally.commandsPassed == 2)
    #expect(suite.folders[0].tally.filesFailed == 1)
    #expect(suite.folders[1].tally.filesSkipped == 1)
    #expect(!suite.succeeded)
    #expect(suite.text.hasSuffix("1 passed, 1 failed, 1 skipped for a known gap"))
  }

  @Test func aRunOfNothingDoesNotSucceed() {
    #expect(!SuiteReport().succeeded)
  }

  @Test func gapsAreByFileOrFolder() {
    let gaps: [KnownGaps.Gap] = [("GC", ["core/gc/", "core/ref_eq.wast"])]
    #expect(KnownGaps.reason(for: "core/gc/i31.wast", in: gaps) == "GC")
    #expect(KnownGaps.reason(for: "core/ref_eq.wast", in: gaps) == "GC")
    #expect(KnownGaps.reason(for: "core/ref_eq2.wast", in: gaps) == nil)
    #expect(KnownGaps.reason(for: "core/i32.wast") == nil)
  }
}
