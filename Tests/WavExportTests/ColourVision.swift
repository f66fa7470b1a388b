// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation

@testable import WavExport

/// The cones of a reader who looks at a colour.
///
/// Those without one kind by G. M. Machado, M. M. Oliveira, L. A. F. Fernandes, 2009, doi
/// 10.1109/TVCG.2009.113: matrices of linear red, green and blue.
enum ColourVision: CaseIterable {
  case normal, protanopia, deuteranopia, tritanopia

  private var matrix: [[Double]] {
    switch self {
    case .normal: [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
    case .protanopia:
      [
        [0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
      ]
    case .deuteranopia:
      [
        [0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
      ]
    case .tritanopia:
      [
        [1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
      ]
    }
  }

  /// What the reader sees, in L*a*b* under D65.
  func lab(_ colour: Colour) -> Lab {
    let linear = colour.linear
    let seen = matrix.map { row in
      min(max(zip(row, linear).reduce(0) { $0 + $1.0 * $1.1 }, 0), 1)
    }
    let (red, green, blue) = (seen[0], seen[1], seen[2])
    let x = (0.4124564 * red + 0.3575761 * green + 0.1804375 * blue) / 0.95047
    let y = 0.2126729 * red + 0.7151522 * green + 0.0721750 * blue
    let z = (0.0193339 * red + 0.1191920 * green + 0.9503041 * blue) / 1.08883
    func f(_ value: Double) -> Double {
      value > 216.0 / 24389 ? cbrt(value) : (24389.0 / 27 * value + 16) / 116
    }
    return Lab(l: 116 * f(y) - 16, a: 500 * (f(x) - f(y)), b: 200 * (f(y) - f(z)))
  }
}

extension Colour {
  /// Linear red, green and blue, 0 to 1.
  fileprivate var linear: [Double] {
    [red, green, blue].map { byte in
      let value = Double(byte) / 255
      return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
    }
  }

  /// The contrast to another colour, 1 to 21 (WCAG 2).
  func contrast(to other: Colour) -> Double {
    let luminances = [self, other].map { colour in
      zip([0.2126, 0.7152, 0.0722], colour.linear).reduce(0.05) { $0 + $1.0 * $1.1 }
    }
    return luminances[0] > luminances[1]
      ? luminances[0] / luminances[1] : luminances[1] / luminances[0]
  }
}

/// A colour by lightness and two opponent axes.
struct Lab {
  var l: Double
  var a: Double
  var b: Double

  /// The difference of two colours by CIEDE2000.
  ///
  /// G. Sharma, W. Wu, E. N. Dalal, 2005, doi 10.1002/col.20070.
  func difference(from other: Lab) -> Double {
    func degrees(_ angle: Double) -> Double { angle * 180 / .pi }
    func cosine(_ angle: Double) -> Double { cos(angle * .pi / 180) }
    func seventh(_ chroma: Double) -> Double {
      (pow(chroma, 7) / (pow(chroma, 7) + pow(25, 7))).squareRoot()
    }
    let grey = 0.5 * (1 - seventh((hypot(a, b) + hypot(other.a, other.b)) / 2))
    let (a1, a2) = ((1 + grey) * a, (1 + grey) * other.a)
    let (c1, c2) = (hypot(a1, b), hypot(a2, other.b))
    func hue(_ a: Double, _ b: Double) -> Double {
      let angle = degrees(atan2(b, a))
      return angle < 0 ? angle + 360 : angle
    }
    let (h1, h2) = (hue(a1, b), hue(a2, other.b))
    var turn = h2 - h1
    if turn > 180 { turn -= 360 } else if turn < -180 { turn += 360 }
    let isGrey = c1 * c2 == 0
    if isGrey { turn = 0 }
    let hueStep = 2 * (c1 * c2).squareRoot() * sin(turn / 2 * .pi / 180)
    let lightness = (l + other.l) / 2
    let chroma = (c1 + c2) / 2
    let sum = h1 + h2
    let middle =
      isGrey
      ? sum : abs(h1 - h2) <= 180 ? sum / 2 : sum < 360 ? (sum + 360) / 2 : (sum - 360) / 2
    let t =
      1 - 0.17 * cosine(middle - 30) + 0.24 * cosine(2 * middle) + 0.32 * cosine(3 * middle + 6)
      - 0.20 * cosine(4 * middle - 63)
    let offset = pow(lightness - 50, 2)
    let lightStep = (other.l - l) / (1 + 0.015 * offset / (20 + offset).squareRoot())
    let chromaStep = (c2 - c1) / (1 + 0.045 * chroma)
    let hueShare = hueStep / (1 + 0.015 * chroma * t)
    let turnOfBlue = 60 * exp(-pow((middle - 275) / 25, 2))
    let rotation = -sin(turnOfBlue * .pi / 180) * 2 * seventh(chroma)
    return
      (lightStep * lightStep + chromaStep * chromaStep + hueShare * hueShare
      + rotation * chromaStep * hueShare).squareRoot()
  }
}
