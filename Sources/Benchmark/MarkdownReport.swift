// The report as tables in Markdown.

extension Report {
  /// What the figures are; one table a compiler and suite, and what failed below it.
  package var markdown: String {
    let times = runs == 1 ? "one run" : "the least of \(runs) interleaved runs"
    return
      "User time, \(times). wasmrun's own way is: \(Way.standard.title). Ratios of other ways' times "
      + "to its; above 1 is slower. The spread is a median to its least.\n\n"
      + groups.map { table($0) + failures($0) }.joined(separator: "\n")
  }

  private func table(_ group: Group) -> String {
    let others = otherWays(group.compiler)
    let header =
      ["program", "native, s", "wasmrun, s"]
      + others.map { $0.title + ($0.isUnsafe ? " (unsafe)" : "") }
      + ["largest spread", "wasmrun to native"]
    var rows = group.results.map { result in
      [result.program, decimal(result.native?.least), cell(result, .standard)]
        + others.map { way in
          result.times(way) == nil ? cell(result, way) : decimal(result.ratio(way))
        } + [decimal(result.spread), decimal(result.ratioToNative(.standard))]
    }
    rows.append(
      ["geometric mean", "", ""]
        + others.map { way in decimal(group.mean { $0.ratio(way) }) }
        + [decimal(group.mean(\.spread)), decimal(group.mean { $0.ratioToNative(.standard) })])
    let rule = ["---"] + header.dropFirst().map { _ in "---:" }
    return "\(group.compiler.title), \(group.suite):\n\n"
      + ([header, rule] + rows).map(line).joined()
  }

  /// The seconds, or that there are none.
  private func cell(_ result: ProgramResult, _ way: Way) -> String {
    switch result.outcomes[way.name] {
    case .measured(let times): decimal(times.least)
    case .failed: "failed"
    case nil: "–"
    }
  }

  private func failures(_ group: Group) -> String {
    var lines = ""
    for result in group.results {
      for way in ways {
        guard case .failed(let why) = result.outcomes[way.name] else { continue }
        lines += "- \(escaped(result.program)), \(way.title): \(escaped(why))\n"
      }
    }
    return lines.isEmpty ? "" : "\n" + lines
  }

  private func line(_ cells: [String]) -> String {
    "| " + cells.map(escaped).joined(separator: " | ") + " |\n"
  }

  /// Text that would end a cell or a line, or be taken for a tag, as itself.
  private func escaped(_ text: String) -> String {
    var escaped = ""
    for character in text {
      switch character {
      case "|", "\\", "`", "*", "<": escaped += "\\\(character)"
      case _ where character.isNewline: escaped += " "
      default: escaped.append(character)
      }
    }
    return escaped
  }
}
