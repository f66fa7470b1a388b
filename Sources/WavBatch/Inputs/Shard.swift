// SPDX-License-Identifier: GPL-2.0-or-later

/// One of several parts of a batch that run separately, possibly on different machines.
public struct Shard: Sendable, Equatable {
  /// Its number, from 1.
  public let number: Int
  /// Number of shards.
  public let count: Int

  /// Describes a shard; nil unless 1 <= number <= count.
  public init?(_ number: Int, of count: Int) {
    guard count >= 1, (1...count).contains(number) else { return nil }
    self.number = number
    self.count = count
  }

  /// The shard of a task in a Slurm job array; nil outside a job array.
  ///
  /// The array may have any start and any step: `--array=0-3`, `--array=1-9:2`. In a list without a
  /// regular step a task does not know its position, so it has no shard.
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

  /// Whether the shard has the file at this index of the sorted list: it has every count-th file.
  public func has(_ index: Int) -> Bool { index % count == number - 1 }

  /// The suffix of its summary's name: `.2-of-4`.
  var suffix: String { ".\(number)-of-\(count)" }
}
