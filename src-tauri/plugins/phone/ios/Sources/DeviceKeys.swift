import Foundation
import Security

/// The app's keys in the Keychain: on this device only, and in reach from the first unlocking after a start on.
///
/// It makes up no key and replaces none. Rust calls both functions; each word it gets back stands in
/// src-tauri/src/app/phone/swift.rs.
enum DeviceKeys {
    static let found: Int32 = 0
    static let missing: Int32 = 1
    static let locked: Int32 = 2
    static let altered: Int32 = 3
    static let unavailable: Int32 = 4

    static let length = 32

    static func describe(_ name: String) -> [String: Any] {
        return [
            kSecClass as String: kSecClassGenericPassword,
            kSecAttrService as String: "org.handrail.client",
            kSecAttrAccount as String: name,
        ]
    }

    static func word(for status: OSStatus) -> Int32 {
        switch status {
        case errSecSuccess: return found
        case errSecItemNotFound: return missing
        case errSecInteractionNotAllowed: return locked
        default: return unavailable
        }
    }
}

/// The key of this name, into 32 bytes of the caller's, who wipes them.
@_cdecl("handrail_find_key")
func findKey(_ name: UnsafePointer<CChar>, _ into: UnsafeMutablePointer<UInt8>) -> Int32 {
    var query = DeviceKeys.describe(String(cString: name))
    query[kSecReturnData as String] = true
    query[kSecMatchLimit as String] = kSecMatchLimitOne
    var item: CFTypeRef?
    let status = SecItemCopyMatching(query as CFDictionary, &item)
    guard status == errSecSuccess else { return DeviceKeys.word(for: status) }
    guard let data = item as? Data, data.count == DeviceKeys.length else {
        return DeviceKeys.altered
    }
    data.copyBytes(to: into, count: DeviceKeys.length)
    return DeviceKeys.found
}

/// Keeps a key of 32 bytes under a name that has none; a key that is there stands.
@_cdecl("handrail_keep_key")
func keepKey(_ name: UnsafePointer<CChar>, _ key: UnsafePointer<UInt8>) -> Int32 {
    var item = DeviceKeys.describe(String(cString: name))
    item[kSecValueData as String] = Data(bytes: key, count: DeviceKeys.length)
    item[kSecAttrAccessible as String] = kSecAttrAccessibleAfterFirstUnlockThisDeviceOnly
    let status = SecItemAdd(item as CFDictionary, nil)
    return status == errSecDuplicateItem ? DeviceKeys.found : DeviceKeys.word(for: status)
}
