//! The border to Swift: what `Wake.swift` and `SignInPage.swift` call, and how `DeviceKeys.swift` is called.
//!
//! In: C strings that live as long as the call. Out: a number.
//! Never: a panic across the border.

#![allow(unsafe_code, reason = "names that Swift exports and that are exported to it")]

use std::{
    ffi::{CStr, CString, OsStr, c_char},
    os::unix::ffi::OsStrExt as _,
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
    sync::{Arc, OnceLock},
};

use handrail_engine::{
    TurnEnd,
    ports::{DeviceStore, Key, KeyError},
};
use zeroize::Zeroizing;

use super::wake;

unsafe extern "C" {
    /// `findKey` in DeviceKeys.swift: writes 32 bytes, or none, and says which by a number.
    fn handrail_find_key(name: *const c_char, into: *mut u8) -> i32;
    /// `keepKey` in DeviceKeys.swift: reads 32 bytes.
    fn handrail_keep_key(name: *const c_char, key: *const u8) -> i32;
}

type OnReturn = Box<dyn Fn(String) + Send + Sync>;

/// Who hears what the browser hands back.
static ON_RETURN: OnceLock<OnReturn> = OnceLock::new();

/// Has `hear` called with each link that the browser hands back. The first who asks hears all.
pub fn on_return(hear: impl Fn(String) + Send + Sync + 'static) {
    ON_RETURN.get_or_init(|| Box::new(hear));
}

/// `handrailWake` in Wake.swift: the turn of this number, and how it ended.
///
/// # Safety
/// `folder` is a C string that lives as long as the call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn handrail_wake(folder: *const c_char, number: i64) -> i32 {
    wake::guard(|| {
        if folder.is_null() {
            return TurnEnd::Failed;
        }
        // SAFETY: not null, and as promised above.
        let folder = unsafe { CStr::from_ptr(folder) };
        let folder = Path::new(OsStr::from_bytes(folder.to_bytes()));
        wake::turn(folder, Arc::new(Keychain), number)
    })
}

/// `handrailStop` in Wake.swift: the turn of this number ends soon, from whatever thread.
///
/// # Safety
/// There is nothing to promise; all of Swift's calls stand in one list.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn handrail_stop(number: i64) {
    wake::guard(|| {
        wake::stop(number);
        TurnEnd::Quiet
    });
}

/// `handrailCameBack` in SignInPage.swift: a link that the browser handed back.
///
/// # Safety
/// `link` is a C string that lives as long as the call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn handrail_came_back(link: *const c_char) {
    if link.is_null() {
        return;
    }
    // SAFETY: not null, and as promised above.
    let link = unsafe { CStr::from_ptr(link) }.to_string_lossy().into_owned();
    let told = catch_unwind(AssertUnwindSafe(|| {
        if let Some(hear) = ON_RETURN.get() {
            hear(link);
        }
    }));
    if told.is_err() {
        tracing::error!(target: "authorize", "a way back from a sign-in page was lost");
    }
}

/// The iOS Keychain, by DeviceKeys.swift.
pub struct Keychain;

impl DeviceStore for Keychain {
    fn find(&self, name: &str) -> Result<Option<Key>, KeyError> {
        let name = to_c(name)?;
        let mut key: Key = Zeroizing::new([0; 32]);
        // SAFETY: the name ends with a nought, and there is room for the 32 bytes.
        match unsafe { handrail_find_key(name.as_ptr(), key.as_mut_ptr()) } {
            0 => Ok(Some(key)),
            1 => Ok(None),
            word => Err(read_word(word)),
        }
    }

    fn keep(&self, name: &str, key: &Key) -> Result<(), KeyError> {
        let name = to_c(name)?;
        // SAFETY: the name ends with a nought, and a key has 32 bytes.
        match unsafe { handrail_keep_key(name.as_ptr(), key.as_ptr()) } {
            0 => Ok(()),
            word => Err(read_word(word)),
        }
    }
}

/// The words of DeviceKeys.swift.
fn read_word(word: i32) -> KeyError {
    match word {
        2 => KeyError::Locked,
        3 => KeyError::Invalidated,
        _ => unavailable(),
    }
}

fn to_c(name: &str) -> Result<CString, KeyError> {
    CString::new(name).map_err(|_| unavailable())
}

fn unavailable() -> KeyError {
    KeyError::Unavailable(std::io::Error::other("the Keychain cannot be used now"))
}
