// Times as they are printed.

import Testing

@testable import CommandLineTool

@Suite struct TimeTextTests {
  @Test(
    arguments: [
      (0, "1970-01-01T00:00:00Z"), (951_782_400, "2000-02-29T00:00:00Z"),
      (951_868_799, "2000-02-29T23:59:59Z"), (951_868_800, "2000-03-01T00:00:00Z"),
      (4_107_542_400, "2100-03-01T00:00:00Z"), (1_795_858_201, "2026-11-28T09:30:01Z"),
      (-1, "1969-12-31T23:59:59Z"),
    ] as [(Int64, String)])
  func secondsBecomeDates(seconds: Int64, text: String) {
    #expect(timeText(seconds * 1_000_000_000) == text)
  }
}
