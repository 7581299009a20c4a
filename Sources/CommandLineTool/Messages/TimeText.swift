// Points in time for people and programs.

/// Such as `2026-11-28T09:30:00Z`: nanoseconds since 1970 as ISO 8601 has them, in UTC.
func timeText(_ nanoseconds: Int64) -> String {
  let seconds = floorDivision(nanoseconds, by: 1_000_000_000)
  let days = floorDivision(seconds, by: 86_400)
  let time = seconds - days * 86_400
  let (year, month, day) = civilDate(days)
  return "\(padded(year, 4))-\(padded(month))-\(padded(day))T\(padded(time / 3_600)):"
    + "\(padded(time / 60 % 60)):\(padded(time % 60))Z"
}

/// The date of a day counted from 1970-01-01. Years are counted from March on, so that the leap day
/// is the last of its year.
private func civilDate(_ days: Int64) -> (year: Int64, month: Int64, day: Int64) {
  let daysIn400Years: Int64 = 146_097
  // From the first of March of the year 0.
  let shifted = days + 719_468
  let cycle = floorDivision(shifted, by: daysIn400Years)
  let dayOfCycle = shifted - cycle * daysIn400Years
  let yearOfCycle =
    (dayOfCycle - dayOfCycle / 1_460 + dayOfCycle / 36_524 - dayOfCycle / 146_096) / 365
  let dayOfYear = dayOfCycle - (365 * yearOfCycle + yearOfCycle / 4 - yearOfCycle / 100)
  let shiftedMonth = (5 * dayOfYear + 2) / 153
  let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
  let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
  return (cycle * 400 + yearOfCycle + (month <= 2 ? 1 : 0), month, day)
}

private func floorDivision(_ number: Int64, by divisor: Int64) -> Int64 {
  number / divisor - (number % divisor < 0 ? 1 : 0)
}

private func padded(_ number: Int64, _ width: Int = 2) -> String {
  let digits = String(number)
  return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
}
