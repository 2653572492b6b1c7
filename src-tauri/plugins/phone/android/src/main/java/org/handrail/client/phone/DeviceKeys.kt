package org.handrail.client.phone

import android.content.Context
import android.content.SharedPreferences
import android.os.Build
import android.security.keystore.KeyGenParameterSpec
import android.security.keystore.KeyProperties
import android.util.Base64
import java.security.GeneralSecurityException
import java.security.InvalidKeyException
import java.security.KeyStore
import java.security.KeyStoreException
import java.security.ProviderException
import java.security.UnrecoverableKeyException
import javax.crypto.Cipher
import javax.crypto.KeyGenerator
import javax.crypto.SecretKey
import javax.crypto.spec.GCMParameterSpec

/** What a key sealed cannot be opened any more: the Keystore lost or changed what it was wrapped with. */
class KeyGone(cause: Throwable?) : Exception("the key is gone", cause)

/**
 * The app's keys, wrapped by a key of the Android Keystore that never leaves it (AES-256-GCM, NIST SP 800-38D).
 *
 * A wrapping key that is lost stays where it is, and what it sealed is told as lost. New keys get the next one.
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
        val number = text.substringBefore(':', "1").toIntOrNull() ?: throw KeyGone(null)
        val wrapping = findWrapping(number) ?: throw KeyGone(null)
        val bytes = try {
            Base64.decode(text.substringAfter(':'), Base64.NO_WRAP)
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
        val (number, cipher) = beginSealing()
        cipher.updateAAD(name.toByteArray())
        // The Keystore chooses the nonce, and takes none from us.
        val sealed = cipher.doFinal(key)
        val text = "$number:" + Base64.encodeToString(cipher.iv + sealed, Base64.NO_WRAP)
        // On the disk before anything is sealed with it.
        if (!kept.edit().putString(name, text).commit()) throw KeyStoreException("not written")
    }

    private fun unwrap(wrapping: SecretKey, name: String, bytes: ByteArray): ByteArray {
        val cipher = Cipher.getInstance(WAY)
        try {
            cipher.init(Cipher.DECRYPT_MODE, wrapping, GCMParameterSpec(TAG_BITS, bytes, 0, NONCE))
            cipher.updateAAD(name.toByteArray())
            return cipher.doFinal(bytes, NONCE, bytes.size - NONCE)
        } catch (other: InvalidKeyException) {
            // Also KeyPermanentlyInvalidatedException.
            throw judge(other)
        } catch (altered: javax.crypto.BadPaddingException) {
            // Also AEADBadTagException.
            throw KeyGone(altered)
        } catch (away: ProviderException) {
            throw KeyStoreException(away)
        }
    }

    /** The first wrapping key that can be used, made if need be, and its number. None is written over. */
    private fun beginSealing(): Pair<Int, Cipher> {
        for (number in 1..MOST) {
            try {
                val cipher = Cipher.getInstance(WAY)
                cipher.init(Cipher.ENCRYPT_MODE, findWrapping(number) ?: makeWrapping(number))
                return number to cipher
            } catch (lost: KeyGone) {
                continue
            } catch (lost: InvalidKeyException) {
                val judged = judge(lost)
                if (judged !is KeyGone) throw judged
            }
        }
        throw KeyStoreException("every wrapping key is lost")
    }

    private fun findWrapping(number: Int): SecretKey? {
        val store = KeyStore.getInstance(STORE).apply { load(null) }
        return try {
            store.getKey(alias(number), null) as SecretKey?
        } catch (lost: UnrecoverableKeyException) {
            throw judge(lost)
        }
    }

    /** Whether it is for good, as far as Android says. */
    private fun judge(why: Exception): Exception {
        val cause = why.cause
        val passes = Build.VERSION.SDK_INT >= Build.VERSION_CODES.TIRAMISU &&
            cause is android.security.KeyStoreException && cause.isTransientFailure
        return if (passes) KeyStoreException(why) else KeyGone(why)
    }

    private fun makeWrapping(number: Int): SecretKey {
        val purposes = KeyProperties.PURPOSE_ENCRYPT or KeyProperties.PURPOSE_DECRYPT
        val spec = KeyGenParameterSpec.Builder(alias(number), purposes)
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
        const val STORE = "AndroidKeyStore"
        const val WAY = "AES/GCM/NoPadding"
        const val NONCE = 12
        const val TAG_BITS = 128

        /** More wrapping keys than a phone loses. */
        const val MOST = 16

        fun alias(number: Int) =
            if (number == 1) "handrail-wrapping" else "handrail-wrapping-$number"
    }
}
