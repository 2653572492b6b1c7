import AuthenticationServices
import UIKit

/// Takes what the browser handed back. It is Rust's, in src-tauri/src/app/phone/swift.rs.
@_silgen_name("handrail_came_back")
func handrailCameBack(_ link: UnsafePointer<CChar>)

/// A sign-in page in the system's browser sheet (RFC 8252 section 6), which hands the way back to the app by itself.
class SignInPage: NSObject, ASWebAuthenticationPresentationContextProviding {
    static let shared = SignInPage()

    /// Without it the sheet closes at once.
    private var session: ASWebAuthenticationSession?

    func open(_ address: URL, scheme: String, done: @escaping (Bool) -> Void) {
        session?.cancel()
        let session = ASWebAuthenticationSession(url: address, callbackURLScheme: scheme) { link, _ in
            // The person may also have closed it: then they open it again from the app, or give up there.
            if let link = link {
                link.absoluteString.withCString(handrailCameBack)
            }
        }
        session.presentationContextProvider = self
        // Whoever is signed in to the place in Safari need not do it again.
        session.prefersEphemeralWebBrowserSession = false
        self.session = session
        done(session.start())
    }

    func presentationAnchor(for session: ASWebAuthenticationSession) -> ASPresentationAnchor {
        return UIApplication.shared.windows.first { $0.isKeyWindow } ?? ASPresentationAnchor()
    }
}
