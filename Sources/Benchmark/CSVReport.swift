// The report as comma-separated values, for other programs. Source: RFC 4180, with plain line ends.

extension Report {
  private static let header = [
    "suite", "program", "compiler", "way", "unsafe", "runs", "least_s", "median_s", "spread",
    "ratio_to_default", "ratio_to_native", "failure",
  ]

  /// A line a program, compiler and way; native code's has no compiler. Cells without a value are empty.
  package var csv: String {
    var lines = [Self.header]
    var told: Set<[String]> = []
    for result in results {
      if let native = result.native, told.insert([result.suite, result.program]).inserted {
        lines.append(
          [result.suite, result.program, "", "native", "false"] + figures(native) + [
            "", "1.0000", "",
          ])
      }
      for way in ways {
        guard let outcome = result.outcomes[way.name] else { continue }
        lines.append(line(result, way, outcome))
      }
    }
    return lines.map { $0.map(quoted).joined(separator: ",") + "\n" }.joined()
  }

  private func line(_ result: ProgramResult, _ way: Way, _ outcome: Outcome) -> [String] {
    let start = [
      result.suite, result.program, result.compiler.rawValue, way.name, "\(way.isUnsafe)",
    ]
    switch outcome {
    case .measured(let times):
      return start + figures(times) + [
        ratio(result.ratio(way)), ratio(result.ratioToNative(way)), "",
      ]
    case .failed(let why): return start + ["", "", "", "", "", "", why]
    }
  }

  private func figures(_ times: Times) -> [String] {
    [
      "\(times.seconds.count)", decimal(times.least, 6), decimal(times.median, 6),
      decimal(times.spread, 4),
    ]
  }

  private func ratio(_ number: Double?) -> String { number.map { decimal($0, 4) } ?? "" }

  private func quoted(_ cell: String) -> String {
    guard cell.contains(where: { ",\"\n\r".contains($0) || $0.isNewline }) else { return cell }
    return "\""
      + cell.split(separator: "\"", omittingEmptySubsequences: false)
      .joined(separator: "\"\"") + "\""
  }
}
