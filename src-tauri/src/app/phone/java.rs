//! The border to Kotlin: what `Wake.kt` calls, and how its `DeviceKeys` are called.
//!
//! In: a folder, and an object that keeps keys. Out: a number.
//! Never: a panic or a pending exception across the border, or a key that stays behind in the JVM's memory.

#![allow(unsafe_code, reason = "exported names, which the JVM finds by themselves")]

use std::{
    path::{Path, PathBuf},
    sync::{Arc, OnceLock},
};

use handrail_engine::{
    TurnEnd,
    ports::{DeviceStore, Key, KeyError},
};
use jni::{
    JNIEnv, JavaVM,
    errors::Error,
    objects::{GlobalRef, JByteArray, JClass, JObject, JString, JValue},
    sys::{jint, jlong},
};
use zeroize::Zeroizing;

use super::wake;

/// What the app with a window uses.
static ATTACHED: OnceLock<Arc<JavaKeys>> = OnceLock::new();

/// The store that Kotlin handed over, if it did.
#[cfg_attr(not(target_os = "android"), expect(dead_code, reason = "the window on a phone asks"))]
pub fn attached() -> Option<Arc<dyn DeviceStore>> {
    ATTACHED.get().map(|keys| keys.clone() as _)
}

/// `Wake.turn`: the turn of this number, and how it ended.
///
/// # Safety
/// The name is ours alone (JNI specification, "Resolving Native Method Names"), and the JVM passes what `Wake.kt` declares.
#[unsafe(no_mangle)]
pub extern "system" fn Java_org_handrail_client_phone_Wake_turn<'local>(
    mut env: JNIEnv<'local>,
    _class: JClass<'local>,
    folder: JString<'local>,
    keys: JObject<'local>,
    number: jlong,
) -> jint {
    with_keys(&mut env, &folder, &keys, |folder, keys| wake::turn(folder, keys, number))
}

/// Does something with the folder and the keys that Kotlin passed.
fn with_keys(
    env: &mut JNIEnv<'_>,
    folder: &JString<'_>,
    keys: &JObject<'_>,
    work: impl FnOnce(&Path, Arc<JavaKeys>) -> TurnEnd,
) -> jint {
    wake::guard(|| {
        let mut take = || -> Result<_, Error> {
            let folder = PathBuf::from(String::from(env.get_string(folder)?));
            Ok((folder, Arc::new(JavaKeys::new(env, keys)?)))
        };
        take().map_or(TurnEnd::Failed, |(folder, keys)| work(&folder, keys))
    })
}

/// `Wake.stop`: the turn of this number ends soon, from whatever thread.
///
/// # Safety
/// As for `Wake.turn`.
#[unsafe(no_mangle)]
pub extern "system" fn Java_org_handrail_client_phone_Wake_stop<'local>(
    _env: JNIEnv<'local>,
    _class: JClass<'local>,
    number: jlong,
) {
    wake::guard(|| {
        wake::stop(number);
        TurnEnd::Quiet
    });
}

/// `Wake.attach`: the keys of the app with a window.
///
/// # Safety
/// As for `Wake.turn`.
#[unsafe(no_mangle)]
pub extern "system" fn Java_org_handrail_client_phone_Wake_attach<'local>(
    env: JNIEnv<'local>,
    _class: JClass<'local>,
    keys: JObject<'local>,
) {
    wake::guard(|| match JavaKeys::new(&env, &keys) {
        Ok(keys) => {
            // An activity that is made anew brings the same store.
            ATTACHED.get_or_init(|| Arc::new(keys));
            TurnEnd::Quiet
        }
        Err(_) => TurnEnd::Failed,
    });
}

/// `Panic.now`, which stands in the test alone: a panic meets the same guard as a turn.
///
/// # Safety
/// As for `Wake.turn`.
#[cfg(feature = "jvm")]
#[unsafe(no_mangle)]
pub extern "system" fn Java_org_handrail_client_phone_Panic_now<'local>(
    _env: JNIEnv<'local>,
    _class: JClass<'local>,
) -> jint {
    wake::guard(|| panic!("a test panics on purpose"))
}

