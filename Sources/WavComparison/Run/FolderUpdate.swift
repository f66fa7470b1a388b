// SPDX-License-Identifier: GPL-2.0-or-later

import WavSystem
import WavWorkers

extension ReferenceUpdate {
  /// Replaces the references of all pairs of two folders, one after the other; one that cannot be replaced stays as it
  /// is, and does not stop the others.
  ///
  /// - Parameters:
  ///   - folders: The pairs.
  ///   - names: The names of settings in sentences.
  ///   - report: Receives a reference and its description in words, as soon as it is written.
  ///   - reportError: Receives the reason why a reference could not be replaced, as a sentence.
  /// - Returns: Number of references that could not be replaced.
  /// - Throws: `Interruption`, and what `report` throws.
  @available(*, noasync)
  public func write(
    _ folders: FolderPairs, names: SettingNames, report: (String, String) throws -> Void,
    reportError: (String) -> Void
  ) throws -> Int {
    var failed = 0
    for pair in folders.pairs {
      let words: String
      do {
        words = try write(pair.spectrum, to: pair.reference)
      } catch let interruption as Interruption {
        throw interruption
      } catch {
        reportError(Sentence(error).text(names))
        failed += 1
        continue
      }
      try report(pair.reference, words)
    }
    for sentence in folders.ambiguous { reportError(sentence) }
    return failed + folders.ambiguous.count
  }
}
