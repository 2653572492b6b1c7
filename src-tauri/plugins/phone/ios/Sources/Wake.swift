import BackgroundTasks
import Foundation

/// One bounded turn of the engine, under a number. It is Rust's, in src-tauri/src/app/phone/swift.rs.
@_silgen_name("handrail_wake")
func handrailWake(_ folder: UnsafePointer<CChar>, _ number: Int64) -> Int32

/// Ends the turn of this number soon, also one that has not begun. It is Rust's, as above.
@_silgen_name("handrail_stop")
func handrailStop(_ number: Int64)

/// The phone's job: one turn, without a window and without Tauri.
enum Wake {
    static let name = "org.handrail.client.wake"

    /// The engine says what is due; this says only how soon it is asked at the earliest. iOS decides when.
    private static let soonest: TimeInterval = 15 * 60

    /// What the engine says at the end of a turn, as in Wake.kt.
    private static let news: Int32 = 1
    private static let failed: Int32 = 3

    /// How long tokens that are on their way are waited for once iOS wants its time back.
    private static let sealing: TimeInterval = 2

    /// Of the latest turn. iOS runs one task of a name at a time.
    private static var number: Int64 = 0

    static func register() {
        BGTaskScheduler.shared.register(forTaskWithIdentifier: name, using: nil) { task in
            run(task)
        }
    }

    /// Asks for the next turn. Whatever stands is replaced by it.
    static func begin() {
        let request = BGAppRefreshTaskRequest(identifier: name)
        request.earliestBeginDate = Date(timeIntervalSinceNow: soonest)
        // Where the person switched background work off, there is no turn, and the app looks when it is opened.
        try? BGTaskScheduler.shared.submit(request)
    }

    private static func run(_ task: BGTask) {
        // First of all: iOS may end this one at any time.
        begin()
        let end = Once { task.setTaskCompleted(success: $0) }
        number += 1
        let turn = number
        task.expirationHandler = {
            handrailStop(turn)
            DispatchQueue.global().asyncAfter(deadline: .now() + sealing) { end.say(false) }
        }
        DispatchQueue.global(qos: .utility).async {
            let word = folder.path.withCString { handrailWake($0, turn) }
            if word == news { News.show() }
            end.say(word != failed)
        }
    }

    /// Where Tauri has the app keep everything (`app_data_dir`).
    private static var folder: URL {
        let support = FileManager.default.urls(
            for: .applicationSupportDirectory, in: .userDomainMask)
        return support[0].appendingPathComponent("org.handrail.client")
    }
}

/// Says something once, whoever comes first.
final class Once {
    private let lock = NSLock()
    private var tell: ((Bool) -> Void)?

    init(_ tell: @escaping (Bool) -> Void) {
        self.tell = tell
    }

    func say(_ well: Bool) {
        lock.lock()
        let tell = self.tell
        self.tell = nil
        lock.unlock()
        tell?(well)
    }
}
