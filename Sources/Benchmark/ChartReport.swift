// The report as a chart, an SVG image: bars that lead from wasmrun's own time to the other ways'.

extension Report {
  /// Left of the line at 1 is quicker than wasmrun's own way, right of it slower. A column a compiler, a
  /// group of bars a program. Readable before light and dark, by the reader's preference.
  package var svg: String { Chart(self).text }
}

private struct Chart {
  private let report: Report
  private let compilers: [Compiler]
  /// What the bars are of, in each column.
  private let ways: [Way]
  private let scale: Scale

  private static let labelWidth = 128
  private static let panelWidth = 400
  private static let plotWidth = 330
  private static let barHeight = 9
  private static let gap = 9
  private static let margin = 16
  private static let colors = [
    "#3b82c4", "#d9822b", "#2e9e6b", "#c4473b", "#9a63c4", "#8a8a2e", "#3aa0a0",
  ]

  init(_ report: Report) {
    self.report = report
    compilers = Compiler.allCases.filter { compiler in
      report.results.contains { $0.compiler == compiler }
    }
    let compilers = compilers
    ways = report.ways.filter { way in
      compilers.contains { compiler in
        report.otherWays(compiler).contains { $0.name == way.name }
      }
    }
    let ways = ways
    scale = Scale(report.results.flatMap { result in ways.compactMap { result.ratio($0) } })
  }

  var text: String {
    var body = ""
    var y = Self.margin + 14
    body += element("text", "x=\"\(Self.margin)\" y=\"\(y)\" class=\"title\"", "\(title)")
    y += 10
    for (index, way) in ways.enumerated() {
      y += 16
      body +=
        "<rect x=\"\(Self.margin)\" y=\"\(y - 9)\" width=\"10\" height=\"10\" "
        + "fill=\"\(color(index))\"/>\n"
      body += element(
        "text", "x=\"\(Self.margin + 16)\" y=\"\(y)\"",
        way.title + (way.isUnsafe ? " (unsafe, never offered)" : ""))
    }
    y += 30
    for (column, compiler) in compilers.enumerated() {
      body += element(
        "text", "x=\"\(left(column))\" y=\"\(y)\" class=\"title\"", compiler.title)
    }
    y += 22
    let top = y
    var rows = ""
    for (program, suite) in programs {
      rows += row(program, suite, at: y)
      y += ways.count * (Self.barHeight + 1) + Self.gap
    }
    for column in compilers.indices { body += grid(column, from: top - 4, to: y) }
    body += rows
    return document(body, height: y + Self.margin)
  }

  private let title = "Time to that of wasmrun's own way; right of 1 is slower"

  /// Each program once, with its suite.
  private var programs: [(program: String, suite: String)] {
    var found: [(program: String, suite: String)] = []
    for result in report.results
    where !found.contains(where: { $0 == (result.program, result.suite) }) {
      found.append((result.program, result.suite))
    }
    return found
  }

  /// A program's bars in all columns.
  private func row(_ program: String, _ suite: String, at top: Int) -> String {
    let middle = top + ways.count * (Self.barHeight + 1) / 2 + 4
    var text = element(
      "text", "x=\"\(Self.labelWidth - 8)\" y=\"\(middle)\" text-anchor=\"end\"", program)
    for (column, compiler) in compilers.enumerated() {
      guard
        let result = report.results.first(where: {
          $0.program == program && $0.suite == suite && $0.compiler == compiler
        })
      else { continue }
      for (index, way) in ways.enumerated() {
        text += bar(result, way, index, left(column), top + index * (Self.barHeight + 1))
      }
    }
    return text
  }

