// Texts of a manifest that follow rules: versions, names, paths.

enum ManifestText {
  /// Whether `text` is a version. Source: semver.org 2.0.0.
  static func isVersion(_ text: String) -> Bool {
    let withoutBuild = text.split(separator: "+", maxSplits: 1, omittingEmptySubsequences: false)
    let parts = withoutBuild[0].split(
      separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
    let numbers = parts[0].split(separator: ".", omittingEmptySubsequences: false)
    return numbers.count == 3 && numbers.allSatisfy(isNumber)
      && parts.dropFirst().allSatisfy(areIdentifiers)
      && withoutBuild.dropFirst().allSatisfy(areIdentifiers)
  }

  private static func isNumber(_ text: Substring) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
      && (text.count == 1 || text.first != "0")
  }

  private static func areIdentifiers(_ text: Substring) -> Bool {
    text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy {
      !$0.isEmpty && $0.utf8.allSatisfy { isNameByte($0) && $0 != UInt8(ascii: "_") }
    }
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
      true
    default: false
    }
  }

  /// Whether `text` is `namespace/name`; where `needsNamespace` is false, `name` will do.
  static func isPackageName(_ text: String, needsNamespace: Bool) -> Bool {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    return (parts.count == 2 || parts.count == 1 && !needsNamespace)
      && parts.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy(isNameByte) }
  }

  /// Why a path cannot be one inside the package; nil where it can.
  static func problem(ofPath path: String) -> String? {
    if path.isEmpty { return "the path is empty" }
    if path.utf8.contains(0) { return "the path holds a zero byte" }
    if path.hasPrefix("/") {
      return "'\(path)' is an absolute path; a package's paths begin at its folder"
    }
    var depth = 0
    for part in path.split(separator: "/") where part != "." {
      depth += part == ".." ? -1 : 1
      if depth < 0 { return "'\(path)' leads out of the package" }
    }
    return nil
  }

  /// A guest's path without `.`, `..` and needless slashes; nil where it leads above the root.
  static func guestPath(_ path: String) -> String? {
    var parts: [Substring] = []
    for part in path.split(separator: "/") where part != "." {
      if part == ".." {
        guard parts.popLast() != nil else { return nil }
      } else {
        parts.append(part)
      }
    }
    return "/" + parts.joined(separator: "/")
  }
}
