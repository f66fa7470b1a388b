// SPDX-License-Identifier: GPL-2.0-or-later

import WavAnalysis
import WavExport
import WavSpectrum

extension Comparison {
  /// The verdict in one line.
  public var verdictLine: String {
    isSame
      ? "same: \(path) is \(referencePath) (\(tolerancesInWords))"
      : "different: \(path) is not \(referencePath): \(violations.joined(separator: "; "))"
  }

  /// The report as text for people: the verdict, what has changed, all metrics, the worst places.
  public var textReport: String {
    func line(_ label: String, _ text: String) -> String {
      "  " + labelled(label, text, at: 18)
    }
    var lines = [printable(verdictLine)] + explanation.map { "  \(printable($0))" }
    lines += [
      "",
      line("rows", grouped(rowCount)),
      line("tolerance", tolerancesInWords),
      line("within", "\(significant(100 * shareWithin, 6)) %"),
      line(
        "largest", "\(significant(greatestDecibels, 4)) dB at \(inHertz(greatestFrequency))"),
      line(
        "mean",
        "\(signed(meanDecibels)) dB, \(significant(meanDecibelSize, 3)) dB without signs, over "
          + "\(grouped(totals.aboveFloor)) rows above the floor"),
      line("relative L2", significant(relativeL2, 4)),
      line("relative maximum", significant(relativeMaximum, 4)),
      line(
        "level offset",
        (offset.map { "\(signed($0)) dB" } ?? "none: one of the two is silent")
          + (removedOffset != 0 ? ", taken out" : "")),
    ]
    if let worst = bands.max(by: { abs($0.decibels) < abs($1.decibels) }) {
      lines.append(
        line(
          "third octaves",
          "\(bands.count) compared, largest \(signed(worst.decibels)) dB at "
            + "\(significant(worst.centre, 3)) Hz" + allowance(of: worst)))
    }
    if !channels.isEmpty {
      let parts = [("mix", isSameItself)] + channels.map { ($0.channelName, $0.isSameItself) }
      let different = parts.filter { !$0.1 }.map(\.0)
      lines.append(
        line(
          "channels",
          different.isEmpty
            ? "all the same: " + parts.map(\.0).joined(separator: ", ")
            : "\(different.count) of \(parts.count) signals differ: "
              + different.joined(separator: ", ")))
    }
    let places = worstPlaces
    if !places.isEmpty {
      lines += ["", "  The worst places, at least half a semitone apart"]
      lines += tableLines(["Hz", "note", "dB", "this", "reference"], places.map(row))
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// What is allowed in a band by chance, if its difference is more than is allowed without.
  private func allowance(of band: BandDifference) -> String {
    guard tolerances.allowsChance, let limit = tolerances.power, !band.isViolation,
      abs(band.decibels) > limit
    else { return "" }
    return ", where chance allows \(significant(band.tolerance, 3)) dB"
  }

  private func row(_ place: DifferencePlace) -> [String] {
    [
      fixed(place.frequency, 3),
      note(of: place.frequency) ?? "",
      signed(place.decibels), fixed(place.level, 2), fixed(place.referenceLevel, 2),
    ]
  }

  /// The report as a JSON object, with keys in snake case that include units.
  public func json(defaults: OptionDefaults? = nil) throws -> String {
    var document = document
    document.defaults = defaults
    return try jsonText(document)
  }

  var document: ComparisonDocument {
    func finite(_ value: Double) -> Double? { value.isFinite ? value : nil }
    return ComparisonDocument(
      verdict: isSame ? "same" : "different", path: path, reference: referencePath,
      violations: violations, explanation: explanation, tolerance: tolerancesInWords,
      rows: rowCount, rowsBeyond: rowsBeyond, shareWithin: shareWithin,
      largestDb: finite(greatestDecibels), largestAtHz: greatestFrequency,
      meanDb: finite(meanDecibels), meanSizeDb: finite(meanDecibelSize),
      relativeL2: finite(relativeL2), relativeMaximum: finite(relativeMaximum), offsetDb: offset,
      removedOffsetDb: removedOffset,
      worst: worstPlaces.map {
        ComparisonDocument.Place(
          frequencyHz: $0.frequency,
          note: note(of: $0.frequency),
          differenceDb: finite($0.decibels), levelDb: finite($0.level),
          referenceLevelDb: finite($0.referenceLevel))
      },
      peaks: peaks.map {
        ComparisonDocument.Pair(
          referenceHz: $0.reference.frequency, referenceLevelDb: $0.reference.level,
          frequencyHz: $0.found?.frequency, levelDb: $0.found?.level,
          cents: $0.found == nil ? nil : $0.cents)
      },
      channels: channels.map {
        ComparisonDocument.Channel(
          channel: $0.facts.reference.channel ?? "mix",
          verdict: $0.isSameItself ? "same" : "different",
          largestDb: finite($0.greatestDecibels), largestAtHz: $0.greatestFrequency)
      },
      thirdOctaves: bands.map {
        ComparisonDocument.Band(
          centreHz: $0.centre, levelDbfs: finite($0.level),
          referenceLevelDbfs: finite($0.referenceLevel), differenceDb: finite($0.decibels),
          toleranceDb: $0.tolerance)
      })
  }
}

/// The JSON object for a file that was not compared.
public func notComparedJSON(
  _ reference: String, _ verdict: String, _ reason: String, path: String? = nil
) throws -> String {
  var fields = [
    "schema": DocumentSchema.comparison, "reference": reference, "verdict": verdict,
    "reason": reason,
  ]
  fields["path"] = path
  return try jsonText(fields)
}

/// A comparison as data.
struct ComparisonDocument: Codable {
  /// Options of the user's file of defaults that hold.
  var defaults: OptionDefaults?
  struct Place: Codable {
    var frequencyHz: Double
    var note: String?
    var differenceDb: Double?
    var levelDb: Double?
    var referenceLevelDb: Double?
  }

  struct Channel: Codable {
    var channel: String
    var verdict: String
    var largestDb: Double?
    var largestAtHz: Double
  }

  struct Band: Codable {
    var centreHz: Double
    var levelDbfs: Double?
    var referenceLevelDbfs: Double?
    var differenceDb: Double?
    var toleranceDb: Double
  }

  struct Pair: Codable {
    var referenceHz: Double
    var referenceLevelDb: Double
    var frequencyHz: Double?
    var levelDb: Double?
    var cents: Double?
  }

  var schema = DocumentSchema.comparison
  var verdict: String
  var path: String
  var reference: String
  var violations: [String]
  var explanation: [String]
  var tolerance: String
  var rows: Int
  var rowsBeyond: Int
  var shareWithin: Double
  var largestDb: Double?
  var largestAtHz: Double
  var meanDb: Double?
  var meanSizeDb: Double?
  var relativeL2: Double?
  var relativeMaximum: Double?
  var offsetDb: Double?
  var removedOffsetDb: Double
  var worst: [Place]
  var peaks: [Pair]
  var channels: [Channel]
  var thirdOctaves: [Band]
}
