// Names out of a module, made fit for a message.

/// `name` in quotation marks, with control characters as escapes: a module chooses its names, and
/// they must not reach a terminal as commands.
func quoted(_ name: String) -> String { "\"\(printable(name))\"" }

/// `name` with control characters, quotation marks and backslashes as escapes.
func printable(_ name: String) -> String {
  var result = ""
  for scalar in name.unicodeScalars {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned:
      result += "\\u{\(String(scalar.value, radix: 16))}"
    default:
      if scalar == "\"" || scalar == "\\" { result += "\\" }
      result.unicodeScalars.append(scalar)
    }
  }
  return result
}
