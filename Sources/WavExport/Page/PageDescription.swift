// SPDX-License-Identifier: GPL-2.0-or-later

import FoundationEssentials

/// What a page says of its numbers: the JSON document in it, as docs/page-format.md defines it.
///
/// Keys are in snake case and include units. Numbers of arrays are their places in the list of arrays.
public struct PageDescription: Codable, Sendable {
  /// What a page shows.
  public enum Kind: String, Codable, Sendable {
    /// Curves over frequency.
    case lines
    /// Levels over time and frequency.
    case spectrogram
    /// A spectrum and its reference.
    case comparison
  }

  /// The type and length of an array.
  package struct ArrayEntry: Codable, Sendable {
    package var type: PageArray.Kind
    package var count: Int
  }

  /// What 0 dBFS stands for.
  package struct Reference: Codable, Sendable {
    package var unit: String
    package var offsetDb: Double
  }

  /// The frequencies shown.
  package struct Band: Codable, Sendable {
    package var lowHz: Double
    package var highHz: Double

    package init(lowHz: Double, highHz: Double) {
      self.lowHz = lowHz
      self.highHz = highHz
    }
  }

  /// One curve.
  package struct Series: Codable, Sendable {
    package var name: String
    package var sampleRate: Int?
    package var limitHz: Double
    package var amplitudeNote: String?
    package var densityOffsetDb: Double?
    package var grid: Grid?
    package var cells: Cells?
    package var details: [Detail]?
    package var rows: Rows?
    package var peaks: [Peak]
    /// Its proportional bands, on pages of several curves.
    package var bands: [BandEntry]?

    package init(name: String, limitHz: Double, peaks: [Peak] = []) {
      self.name = name
      self.limitHz = limitHz
      self.peaks = peaks
    }
  }

  /// The frequencies of bins: bin times rate divided by divisor.
  package struct Grid: Codable, Sendable {
    package var rate: Int
    package var divisor: Int
    package var firstBin: Int
    package var binCount: Int

    package init(rate: Int, divisor: Int, bins: Range<Int>) {
      self.rate = rate
      self.divisor = divisor
      firstBin = bins.lowerBound
      binCount = bins.count
    }
  }

  /// The arrays of cells of neighbouring bins.
  package struct Cells: Codable, Sendable {
    package var binsPerCell: Int
    package var greatest: Int
    package var mean: Int?

    package init(binsPerCell: Int, greatest: Int, mean: Int?) {
      self.binsPerCell = binsPerCell
      self.greatest = greatest
      self.mean = mean
    }
  }

  /// Every bin of a range.
  package struct Detail: Codable, Sendable {
    package var firstBin: Int
    package var array: Int

    package init(firstBin: Int, array: Int) {
      self.firstBin = firstBin
      self.array = array
    }
  }

  /// The arrays of a curve that is known in bands only.
  package struct Rows: Codable, Sendable {
    package var frequency: Int
    package var low: Int
    package var high: Int
    package var level: Int

    package init(frequency: Int, low: Int, high: Int, level: Int) {
      self.frequency = frequency
      self.low = low
      self.high = high
      self.level = level
    }
  }

  /// A peak.
  package struct Peak: Codable, Sendable {
    package var frequencyHz: Double
    package var levelDbfs: Double
    package var aboveFloorDb: Double?
    package var shape: String
    package var note: String?
    package var cents: Double?

    package init(frequencyHz: Double, levelDbfs: Double, shape: String) {
      self.frequencyHz = frequencyHz
      self.levelDbfs = levelDbfs
      self.shape = shape
    }
  }

  /// What decimation removed.
  package struct Loss: Codable, Sendable {
    package var limitHz: Double
    package var originalLimitHz: Double
    package var text: String

    package init(limitHz: Double, originalLimitHz: Double, text: String) {
      self.limitHz = limitHz
      self.originalLimitHz = originalLimitHz
      self.text = text
    }
  }

  /// A proportional band.
  package struct BandEntry: Codable, Sendable {
    package var name: String
    package var lowHz: Double
    package var highHz: Double
    package var levelDbfs: Double?

    package init(name: String, lowHz: Double, highHz: Double, levelDbfs: Double?) {
      self.name = name
      self.lowHz = lowHz
      self.highHz = highHz
      self.levelDbfs = levelDbfs
    }
  }

