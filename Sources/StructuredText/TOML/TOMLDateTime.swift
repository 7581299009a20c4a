// TOML's dates and times, which are checked and kept as they are written.

/// Spec: TOML 1.0.0, "Offset Date-Time" to "Local Time"; RFC 3339.
enum TOMLDateTime {
  static func isValid(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    if bytes.count > 2, bytes[2] == UInt8(ascii: ":") { return isTime(bytes[...]) }
    guard bytes.count > 10 else { return isDate(text) }
    guard "Tt ".utf8.contains(bytes[10]) else { return false }
    guard isDate(String(decoding: bytes[..<10], as: UTF8.self)) else { return false }
    return isTime(withoutZone(bytes[11...]))
  }

  /// Whether `text` is a day of the calendar, `YYYY-MM-DD`.
  static func isDate(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    guard bytes.count == 10, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
      let year = number(bytes[0..<4]), let month = number(bytes[5..<7]),
      let day = number(bytes[8..<10]), (1...12).contains(month), year > 0
    else { return false }
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    let days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    return (1...days[month - 1]).contains(day)
  }

  /// `HH:MM:SS`, with or without a fraction.
  private static func isTime(_ bytes: ArraySlice<UInt8>) -> Bool {
    let bytes = Array(bytes)
    guard bytes.count >= 8, bytes[2] == UInt8(ascii: ":"), bytes[5] == UInt8(ascii: ":"),
      let hour = number(bytes[0..<2]), let minute = number(bytes[3..<5]),
      let second = number(bytes[6..<8]), hour < 24, minute < 60, second < 60
    else { return false }
    let fraction = bytes[8...]
    guard let point = fraction.first else { return true }
    return point == UInt8(ascii: ".") && fraction.count > 1
      && fraction.dropFirst().allSatisfy(isDigit)
  }

  /// What stands before `Z` or `+HH:MM`; all of it where there is no such zone.
  private static func withoutZone(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    if let last = bytes.last, last | 0x20 == UInt8(ascii: "z") { return bytes.dropLast() }
    let zone = Array(bytes.suffix(6))
    guard zone.count == 6, zone[0] == UInt8(ascii: "+") || zone[0] == UInt8(ascii: "-"),
      zone[3] == UInt8(ascii: ":"), let hour = number(zone[1..<3]),
      let minute = number(zone[4..<6]),
      hour < 24, minute < 60
    else { return bytes }
    return bytes.dropLast(6)
  }

  private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
    guard digits.allSatisfy(isDigit) else { return nil }
    return Int(String(decoding: digits, as: UTF8.self))
  }
}
