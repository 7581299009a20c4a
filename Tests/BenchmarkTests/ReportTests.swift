// Figures, and the forms that they are reported in.

import Benchmark
import CompilerInterface
import Testing

@Suite struct TimesTests {
  @Test func figuresOfRuns() throws {
    #expect(Times([]) == nil)
    let odd = try #require(Times([3, 1, 2]))
    #expect(odd.least == 1)
    #expect(odd.median == 2)
    #expect(odd.spread == 2)
    let even = try #require(Times([4, 1, 2, 3]))
    #expect(even.median == 2.5)
    #expect(try #require(Times([0.5])).spread == 1)
  }

  @Test func geometricMeans() throws {
    #expect(geometricMean([]) == nil)
    #expect(geometricMean([3]) == 3)
    #expect(abs(try #require(geometricMean([1, 4])) - 2) < 1e-9)
    #expect(abs(try #require(geometricMean([0.5, 2, 8])) - 2) < 1e-9)
    #expect(abs(try #require(geometricMean([1e-6, 1e6, 1])) - 1) < 1e-9)
    #expect(geometricMean(Array(repeating: 1.25, count: 40)) == 1.25)
  }

  @Test func decimals() {
    #expect(decimal(1.2345) == "1.235")
    #expect(decimal(0.0004) == "0.000")
    #expect(decimal(2, 2) == "2.00")
    #expect(decimal(0.995, 2) == "1.00")
    #expect(decimal(-1.05, 1) == "-1.1")
    #expect(decimal(-0.001, 2) == "0.00")
    #expect(decimal(7.6, 0) == "8")
    #expect(decimal(nil) == "–")
    #expect(decimal(.infinity) == "–")
    #expect(decimal(.nan) == "–")
  }
}

@Suite struct ReportTests {
  private static let standard = Way.standard
  private static let reload = Way.named("reload")!
  private static let indirect = Way.named("indirect")!

  private static func times(_ seconds: Double...) -> Outcome { .measured(Times(seconds)!) }

  /// A program with a name that no format likes; a way that failed.
  private static var report: Report {
    var report = Report(ways: [indirect, reload, standard], runs: 3)
    report.add(
      ProgramResult(
        suite: "programs", program: "a<b>&\"c\"|d", compiler: .llvm, native: Times([1, 1.5, 2]),
        outcomes: [
          "indirect": times(4, 4, 4), "reload": .failed("it prints \"1, 2\"\nand <more>"),
          "parameter": times(2, 2.5, 2),
        ]))
    report.add(
      ProgramResult(
        suite: "programs", program: "second", compiler: .llvm, native: nil,
        outcomes: ["indirect": times(1), "reload": times(3), "parameter": times(2)]))
    report.add(
      ProgramResult(
        suite: "programs", program: "second", compiler: .baseline, native: nil,
        outcomes: ["parameter": times(5)]))
    return report
  }

  @Test func ratiosAreToWasmrunsOwnWay() {
    let first = Self.report.results[0]
    #expect(first.ratio(Self.indirect) == 2)
    #expect(first.ratio(Self.reload) == nil)
    #expect(first.ratio(Self.standard) == 1)
    #expect(first.ratioToNative(Self.standard) == 2)
    #expect(Self.report.results[1].ratioToNative(Self.standard) == nil)
  }

  @Test func tables() {
    let expected = """
      User time, the least of 3 interleaved runs. wasmrun's own way is: \(Self.standard.title). Ratios of \
      other ways' times to its; above 1 is slower. The spread is a median to its least.

      LLVM, programs:

      | program | native, s | wasmrun, s | \(Self.indirect.title) | \(Self.reload.title) | largest spread | wasmrun to native |
      | --- | ---: | ---: | ---: | ---: | ---: | ---: |
      | a\\<b>&"c"\\|d | 1.000 | 2.000 | 2.000 | failed | 1.000 | 2.000 |
      | second | – | 2.000 | 0.500 | 1.500 | 1.000 | – |
      | geometric mean |  |  | 1.000 | 1.500 | 1.000 | 2.000 |

      - a\\<b>&"c"\\|d, \(Self.reload.title): it prints "1, 2" and \\<more>

      The baseline compiler, programs:

      | program | native, s | wasmrun, s | \(Self.indirect.title) | \(Self.reload.title) | largest spread | wasmrun to native |
      | --- | ---: | ---: | ---: | ---: | ---: | ---: |
      | second | – | 5.000 | – | – | 1.000 | – |
      | geometric mean |  |  | – | – | 1.000 | – |

      """
    #expect(Self.report.markdown == expected)
  }

