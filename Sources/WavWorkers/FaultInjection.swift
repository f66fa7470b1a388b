// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import WavStages
import WavSystem

/// Kills or stops workers on purpose, to test what happens then.
///
/// Configured by the environment variable `WAVFFT_FAULT=STAGE:BLOCK:MOMENT:SIGNAL[:TIMES]`: the
/// worker that does this block of this stage sends itself the signal (a number) at that moment, as
/// long as fewer than TIMES blocks of the stage have been lost (default: every time). Moments are
/// `start`, `end` (the work is done but not committed) and `commit` (the shared lock is held, the
/// result half-added).
struct FaultInjection {
  /// The moment of the signal.
  enum Moment: String {
    case start
    case end
    case commit
  }

  private let stage: String
  private let block: Int
  private let moment: Moment
  private let signal: Int32
  private let times: Int

  /// The fault that the environment asks for.
  ///
  /// - Parameters:
  ///   - stages: The stages of a run.
  ///   - others: Names of stages that run before or after.
  /// - Returns: The fault; nil if the environment asks for none in these stages.
  /// - Throws: ``RunFailure`` for an unknown stage, block or moment: a test must not pass by
  ///   mistake.
  static func fromEnvironment(
    _ stages: [Stage], others: [String]
  ) throws(RunFailure) -> FaultInjection? {
    guard let text = getenv("WAVFFT_FAULT").map({ String(cString: $0) }) else { return nil }
    let names = stages.map(\.name)
    guard let fault = FaultInjection(text), (names + others).contains(fault.stage) else {
      throw RunFailure(
        .system,
        "WAVFFT_FAULT is \(text); it must be STAGE:BLOCK:MOMENT:SIGNAL[:TIMES] with one of the stages "
          + "\((names + others).joined(separator: ", "))")
    }
    return names.contains(fault.stage) ? fault : nil
  }

  private init?(_ text: String) {
    let fields = text.split(separator: ":").map(String.init)
    guard fields.count == 4 || fields.count == 5, let block = Int(fields[1]),
      let moment = Moment(rawValue: fields[2]), let signal = Int32(fields[3])
    else { return nil }
    self.stage = fields[0]
    self.block = block
    self.moment = moment
    self.signal = signal
    times = fields.count == 5 ? Int(fields[4]) ?? .max : .max
  }

  /// Sends the signal if moment and place match; `attempt` is the number of lost blocks of the
  /// stage.
  func strike(stage: String, block: Int, at moment: Moment, attempt: Int) {
    guard stage == self.stage, block == self.block, moment == self.moment, attempt < times else {
      return
    }
    kill(getpid(), signal)
  }
}
