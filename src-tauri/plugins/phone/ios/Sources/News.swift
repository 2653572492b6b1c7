import Foundation
import UserNotifications

/// Says that there is something to see, and never what.
enum News {
    /// Asks whether it may. iOS remembers what the person said, and asks once.
    static func ask(done: @escaping () -> Void) {
        UNUserNotificationCenter.current().requestAuthorization(options: [.alert]) { _, _ in
            done()
        }
    }

    static func show() {
        let content = UNMutableNotificationContent()
        let spanish = Locale.preferredLanguages.first?.hasPrefix("es") ?? false
        content.title = "Handrail"
        content.body = spanish ? "Hay algo nuevo que ver." : "There is something new to see."
        // One name: the next replaces it.
        let request = UNNotificationRequest(identifier: "news", content: content, trigger: nil)
        UNUserNotificationCenter.current().add(request)
    }
}
