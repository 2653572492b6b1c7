import UIKit

/// Covers the app whenever it is not in front: iOS takes a picture then, for the list of recent apps.
final class Cover {
    private var sheet: UIView?

    func watch() {
        let center = NotificationCenter.default
        center.addObserver(
            forName: UIApplication.willResignActiveNotification, object: nil, queue: .main
        ) { [weak self] _ in self?.draw() }
        center.addObserver(
            forName: UIApplication.didBecomeActiveNotification, object: nil, queue: .main
        ) { [weak self] _ in self?.lift() }
    }

    private func draw() {
        guard sheet == nil, let window = UIApplication.shared.windows.first else { return }
        let sheet = UIView(frame: window.bounds)
        sheet.backgroundColor = .systemBackground
        sheet.autoresizingMask = [.flexibleWidth, .flexibleHeight]
        window.addSubview(sheet)
        self.sheet = sheet
    }

    private func lift() {
        sheet?.removeFromSuperview()
        sheet = nil
    }
}
