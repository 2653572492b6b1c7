import Tauri
import UIKit
import WebKit

struct Page: Decodable {
    let address: String
    let scheme: String
}

/// What the app with a window asks of iOS. Only Rust calls it.
class PhonePlugin: Plugin {
    private let cover = Cover()

    override init() {
        super.init()
        // Before the launch is over, as BackgroundTasks has it: Tauri makes its plugins before it starts UIKit.
        Wake.register()
    }

    @objc override func load(webview: WKWebView) {
        cover.watch()
    }

    @objc func openPage(_ invoke: Invoke) throws {
        let page = try invoke.parseArgs(Page.self)
        guard let address = URL(string: page.address), address.scheme == "https" else {
            return invoke.reject("not an address for a browser")
        }
        DispatchQueue.main.async {
            SignInPage.shared.open(address, scheme: page.scheme) { opened in
                opened ? invoke.resolve() : invoke.reject("there is no browser")
            }
        }
    }

    @objc func keepLooking(_ invoke: Invoke) {
        Wake.begin()
        News.ask { invoke.resolve() }
    }
}

@_cdecl("init_plugin_phone")
func initPluginPhone() -> Plugin {
    return PhonePlugin()
}
