// swift-tools-version:5.3

import PackageDescription

let package = Package(
    name: "handrail-plugin",
    platforms: [.iOS(.v14)],
    products: [
        .library(name: "handrail-plugin", type: .static, targets: ["handrail-plugin"])
    ],
    dependencies: [
        .package(name: "Tauri", path: "../.tauri/tauri-api")
    ],
    targets: [
        .target(
            name: "handrail-plugin",
            dependencies: [.byName(name: "Tauri")],
            path: "Sources")
    ]
)
