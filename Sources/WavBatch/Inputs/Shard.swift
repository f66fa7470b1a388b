// SPDX-License-Identifier: GPL-2.0-or-later

/// One of several parts of a batch that run on their own, perhaps on other machines.
public struct Shard: Sendable, Equatable {
  /// Which one, from 1.
  public let number: Int
  /// How many there are.
  public let count: Int

  /// Describes a shard, or answers nil unless 1 <= number <= count.
  public init?(_ number: Int, of count: Int) {
    guard count >= 1, (1...count).contains(number) else { return nil }
    self.number = number
    self.count = count
  }

  /// The shard of a task of a Slurm job array, or nil outside of one.
  ///
  /// The array may begin anywhere and have any step: `--array=0-3`, `--array=1-9:2`. A task of a list
  /// without regular steps, which does not know its place in it, has none.
  public init?(slurmEnvironment environment: [String: String]) {
    func number(_ name: String) -> Int? {
      environment["SLURM_ARRAY_TASK_\(name)"].flatMap { Int($0) }
    }
    guard let task = number("ID"), let count = number("COUNT") else { return nil }
    let first = number("MIN") ?? 1
    let step = number("MAX").map { count > 1 ? max(1, ($0 - first) / (count - 1)) : 1 } ?? 1
    guard (task - first) % step == 0 else { return nil }
    self.init((task - first) / step + 1, of: count)
  }

  /// Whether it has the file at an index of the sorted list: every count-th is its own.
  public func has(_ index: Int) -> Bool { index % count == number - 1 }

  /// What goes into the name of its summary: `.2-of-4`.
  var suffix: String { ".\(number)-of-\(count)" }
}
