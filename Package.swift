// swift-tools-version: 6.2
// SPDX-License-Identifier: GPL-2.0-or-later

import PackageDescription

/// Paths, descriptors and errors of the system.
let systemPackage = Target.Dependency.product(name: "SystemPackage", package: "swift-system")

/// The C library checks the lengths of buffers that it is given, where the compiler knows them.
let fortified = CSetting.define("_FORTIFY_SOURCE", to: "2", .when(configuration: .release))

let package = Package(
  name: "wavfft",
  products: [
    .executable(name: "wavfft", targets: ["wavfft"]),
    .library(name: "WavFFT", targets: ["WavFFT"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
  ],
  targets: [
    // System libraries, and the few calls that Swift cannot import.
    .systemLibrary(
      name: "CFFTW", pkgConfig: "fftw3",
      providers: [.apt(["libfftw3-dev"]), .brew(["fftw"])]),
    .systemLibrary(
      name: "CSndfile", pkgConfig: "sndfile",
      providers: [.apt(["libsndfile1-dev"]), .brew(["libsndfile"])]),
    .systemLibrary(
      name: "CPNG", pkgConfig: "libpng",
      providers: [.apt(["libpng-dev"]), .brew(["libpng"])]),
    .target(name: "CShims", cSettings: [fortified]),
    .target(name: "CPNGWriter", dependencies: ["CPNG"], cSettings: [fortified]),
    // The texts of pages, in the program itself.
    .target(
      name: "CPageAssets", cSettings: [.headerSearchPath("../WavExport/Page/Assets")]),
    // FFTW in long double: the reference of the accuracy tests.
    .systemLibrary(
      name: "CFFTWLong", pkgConfig: "fftw3l",
      providers: [.apt(["libfftw3-dev"]), .brew(["fftw"])]),

    // The library, from the bottom up: each target depends only on targets above it in this list.
    .target(name: "WavSpectrum"),
    .target(name: "WavStages"),
    .target(name: "WavSystem", dependencies: ["WavStages", "CShims", systemPackage]),
    .target(name: "WavSamples", dependencies: ["CShims"]),
    .target(
      name: "WavTransforms",
      dependencies: ["CFFTW", "CShims", "WavSamples", "WavSpectrum", "WavStages"]),
    .target(name: "WavWorkers", dependencies: ["WavSystem", "WavStages", "CShims", systemPackage]),
    .target(
      name: "WavAudio",
      dependencies: ["CShims", "CSndfile", "WavSamples", "WavStages", "WavSystem", systemPackage]),
    .target(
      name: "WavExport",
      dependencies: ["CPageAssets", "CPNGWriter", "WavSpectrum", "WavSystem"],
      exclude: ["Page/Assets"]),
    .target(
      name: "WavAnalysis",
      dependencies: [
        "WavSamples", "WavStages",
        "WavAudio", "WavExport", "WavSystem", "WavSpectrum", "WavTransforms",
        "WavWorkers", systemPackage,
      ]),

    .target(
      name: "WavBatch",
      dependencies: [
        "WavStages",
        "WavAnalysis", "WavAudio", "WavExport", "WavSystem", "WavSpectrum",
        "WavTransforms", "WavWorkers", "CShims", systemPackage,
      ]),

    .target(
      name: "WavComparison",
      dependencies: [
        "WavSamples", "WavStages",
        "WavAnalysis", "WavAudio", "WavExport", "WavSystem", "WavSpectrum",
        "WavTransforms", "WavWorkers", systemPackage,
      ]),

    // The command line.
    .target(
      name: "WavCommand",
      dependencies: [
        "WavSamples",
        "WavAnalysis", "WavBatch", "WavComparison", "WavAudio", "WavExport",
        "WavSystem", "WavSpectrum", "WavTransforms", "WavWorkers", "CShims",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        systemPackage,
      ]),
    .executableTarget(name: "wavfft", dependencies: ["WavCommand"]),

    // The public library.
    .target(
      name: "WavFFT",
      dependencies: [
        "WavAnalysis", "WavAudio", "WavExport", "WavSamples", "WavSpectrum", "WavSystem",
        "WavWorkers",
      ]),

    // Shared by several test targets.
    .target(name: "TestSupport", path: "Tests/TestSupport"),

    // Tests: laws and values in process, everything that forks through the built program.
    .testTarget(name: "WavSpectrumTests", dependencies: ["WavSpectrum", "TestSupport"]),
    .testTarget(
      name: "WavSystemTests", dependencies: ["WavSystem", "TestSupport", systemPackage]),
    .testTarget(
      name: "WavWorkersTests",
      dependencies: ["WavSamples", "WavStages", "WavWorkers", "WavSystem", "TestSupport"]),
    .testTarget(
      name: "WavAudioTests",
      dependencies: ["WavSamples", "WavStages", "WavAudio", "WavSystem", "CSndfile", systemPackage]),
    .testTarget(
      name: "WavTransformsTests",
      dependencies: [
        "WavSamples", "WavStages", "WavTransforms", "WavSpectrum",
      ]),
    .testTarget(
      name: "AccuracyTests",
      dependencies: [
        "WavSamples", "WavStages", "WavTransforms", "WavSpectrum", "CFFTWLong",
      ]),
    .testTarget(
      name: "WavExportTests", dependencies: ["WavExport", "WavSpectrum", "TestSupport"]),
    .testTarget(
      name: "WavAnalysisTests",
      dependencies: [
        "WavSamples", "WavStages",
        "WavAnalysis", "WavAudio", "WavExport", "WavSpectrum", "WavTransforms", "TestSupport",
        "CSndfile",
      ]),
    .testTarget(
      name: "WavBatchTests",
      dependencies: [
        "WavBatch", "WavAnalysis", "WavAudio", "WavExport", "WavSpectrum", "WavTransforms",
        "WavSystem", "WavWorkers", "TestSupport",
      ]),
    .testTarget(
      name: "WavComparisonTests",
      dependencies: ["WavComparison", "WavAnalysis", "WavSpectrum", "WavSystem", "TestSupport"]),
    .testTarget(name: "WavFFTTests", dependencies: ["WavFFT", "TestSupport"]),
    .testTarget(name: "CommandTests", dependencies: ["wavfft", "CSndfile", "TestSupport"]),
  ],
  swiftLanguageModes: [.v6]
)

// Only `make docs` needs the plugin.
if Context.environment["WAVFFT_DOCS"] != nil {
  package.dependencies.append(
    .package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.5.0"))
}
