package org.handrail.client.phone

import android.content.Context
import android.content.SharedPreferences
import android.security.keystore.KeyGenParameterSpec
import android.security.keystore.KeyProperties
import android.util.Base64
import java.security.GeneralSecurityException
import java.security.KeyStore
import java.security.KeyStoreException
import java.security.ProviderException
import javax.crypto.Cipher
import javax.crypto.KeyGenerator
import javax.crypto.SecretKey
import javax.crypto.spec.GCMParameterSpec

/** What a key sealed cannot be opened any more: the Keystore lost or changed what it was wrapped with. */
class KeyGone(cause: Throwable?) : Exception("the key is gone", cause)

/**
 * The app's keys, wrapped by one key of the Android Keystore that never leaves it (AES-256-GCM, NIST SP 800-38D).
 *
 * No fingerprint is asked for: the background job has nobody to ask. It makes up no key and replaces none.
 * Rust calls [find] and [keep] by name, so that both stand in consumer-rules.pro.
 */
class DeviceKeys(private val kept: SharedPreferences) {
    constructor(context: Context) : this(context.getSharedPreferences(FILE, Context.MODE_PRIVATE))

    /**
     * The key of this name; null: it was looked for, and there is none. The caller wipes it.
     *
     * @throws KeyGone it was there, and what it was wrapped with is not, or is another.
     * @throws GeneralSecurityException the Keystore cannot be used right now.
     */
    fun find(name: String): ByteArray? {
        val text = kept.getString(name, null) ?: return null
        val wrapping = findWrapping() ?: throw KeyGone(null)
        val bytes = try {
            Base64.decode(text, Base64.NO_WRAP)
        } catch (damaged: IllegalArgumentException) {
            throw KeyGone(damaged)
        }
        if (bytes.size <= NONCE) throw KeyGone(null)
        return unwrap(wrapping, name, bytes)
    }

    /**
     * Keeps a key under a name that has none; a key that is there stands.
     *
     * @throws GeneralSecurityException the Keystore, or the disk, did not take it.
     */
    @Synchronized
    fun keep(name: String, key: ByteArray) {
        if (kept.contains(name)) return
        val cipher = Cipher.getInstance(WAY)
        cipher.init(Cipher.ENCRYPT_MODE, findWrapping() ?: makeWrapping())
        cipher.updateAAD(name.toByteArray())
        // The Keystore chooses the nonce, and takes none from us.
        val sealed = cipher.doFinal(key)
        val text = Base64.encodeToString(cipher.iv + sealed, Base64.NO_WRAP)
        // On the disk before anything is sealed with it.
        if (!kept.edit().putString(name, text).commit()) throw KeyStoreException("not written")
    }

    private fun unwrap(wrapping: SecretKey, name: String, bytes: ByteArray): ByteArray {
        val cipher = Cipher.getInstance(WAY)
        try {
            cipher.init(Cipher.DECRYPT_MODE, wrapping, GCMParameterSpec(TAG_BITS, bytes, 0, NONCE))
            cipher.updateAAD(name.toByteArray())
            return cipher.doFinal(bytes, NONCE, bytes.size - NONCE)
        } catch (other: java.security.InvalidKeyException) {
            // Also KeyPermanentlyInvalidatedException.
            throw KeyGone(other)
        } catch (altered: javax.crypto.BadPaddingException) {
            // Also AEADBadTagException.
            throw KeyGone(altered)
        } catch (away: ProviderException) {
            throw KeyStoreException(away)
        }
    }

    private fun findWrapping(): SecretKey? {
        val store = KeyStore.getInstance(STORE).apply { load(null) }
        return try {
            store.getKey(ALIAS, null) as SecretKey?
        } catch (lost: java.security.UnrecoverableKeyException) {
            throw KeyGone(lost)
        }
    }

    private fun makeWrapping(): SecretKey {
        val purposes = KeyProperties.PURPOSE_ENCRYPT or KeyProperties.PURPOSE_DECRYPT
        val spec = KeyGenParameterSpec.Builder(ALIAS, purposes)
            .setBlockModes(KeyProperties.BLOCK_MODE_GCM)
            .setEncryptionPaddings(KeyProperties.ENCRYPTION_PADDING_NONE)
            .setKeySize(256)
            .build()
        val maker = KeyGenerator.getInstance(KeyProperties.KEY_ALGORITHM_AES, STORE)
        maker.init(spec)
        return maker.generateKey()
    }

    private companion object {
        const val FILE = "handrail-keys"
        const val ALIAS = "handrail-wrapping"
        const val STORE = "AndroidKeyStore"
        const val WAY = "AES/GCM/NoPadding"
        const val NONCE = 12
        const val TAG_BITS = 128
    }
}
