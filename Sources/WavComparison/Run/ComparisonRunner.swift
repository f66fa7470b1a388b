// SPDX-License-Identifier: GPL-2.0-or-later

import WavSystem
import WavWorkers

/// Compares files with their references: one pair, or all pairs of two folders.
public struct ComparisonRunner {
  private let request: ComparisonRequest

  /// Prepares the comparison of a request.
  public init(_ request: ComparisonRequest) { self.request = request }

  /// Compares a file with its reference, and their channels if both are mixes.
  ///
  /// - Throws: ``ComparisonError`` when the two cannot be compared, and what `analyze` throws.
  @available(*, noasync)
  public func comparison(of pair: FilePair) throws -> Comparison {
    let rules = request.rules
    let (source, note) = try request.source.aligningLengths(pair.spectrum, pair.reference)
    let reference = try source.reference(pair.reference)
    let spectrum = try source.spectrum(
      pair.spectrum, like: reference,
      ignoresParameters: rules.isResampling || rules.ignoresParameters)
    var comparison = try Comparison(spectrum, reference, rules)
    if let note { comparison.notes.append(note) }
    if source.chosen.channel == nil, reference.facts.isMix, spectrum.facts.isMix {
      try source.compareChannels(of: &comparison, spectrum, reference, rules)
    } else if !comparison.isSame,
      let channel = try source.swappedChannel(of: pair.spectrum, like: reference, rules)
    {
      comparison.notes.append(
        "channel \(channel) of \(pair.spectrum) is the same as channel "
          + "\(reference.facts.channel ?? "") of the reference: the channels may be swapped")
    }
    if note != nil || spectrum.isOfOtherLength { try comparison.requireSound() }
    return comparison
  }

  /// Compares a file with its reference and returns the outcome.
  ///
  /// - Parameters:
  ///   - pair: The file and its reference.
  ///   - report: Makes the text to keep of the comparison.
  /// - Returns: The outcome, with the kept text.
  /// - Throws: What ``comparison(of:)`` and `report` throw.
  @available(*, noasync)
  public func test(
    _ pair: FilePair, report: (Comparison) throws -> String
  ) throws -> ComparisonCase {
    let start = monotonicSeconds()
    let comparison = try comparison(of: pair)
    let text = try report(comparison)
    return ComparisonCase(
      name: pair.reference,
      outcome: comparison.isSame
        ? .same : .different(line: comparison.verdictLine, report: comparison.textReport),
      seconds: monotonicSeconds() - start, report: text)
  }

  /// Compares all pairs of two folders; a pair that cannot be compared does not stop the others.
  ///
  /// - Parameters:
  ///   - folders: The pairs, and the files without a counterpart.
  ///   - report: Makes the text to keep of a comparison.
  ///   - reportError: Receives the reason why a file could not be compared, as a sentence,
  ///     immediately.
  /// - Returns: The outcomes of the pairs, then of files that are missing, extra, or ambiguous.
  /// - Throws: `Interruption`.
  @available(*, noasync)
  public func test(
    _ folders: FolderPairs, report: (Comparison) throws -> String,
    reportError: (String) -> Void
  ) throws -> ComparisonSuite {
    var cases = try folders.pairs.map { pair in
      let start = monotonicSeconds()
      do {
        return try test(pair, report: report)
      } catch let interruption as Interruption {
        throw interruption
      } catch {
        let reason = Sentence(error).text(request.rules.names)
        reportError(reason)
        return ComparisonCase(
          name: pair.reference, outcome: .failed(reason), seconds: monotonicSeconds() - start)
      }
    }
    cases += folders.missing.map { ComparisonCase(name: $0, outcome: .missing) }
    cases += folders.extra.map { ComparisonCase(name: $0, outcome: .extra) }
    for sentence in folders.ambiguous {
      reportError(sentence)
      cases.append(ComparisonCase(name: sentence, outcome: .failed(sentence)))
    }
    return ComparisonSuite(cases)
  }
}
