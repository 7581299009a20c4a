// What several runs of one command took.

/// The times of a command's runs; there is at least one.
package struct Times: Equatable, Sendable {
  /// Seconds, ascending.
  package let seconds: [Double]

  /// nil where there are none.
  package init?(_ seconds: [Double]) {
    if seconds.isEmpty { return nil }
    self.seconds = seconds.sorted()
  }

  package var least: Double { seconds[0] }

  package var median: Double {
    let middle = seconds.count / 2
    return seconds.count % 2 == 1 ? seconds[middle] : (seconds[middle - 1] + seconds[middle]) / 2
  }

  /// The median to the least: 1 where nothing disturbed the runs. A difference between two commands
  /// that is smaller than this means nothing.
  package var spread: Double { median / least }
}

/// The geometric mean of numbers above 0; nil where there are none.
///
/// The n-th root of the product, by Newton's method, which comes down to it from the arithmetic mean:
/// nothing here links a library for mathematics.
package func geometricMean(_ numbers: [Double]) -> Double? {
  guard !numbers.isEmpty else { return nil }
  let count = Double(numbers.count)
  var root = numbers.reduce(0, +) / count
  while true {
    // product / root^(n - 1), in an order in which nothing gets too large.
    let quotient = numbers.reduce(root) { $0 * ($1 / root) }
    let next = ((count - 1) * root + quotient) / count
    if next >= root || root - next < root * 1e-12 { return root }
    root = next
  }
}

/// `number` with so many digits behind the point; a dash where there is none, or no finite one.
package func decimal(_ number: Double?, _ digits: Int = 3) -> String {
  guard let number, number.isFinite, abs(number) < 1e12 else { return "–" }
  let scale = (0..<digits).reduce(1) { product, _ in product * 10 }
  let units = Int((abs(number) * Double(scale)).rounded())
  let sign = number < 0 && units != 0 ? "-" : ""
  guard digits > 0 else { return "\(sign)\(units)" }
  let fraction = "\(units % scale)"
  let zeros = String(repeating: "0", count: digits - fraction.utf8.count)
  return "\(sign)\(units / scale).\(zeros)\(fraction)"
}
