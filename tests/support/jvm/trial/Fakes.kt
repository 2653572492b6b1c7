// Small things in memory that behave as Android's do.

package org.handrail.client.phone

import android.app.job.JobInfo
import android.app.job.JobScheduler
import android.app.job.JobWorkItem
import android.content.SharedPreferences
import java.io.InputStream
import java.io.OutputStream
import java.security.Key
import java.security.KeyStoreSpi
import java.security.Provider
import java.security.SecureRandom
import java.security.UnrecoverableKeyException
import java.security.cert.Certificate
import java.security.spec.AlgorithmParameterSpec
import java.util.Collections
import java.util.Date
import java.util.Enumeration
import javax.crypto.KeyGenerator
import javax.crypto.KeyGeneratorSpi
import javax.crypto.SecretKey

/** The Android Keystore's names, and keys of the JVM behind them. */
object FakeKeystore : Provider("AndroidKeyStore", "1", "in memory") {
    val held = mutableMapOf<String, SecretKey>()

    /** What it says of a key that it has and cannot give. */
    val refused = mutableMapOf<String, UnrecoverableKeyException>()

    init {
        put("KeyStore.AndroidKeyStore", FakeStore::class.java.name)
        put("KeyGenerator.AES", FakeMaker::class.java.name)
    }

    fun forget() {
        held.clear()
        refused.clear()
    }

    private fun readResolve(): Any = FakeKeystore
}

/** A key that the Keystore has, and cannot use now. */
object BusyKey : SecretKey {
    override fun getAlgorithm() = "AES"
    override fun getFormat() = "RAW"
    override fun getEncoded() = throw java.security.ProviderException("busy")
    private fun readResolve(): Any = BusyKey
}

class FakeStore : KeyStoreSpi() {
    override fun engineGetKey(alias: String, password: CharArray?): Key? {
        FakeKeystore.refused[alias]?.let { throw it }
        return FakeKeystore.held[alias]
    }
    override fun engineLoad(stream: InputStream?, password: CharArray?) = Unit
    override fun engineAliases(): Enumeration<String> = Collections.enumeration(FakeKeystore.held.keys)
    override fun engineContainsAlias(alias: String) = alias in FakeKeystore.held
    override fun engineSize() = FakeKeystore.held.size
    override fun engineIsKeyEntry(alias: String) = alias in FakeKeystore.held
    override fun engineIsCertificateEntry(alias: String) = false
    override fun engineGetCertificateChain(alias: String): Array<Certificate>? = null
    override fun engineGetCertificate(alias: String): Certificate? = null
    override fun engineGetCreationDate(alias: String): Date? = null
    override fun engineGetCertificateAlias(certificate: Certificate): String? = null
    override fun engineDeleteEntry(alias: String) { FakeKeystore.held.remove(alias) }
    override fun engineStore(stream: OutputStream?, password: CharArray?) = Unit
    override fun engineSetKeyEntry(alias: String, key: Key, password: CharArray?, chain: Array<Certificate>?) =
        throw UnsupportedOperationException()
    override fun engineSetKeyEntry(alias: String, key: ByteArray, chain: Array<Certificate>?) =
        throw UnsupportedOperationException()
    override fun engineSetCertificateEntry(alias: String, certificate: Certificate) =
        throw UnsupportedOperationException()
}

class FakeMaker : KeyGeneratorSpi() {
    private lateinit var alias: String

    override fun engineInit(random: SecureRandom?) = throw UnsupportedOperationException()
    override fun engineInit(size: Int, random: SecureRandom?) = throw UnsupportedOperationException()
    override fun engineInit(spec: AlgorithmParameterSpec, random: SecureRandom?) {
        val wanted = spec as android.security.keystore.KeyGenParameterSpec
        // As the real one refuses what nobody allowed.
        check(wanted.keySize == 256 && wanted.blockModes.contentEquals(arrayOf("GCM")))
        check(!wanted.isUserAuthenticationRequired) { "a job in the background has nobody to ask" }
        alias = wanted.keystoreAlias
        check(alias !in FakeKeystore.held && alias !in FakeKeystore.refused) { "a key is written over" }
    }

    override fun engineGenerateKey(): SecretKey {
        val key = KeyGenerator.getInstance("AES", "SunJCE").apply { init(256) }.generateKey()
        FakeKeystore.held[alias] = key
        return key
    }
}

/** As keys need them: whoever writes must hear whether it was done. */
open class MemoryPreferences(private val writes: Boolean = true) : SharedPreferences {
    private val kept = mutableMapOf<String, String>()

    override fun getAll(): MutableMap<String, *> = kept
    override fun getString(key: String, otherwise: String?) = kept[key] ?: otherwise
    override fun contains(key: String) = key in kept
    override fun edit(): SharedPreferences.Editor = Draft()
    override fun getStringSet(key: String, otherwise: MutableSet<String>?) = otherwise
    override fun getInt(key: String, otherwise: Int) = otherwise
    override fun getLong(key: String, otherwise: Long) = otherwise
    override fun getFloat(key: String, otherwise: Float) = otherwise
    override fun getBoolean(key: String, otherwise: Boolean) = otherwise
    override fun registerOnSharedPreferenceChangeListener(
        listener: SharedPreferences.OnSharedPreferenceChangeListener?,
    ) = Unit
    override fun unregisterOnSharedPreferenceChangeListener(
        listener: SharedPreferences.OnSharedPreferenceChangeListener?,
    ) = Unit

    protected open inner class Draft : SharedPreferences.Editor {
        private val draft = mutableMapOf<String, String>()

        override fun putString(key: String, value: String?) = apply { draft[key] = value!! }
        override fun commit(): Boolean {
            if (writes) kept.putAll(draft)
            return writes
        }
        override fun apply(): Unit = throw UnsupportedOperationException("nobody hears whether it was written")
        override fun putStringSet(key: String, value: MutableSet<String>?) = this
        override fun putInt(key: String, value: Int) = this
        override fun putLong(key: String, value: Long) = this
        override fun putFloat(key: String, value: Float) = this
        override fun putBoolean(key: String, value: Boolean) = this
        override fun remove(key: String) = this
        override fun clear() = this
    }
}

class MemoryScheduler : JobScheduler() {
    var pending: JobInfo? = null
    var scheduled = 0

    override fun schedule(job: JobInfo): Int {
        pending = job
        scheduled += 1
        return RESULT_SUCCESS
    }

    override fun getPendingJob(id: Int) = pending?.takeIf { it.id == id }
    override fun enqueue(job: JobInfo, work: JobWorkItem) = throw UnsupportedOperationException()
    override fun cancel(id: Int) { pending = null }
    override fun cancelAll() { pending = null }
    override fun scheduleAsPackage(job: JobInfo, name: String, user: Int, tag: String?) =
        throw UnsupportedOperationException()
    override fun getAllPendingJobs() = listOfNotNull(pending)
}
