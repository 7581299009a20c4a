// Why a script's command does not pass.

import Runtime
import WasmModule

/// A command that failed, or that could not be tried.
enum CommandError: Error {
  case failed(String)
  /// The command needs a feature that the engine says it lacks.
  case unsupported(String)
  /// The command's module is text that is refused.
  case malformedText(String)

  var outcome: Outcome.Result {
    switch self {
    case .failed(let message): .failed(message)
    case .unsupported(let reason): .unsupported(reason)
    case .malformedText(let message): .failed("the text is refused: \(message)")
    }
  }
}

extension ModuleError {
  /// The error with its kind and place, for a message.
  var summary: String {
    let place = functionIndex.map { " in function \($0)" } ?? ""
    return "\(kind): \(message) at byte \(offset)\(place)"
  }
}

extension InvocationError {
  var summary: String {
    switch self {
    case .trap(let trap): "trap: \(trap)"
    case .exit(let status): "exit with status \(status)"
    case .host(let error): "a host function's error: \(error)"
    case .stopped: "stopped without a reason"
    case .noCode: "a function has no code"
    case .refused(let why): "no call possible: \(why)"
    }
  }
}

extension InstantiationError {
  var summary: String {
    switch self {
    case .link(let error): "link error: \(error)"
    case .resource(let error): "\(error)"
    case .image(let why): "wrong image: \(why)"
    case .invalid(let error): "\(error.summary)"
    case .stopped(let error): error.summary
    }
  }
}