  private func bar(
    _ result: ProgramResult, _ way: Way, _ index: Int, _ left: Int, _ top: Int
  ) -> String {
    let baseline = top + Self.barHeight - 1
    guard let ratio = result.ratio(way) else {
      guard case .failed(let why) = result.outcomes[way.name] else { return "" }
      return "<text x=\"\(place(1, left) + 4)\" y=\"\(baseline)\" class=\"value\">"
        + "<title>\(escaped(why))</title>failed</text>\n"
    }
    let (from, to) = (
      min(place(1, left), place(ratio, left)), max(place(1, left), place(ratio, left))
    )
    let name = "\(result.program), \(result.compiler.title), \(way.title): \(decimal(ratio))"
    return "<rect x=\"\(from)\" y=\"\(top)\" width=\"\(max(to - from, 1))\" "
      + "height=\"\(Self.barHeight)\" fill=\"\(color(index))\"><title>\(escaped(name))</title></rect>\n"
      + element("text", "x=\"\(to + 4)\" y=\"\(baseline)\" class=\"value\"", decimal(ratio, 2))
  }

  private func grid(_ column: Int, from top: Int, to bottom: Int) -> String {
    var text = ""
    for tick in scale.ticks {
      let x = place(tick, left(column))
      text +=
        "<line x1=\"\(x)\" y1=\"\(top)\" x2=\"\(x)\" y2=\"\(bottom)\" "
        + "class=\"\(tick == 1 ? "one" : "tick")\"/>\n"
      text += element(
        "text", "x=\"\(x)\" y=\"\(top - 4)\" class=\"value\" text-anchor=\"middle\"",
        decimal(tick, 2))
    }
    return text
  }

  private func left(_ column: Int) -> Int { Self.labelWidth + column * Self.panelWidth }

  private func place(_ ratio: Double, _ left: Int) -> Int {
    left + Int((scale.part(ratio) * Double(Self.plotWidth)).rounded())
  }

  private func color(_ index: Int) -> String { Self.colors[index % Self.colors.count] }

  private func document(_ body: String, height: Int) -> String {
    let width = Self.labelWidth + max(compilers.count, 1) * Self.panelWidth + Self.margin
    return """
      <svg xmlns="http://www.w3.org/2000/svg" width="\(width)" height="\(height)" \
      viewBox="0 0 \(width) \(height)" role="img">
      <title>\(escaped(title))</title>
      <style>
      .page { fill: #ffffff; }
      text { fill: #24292f; font: 12px sans-serif; }
      .title { font-weight: bold; }
      .value { font-size: 9px; }
      .tick { stroke: #d0d7de; }
      .one { stroke: #57606a; }
      @media (prefers-color-scheme: dark) {
      .page { fill: #0d1117; }
      text { fill: #e6edf3; }
      .tick { stroke: #30363d; }
      .one { stroke: #8b949e; }
      }
      </style>
      <rect class="page" width="\(width)" height="\(height)"/>
      \(body)</svg>

      """
  }

  private func element(_ name: String, _ attributes: String, _ content: String) -> String {
    "<\(name) \(attributes)>\(escaped(content))</\(name)>\n"
  }

  /// Text that markup cannot be mistaken in.
  private func escaped(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      // XML has no way to write most control characters.
      case _ where scalar.value < 0x20: escaped += " "
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}

/// Which ratios fit into a column.
private struct Scale {
  /// Where there are lines, from the column's one end to the other.
  let ticks: [Double]

  init(_ ratios: [Double]) {
    let (least, most) = (min(ratios.min() ?? 1, 0.9), max(ratios.max() ?? 1, 1.1))
    let step = [0.05, 0.1, 0.25, 0.5, 1, 2.5].first { (most - least) / $0 <= 8 } ?? 5
    let below = Int(((1 - least) / step).rounded(.up))
    let above = Int(((most - 1) / step).rounded(.up))
    ticks = (-below...above).map { 1 + Double($0) * step }
  }

  /// Which part of the column is left of `ratio`.
  func part(_ ratio: Double) -> Double {
    (ratio - ticks[0]) / (ticks[ticks.count - 1] - ticks[0])
  }
}