  /// The arrays of a difference of two curves.
  package struct Comparison: Codable, Sendable {
    package var frequency: Int
    package var difference: Int
    package var tolerance: Int
    package var violation: Int
    package var verdict: String

    package init(frequency: Int, difference: Int, tolerance: Int, violation: Int, verdict: String) {
      self.frequency = frequency
      self.difference = difference
      self.tolerance = tolerance
      self.violation = violation
      self.verdict = verdict
    }
  }

  /// Levels over time and frequency.
  package struct Spectrogram: Codable, Sendable {
    package var columns: Int
    package var rows: Int
    package var startS: Double
    package var secondsPerColumn: Double
    package var rowEdges: Int
    package var levels: Int
    package var reduction: String
    package var text: String
    package var segmentS: Double
    package var colourRangeDb: [Double]

    package init(
      columns: Int, rows: Int, startS: Double, secondsPerColumn: Double, rowEdges: Int, levels: Int,
      reduction: String, text: String, segmentS: Double, colourRangeDb: ClosedRange<Double>
    ) {
      self.columns = columns
      self.rows = rows
      self.startS = startS
      self.secondsPerColumn = secondsPerColumn
      self.rowEdges = rowEdges
      self.levels = levels
      self.reduction = reduction
      self.text = text
      self.segmentS = segmentS
      self.colourRangeDb = [colourRangeDb.lowerBound, colourRangeDb.upperBound]
    }
  }

  package var format = "wavfft page"
  package var version = 1
  package var program: String
  package var kind: Kind
  package var title: String
  package var subtitle: String
  package var text: String
  package var remarks: [String]
  package var emptiness: String?
  package var facts: [[String]] = []
  package var reference: Reference?
  package var a4Hz = 440.0
  /// The frequency axis that a page opens with: `linear`, or nil for a logarithmic one.
  package var axis: String?
  /// What a page opens with: `linear` for amplitudes, or nil for levels.
  package var scale: String?
  /// The levels at the ends of the axis that a page opens with; nil for those of the curves.
  package var levelRangeDb: [Double]?
  /// The colours that a page opens in; nil for those that the reader prefers.
  package var theme: String?
  /// Whether a page opens with its bands.
  package var showsBands: Bool?
  package var band: Band
  package var series: [Series] = []
  package var loss: Loss?
  package var bands: [BandEntry]?
  /// What the bands are called, such as `Third-octave bands`.
  package var bandsTitle: String?
  package var comparison: Comparison?
  package var spectrogram: Spectrogram?
  package var arrays: [ArrayEntry] = []

  /// A description with the texts of a figure; the rest follows.
  package init(_ kind: Kind, _ text: FigureText, band: Band, program: String) {
    self.kind = kind
    self.program = program
    self.band = band
    (title, subtitle, self.text, remarks) = ("", "", "", [])
    use(text)
  }

  /// Takes the texts of a figure.
  package mutating func use(_ text: FigureText) {
    title = printable(text.title)
    subtitle = printable(text.subtitle)
    self.text = printable(text.description)
    remarks = text.remarks.map(printable)
    emptiness = text.emptiness.map(printable)
    reference = text.reference.map {
      Reference(unit: printable($0.unit), offsetDb: $0.offset)
    }
  }

  /// Opens the page as a figure of this choice is drawn; its size does not matter.
  package mutating func use(_ choice: FigureChoice) {
    if let title = choice.title { self.title = printable(title) }
    axis = choice.spacing == .linear ? "linear" : nil
    scale = choice.scale == .amplitude ? "linear" : nil
    levelRangeDb = choice.levelRange.map { [$0.lowerBound, $0.upperBound] }
    theme = choice.theme == .auto ? nil : choice.theme.rawValue
  }
}

/// A description as JSON in one line, in UTF-8, without any `<`, which could end its element.
func pageJSON(_ description: some Encodable) throws -> [UInt8] {
  let encoder = JSONEncoder()
  encoder.keyEncodingStrategy = .convertToSnakeCase
  encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
  let json = printableJSON(String(decoding: try encoder.encode(description), as: UTF8.self))
  // Byte by byte: a `<` with a combining character behind it is another character than `<`.
  let less = UInt8(ascii: "<")
  let escape = Array("\\u003c".utf8)
  var text: [UInt8] = []
  text.reserveCapacity(json.utf8.count)
  for byte in json.utf8 {
    if byte == less { text += escape } else { text.append(byte) }
  }
  return text
}
