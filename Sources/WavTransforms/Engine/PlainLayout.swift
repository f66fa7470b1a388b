// SPDX-License-Identifier: GPL-2.0-or-later

/// Where the samples and the spectra of the parts are in memory.
///
/// Each pair of parts is a row of complex numbers; if the number of parts is odd, the last part is
/// a row of its own.
struct PlainLayout {
  let parts: Int
  /// Length of one part.
  let length: Int
  let binCount: Int

  /// Pairs of parts.
  var pairCount: Int { parts / 2 }
  /// Whether there is a single part beside the pairs.
  var hasSingle: Bool { parts % 2 == 1 }
  /// Distance of two rows in complex numbers: every row begins on a cache line.
  var pitch: Int { (length + 7) / 8 * 8 }
  /// Number of scalars in all rows.
  var size: Int {
    pairCount * 2 * pitch + (hasSingle ? max(length, 2 * binCount) : 0)
  }

  /// First scalar of a pair; for `pairCount`, of the single part.
  func start(ofPair pair: Int) -> Int { pair * 2 * pitch }

  /// First scalar of a part and the distance of its samples.
  @inline(__always)
  func place(of part: Int) -> (start: Int, step: Int) {
    let isSingle = part == 2 * pairCount
    return isSingle ? (start(ofPair: pairCount), 1) : (start(ofPair: part / 2) + part % 2, 2)
  }

  /// Blocks of pairs, and one for the single part, if any.
  var blockCount: Int {
    (pairCount + pairsPerBlock - 1) / pairsPerBlock + (hasSingle ? 1 : 0)
  }

  /// The pairs of a block; none for the block of the single part.
  func pairs(of block: Int) -> Range<Int> {
    let first = min(block * pairsPerBlock, pairCount)
    return first..<min(first + pairsPerBlock, pairCount)
  }

  /// Short parts are transformed together, many in a block.
  private var pairsPerBlock: Int { max(1, 32768 / length) }
}
