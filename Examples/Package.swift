// swift-tools-version: 6.1
// SPDX-License-Identifier: GPL-2.0-or-later

import PackageDescription

let package = Package(
  name: "Examples",
  dependencies: [.package(name: "wavfft", path: "..")],
  targets: [
    .executableTarget(
      name: "strongest-notes", dependencies: [.product(name: "WavFFT", package: "wavfft")])
  ],
  swiftLanguageModes: [.v6]
)