  @Test func values() {
    let expected = """
      suite,program,compiler,way,unsafe,runs,least_s,median_s,spread,ratio_to_default,ratio_to_native,failure
      programs,"a<b>&""c""|d",,native,false,3,1.000000,1.500000,1.5000,,1.0000,
      programs,"a<b>&""c""|d",llvm,indirect,false,3,4.000000,4.000000,1.0000,2.0000,4.0000,
      programs,"a<b>&""c""|d",llvm,reload,false,,,,,,,"it prints ""1, 2""
      and <more>"
      programs,"a<b>&""c""|d",llvm,parameter,false,3,2.000000,2.000000,1.0000,1.0000,2.0000,
      programs,second,llvm,indirect,false,1,1.000000,1.000000,1.0000,0.5000,,
      programs,second,llvm,reload,false,1,3.000000,3.000000,1.0000,1.5000,,
      programs,second,llvm,parameter,false,1,2.000000,2.000000,1.0000,1.0000,,
      programs,second,baseline,parameter,false,1,5.000000,5.000000,1.0000,1.0000,,

      """
    #expect(Self.report.csv == expected)
  }

  @Test func aChartHasABarForEachRatio() {
    let svg = Self.report.svg
    // Ratios 2, 0.5 and 1.5; a failure in words; two columns.
    #expect(svg.ranges(of: "height=\"9\" fill=").count == 3)
    #expect(svg.contains(">failed</text>"))
    #expect(svg.contains("LLVM"))
    #expect(svg.contains("The baseline compiler"))
    #expect(svg.contains("prefers-color-scheme: dark"))
    #expect(svg.contains("a&lt;b&gt;&amp;&quot;c&quot;|d</text>"))
    #expect(svg.contains("<title>it prints &quot;1, 2&quot; and &lt;more&gt;</title>"))
    #expect(!svg.contains("<b>"))
  }

  /// Every tag that is opened is closed, in order: what `xmllint` would say.
  @Test func aChartIsWellFormed() throws {
    for svg in [Self.report.svg, Report(ways: [Self.standard], runs: 1).svg] {
      var open: [Substring] = []
      for tag in svg.matches(of: #/<(/?)([a-z]+)[^<>]*?(/?)>/#) {
        if !tag.1.isEmpty {
          #expect(open.popLast() == tag.2)
        } else if tag.3.isEmpty {
          open.append(tag.2)
        }
      }
      #expect(open.isEmpty)
    }
  }

  @Test func longerBarsAreOfLargerRatios() throws {
    let bars = Self.report.svg.matches(
      of: #/<rect x="([0-9]+)" y="[0-9]+" width="([0-9]+)" height="9"/#
    ).map { (Int($0.1)!, Int($0.2)!) }
    try #require(bars.count == 3)
    // 2 leads as far to the right as 1.5 does twice; 0.5 ends where they begin.
    let (two, half, oneAndAHalf) = (bars[0], bars[1], bars[2])
    #expect(abs(two.1 - 2 * oneAndAHalf.1) <= 1)
    #expect(abs(half.1 - oneAndAHalf.1) <= 1)
    #expect(two.0 == oneAndAHalf.0)
    #expect(half.0 + half.1 == two.0)
  }

  @Test func waysAreNamedOnce() {
    #expect(Set(Way.all.map(\.name)).count == Way.all.count)
    #expect(Set(Way.all.map(\.title)).count == Way.all.count)
    #expect(Way.named(Way.standard.name)?.title == Way.standard.title)
    #expect(Way.named("none") == nil)
    #expect(!Way.standard.isUnsafe && !Way.standard.movesGlobals)
  }

  /// What one way compares must not be what another one is.
  @Test func waysDiffer() {
    let kinds = Way.all.map { "\($0.options.fingerprint) \($0.movesGlobals)" }
    #expect(Set(kinds).count == kinds.count)
  }
}
