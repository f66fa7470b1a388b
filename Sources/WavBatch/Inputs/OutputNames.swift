// SPDX-License-Identifier: GPL-2.0-or-later

/// Where the outputs of each input go: the structure of the inputs, mirrored.
///
/// An output is called like its input with another extension. Inputs that would get the same outputs,
/// such as `a.wav` and `a.flac`, keep their whole names: `a.wav.csv` and `a.flac.csv`.
public struct OutputNames: Sendable {
  /// For each input the path of its outputs below the folder of outputs, without an extension.
  public let stems: [String]

  /// Names the outputs of all inputs of a batch, whatever its shards.
  public init(_ inputs: [BatchInput]) {
    let names = inputs.map(\.name)
    var stems = names.map(Self.withoutExtension)
    // A whole name may be taken in its turn: `a.wav.wav`.
    for replacement in [{ (name: String) in name }, { $0 + "~" }] {
      let taken = Self.conflicts(stems)
      if taken.isEmpty { break }
      for index in taken { stems[index] = replacement(names[index]) }
    }
    self.stems = stems
  }

  /// Indices of stems that somebody else has, too.
  private static func conflicts(_ stems: [String]) -> [Int] {
    var owners: [String: Int] = [:]
    for stem in stems { owners[stem, default: 0] += 1 }
    return stems.indices.filter { index in
      let stem = stems[index]
      if owners[stem, default: 0] > 1 || isSummary(stem) { return true }
      // `a.1` is the first channel of `a`.
      let plain = withoutExtension(stem)
      return plain != stem && stem.dropFirst(plain.count + 1).allSatisfy(\.isNumber)
        && owners[plain] != nil
    }
  }

  /// Whether outputs would get in the way of the batch's own summary.
  private static func isSummary(_ stem: String) -> Bool {
    stem == "summary" || SummaryFolder.shard(ofSummary: stem) != nil
  }

  private static func withoutExtension(_ name: String) -> String {
    let last = lastComponent(of: name)
    guard let dot = last.lastIndex(of: "."), dot > last.startIndex else { return name }
    return String(name.dropLast(last[dot...].count))
  }
}
