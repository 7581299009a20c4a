// A script's thread: commands that run beside those that follow.

import Foundation
import Runtime
import Synchronization

/// A running thread and the outcomes of its commands.
///
/// `@unchecked Sendable`: the semaphore is made for several threads, the rest is immutable or locked.
final class ScriptThread: @unchecked Sendable {
  private let outcomes = Mutex<[Outcome]>([])
  private let ended = DispatchSemaphore(value: 0)

  /// What the thread takes over from its maker, who does not use it meanwhile: a runner of the
  /// thread's own. Of the shared instance only a shared memory is used, which threads may.
  private struct Transferred: @unchecked Sendable {
    let runner: ScriptRunner
    let commands: [Command]
  }

  /// Starts to execute `commands` by `runner`, which nobody else uses from now on.
  init(_ runner: ScriptRunner, _ commands: [Command]) {
    let transferred = Transferred(runner: runner, commands: commands)
    let thread = Thread { [self] in
      transferred.runner.run(transferred.commands) { outcome in
        outcomes.withLock { $0.append(outcome) }
      }
      ended.signal()
    }
    // LLVM needs more than a thread gets by default.
    thread.stackSize = 64 << 20
    thread.start()
  }

  /// Waits for the end; yields what came of the commands.
  func join() -> [Outcome] {
    ended.wait()
    ended.signal()
    return outcomes.withLock { $0 }
  }
}