/// `StartOver.now`, which stands in the test alone: what the window's page asks for where a key is lost.
///
/// # Safety
/// As for `Wake.turn`.
#[cfg(feature = "jvm")]
#[unsafe(no_mangle)]
pub extern "system" fn Java_org_handrail_client_phone_StartOver_now<'local>(
    mut env: JNIEnv<'local>,
    _class: JClass<'local>,
    folder: JString<'local>,
    keys: JObject<'local>,
) -> jint {
    with_keys(&mut env, &folder, &keys, |folder, keys| wake::start_over(folder, keys))
}

/// Kotlin's `DeviceKeys`.
struct JavaKeys {
    vm: JavaVM,
    keys: GlobalRef,
}

impl JavaKeys {
    fn new(env: &JNIEnv<'_>, keys: &JObject<'_>) -> Result<Self, Error> {
        if keys.is_null() {
            return Err(Error::NullPtr("keys"));
        }
        Ok(Self { vm: env.get_java_vm()?, keys: env.new_global_ref(keys)? })
    }

    /// Calls Kotlin from whatever thread. What it throws becomes a [`KeyError`] and is not left pending.
    fn call<T>(
        &self,
        work: impl FnOnce(&mut JNIEnv<'_>, &JObject<'_>) -> Result<T, Error>,
    ) -> Result<T, KeyError> {
        let mut env = self.vm.attach_current_thread().map_err(|_| unavailable())?;
        env.with_local_frame(16, |env| {
            let done = work(env, self.keys.as_obj());
            Ok::<_, Error>(done.map_err(|_| read_thrown(env)))
        })
        .map_err(|_| unavailable())?
    }
}

impl DeviceStore for JavaKeys {
    fn find(&self, name: &str) -> Result<Option<Key>, KeyError> {
        let found = self.call(|env, keys| {
            let name = env.new_string(name)?;
            let found = env
                .call_method(keys, "find", "(Ljava/lang/String;)[B", &[JValue::Object(&name)])?
                .l()?;
            if found.is_null() {
                return Ok(None);
            }
            let found = JByteArray::from(found);
            let bytes = Zeroizing::new(env.convert_byte_array(&found)?);
            env.set_byte_array_region(&found, 0, &vec![0; bytes.len()])?;
            Ok(Some(bytes))
        })?;
        let key = found.map(|bytes| <[u8; 32]>::try_from(bytes.as_slice()).map(Zeroizing::new));
        key.transpose().map_err(|_| KeyError::Invalidated)
    }

    fn keep(&self, name: &str, key: &Key) -> Result<(), KeyError> {
        self.call(|env, keys| {
            let name = env.new_string(name)?;
            let bytes = env.byte_array_from_slice(&key[..])?;
            let done = env.call_method(
                keys,
                "keep",
                "(Ljava/lang/String;[B)V",
                &[JValue::Object(&name), JValue::Object(&bytes)],
            );
            // With an exception pending no other call is allowed; the array is the collector's then.
            done?;
            env.set_byte_array_region(&bytes, 0, &[0; 32])
        })
    }
}

/// What Kotlin threw, by the name of its class: `KeyGone` is for good, all else may pass.
fn read_thrown(env: &mut JNIEnv<'_>) -> KeyError {
    let Ok(thrown) = env.exception_occurred() else { return unavailable() };
    if thrown.is_null() || env.exception_clear().is_err() {
        return unavailable();
    }
    let name = env
        .get_object_class(&thrown)
        .and_then(|class| env.call_method(class, "getName", "()Ljava/lang/String;", &[])?.l())
        .and_then(|name| Ok(String::from(env.get_string(&JString::from(name))?)));
    match name {
        Ok(name) if name == "org.handrail.client.phone.KeyGone" => KeyError::Invalidated,
        _ => unavailable(),
    }
}

fn unavailable() -> KeyError {
    KeyError::Unavailable(std::io::Error::other("the phone's store for keys cannot be used now"))
}
