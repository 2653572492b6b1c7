// Our Kotlin on a desktop's JVM, over Android's own framework classes. The Rust test says what must come of it.

package org.handrail.client.phone

import android.app.job.JobInfo
import android.app.job.JobScheduler
import android.content.Context
import android.content.ContextWrapper
import android.content.Intent
import java.io.File
import java.security.KeyStoreException
import java.security.Security
import java.security.UnrecoverableKeyException
import javax.crypto.spec.SecretKeySpec
import kotlin.concurrent.thread
import kotlin.system.exitProcess

/** In the library's test build alone: Rust panics. */
object Panic {
    @JvmStatic
    external fun now(): Int
}

/** In the library's test build alone: what the window's page asks for where a key is lost. 2: none is. */
object StartOver {
    @JvmStatic
    external fun now(folder: String, keys: DeviceKeys): Int
}

fun main(words: Array<String>) {
    Security.addProvider(FakeKeystore)
    when (words[0]) {
        "border" -> crossTheBorder(words[1], File(words[2]))
        "stop" -> stopInTheMiddle(words[1], File(words[2]))
        else -> tryEach()
    }
    println("all tried")
    exitProcess(0)
}

/** Keeps the keys that Rust made as an app would. */
private fun keep(given: File): DeviceKeys {
    val keys = DeviceKeys(MemoryPreferences())
    given.readLines().forEach { line ->
        val (name, hex) = line.split(' ')
        keys.keep(name, hex.chunked(2).map { it.toInt(16).toByte() }.toByteArray())
    }
    return keys
}

/** Runs the job's turn with the keys that Rust made. */
private fun crossTheBorder(folder: String, given: File) {
    val keys = keep(given)
    val turn = { within: String -> Wake.turn(within, keys, Wake.number()) }
    println("turn ${turn(folder)}")
    println("again ${turn(folder)}")
    println("panic ${Panic.now()}")
    println("after a panic ${turn(folder)}")
    println("empty folder ${turn("$folder/nothing")}")
    println("no key lost ${StartOver.now(folder, keys)}")
    // Its name is there, and what it is cannot be had any more.
    FakeKeystore.refused["handrail-wrapping"] = UnrecoverableKeyException()
    println("lost key ${turn(folder)}")
    println("start over ${StartOver.now(folder, keys)}")
    println("started over ${turn(folder)}")
    println("lost no more ${StartOver.now(folder, keys)}")
}

/** Two turns that are stopped when whoever reads this says so, one that is stopped before it begins, and one more. */
private fun stopInTheMiddle(folder: String, given: File) {
    val keys = keep(given)
    repeat(2) {
        val number = Wake.number()
        val turn = thread { println("turn ${Wake.turn(folder, keys, number)}") }
        println("begun")
        readLine()
        Wake.stop(number)
        turn.join()
    }
    val early = Wake.number().also(Wake::stop)
    println("early ${Wake.turn(folder, keys, early)}")
    println("next ${Wake.turn(folder, keys, Wake.number())}")
}

private fun tryEach() {
    keysAreFoundAgainAndNeverReplaced()
    aKeyIsSealedUnderItsOwnName()
    aLostWrappingIsToldFromNoKey()
    whereTheWrappingCannotBeUsedNewKeysGetAnother()
    whatMayPassLosesNoKey()
    theDiskThatRefusesIsToldAtOnce()
    theJobIsWhatAndroidNeeds()
    theJobIsScheduledOnceAndRenewedWhenItDiffers()
    onlyTheSystemsWordsBeginTheJob()
    aSignInPageIsHttpsInACustomTab()
}

private fun keysAreFoundAgainAndNeverReplaced() {
    val kept = MemoryPreferences()
    val keys = DeviceKeys(kept)
    check(keys.find("a-vault") == null)
    keys.keep("a-vault", ByteArray(32) { 7 })
    keys.keep("a-vault", ByteArray(32) { 9 })
    check(DeviceKeys(kept).find("a-vault")!!.all { it == 7.toByte() })
    check(kept.all.values.none { (it as String).contains("BwcHBwcH") }) { "kept in the clear" }
    said("keys are found again and never replaced")
}

private fun aKeyIsSealedUnderItsOwnName() {
    val kept = MemoryPreferences()
    DeviceKeys(kept).keep("a-vault", ByteArray(32))
    kept.edit().putString("a-records", kept.getString("a-vault", null)).commit()
    throws<KeyGone> { DeviceKeys(kept).find("a-records") }
    kept.edit().putString("a-vault", "AAAA").commit()
    throws<KeyGone> { DeviceKeys(kept).find("a-vault") }
    said("a key is sealed under its own name")
}

private fun aLostWrappingIsToldFromNoKey() {
    val kept = MemoryPreferences()
    DeviceKeys(kept).keep("a-vault", ByteArray(32))
    FakeKeystore.forget()
    throws<KeyGone> { DeviceKeys(kept).find("a-vault") }
    check(DeviceKeys(kept).find("b-vault") == null)
    DeviceKeys(kept).keep("b-vault", ByteArray(32) { 3 })
    throws<KeyGone> { DeviceKeys(kept).find("a-vault") }
    check(DeviceKeys(kept).find("b-vault")!!.all { it == 3.toByte() })
    said("a lost wrapping is told from no key")
}

private fun whereTheWrappingCannotBeUsedNewKeysGetAnother() {
    val lost = listOf(
        { FakeKeystore.refused["handrail-wrapping"] = UnrecoverableKeyException() },
        { FakeKeystore.held["handrail-wrapping"] = SecretKeySpec(ByteArray(5), "AES") },
    )
    for (lose in lost) {
        FakeKeystore.forget()
        val kept = MemoryPreferences()
        DeviceKeys(kept).keep("a-vault", ByteArray(32) { 7 })
        lose()
        val spoilt = FakeKeystore.held["handrail-wrapping"]
        throws<KeyGone> { DeviceKeys(kept).find("a-vault") }
        DeviceKeys(kept).keep("b-vault", ByteArray(32) { 3 })
        check(DeviceKeys(kept).find("b-vault")!!.all { it == 3.toByte() })
        throws<KeyGone> { DeviceKeys(kept).find("a-vault") }
        check(FakeKeystore.held["handrail-wrapping"] === spoilt) { "what was lost was touched" }
    }
    FakeKeystore.forget()
    said("where the wrapping cannot be used new keys get another")
}

private fun whatMayPassLosesNoKey() {
    val kept = MemoryPreferences()
    DeviceKeys(kept).keep("a-vault", ByteArray(32) { 7 })
    // OUT_OF_KEYS_TRANSIENT_ERROR of the Keystore.
    val passing = android.security.KeyStoreException(24, "later")
    FakeKeystore.refused["handrail-wrapping"] =
        UnrecoverableKeyException().apply { initCause(passing) }
    throws<KeyStoreException> { DeviceKeys(kept).find("a-vault") }
    throws<KeyStoreException> { DeviceKeys(kept).keep("b-vault", ByteArray(32)) }
    check(FakeKeystore.held.size == 1) { "another wrapping was made" }
    FakeKeystore.refused.clear()
    check(DeviceKeys(kept).find("a-vault")!!.all { it == 7.toByte() })
    said("what may pass loses no key")
}

private fun theDiskThatRefusesIsToldAtOnce() {
    val kept = MemoryPreferences(writes = false)
    throws<KeyStoreException> { DeviceKeys(kept).keep("a-vault", ByteArray(32)) }
    said("the disk that refuses is told at once")
}

private fun theJobIsWhatAndroidNeeds() {
    val job = Schedule.describe(FakePhone(File(".")))
    check(job.isPeriodic && job.intervalMillis == 15 * 60 * 1000L) { "every ${job.intervalMillis}" }
    check(job.isPersisted)
    check(job.networkType == JobInfo.NETWORK_TYPE_ANY)
    check(job.service.className == "org.handrail.client.phone.WakeJob")
    said("the job is what Android needs")
}

private fun theJobIsScheduledOnceAndRenewedWhenItDiffers() {
    val phone = FakePhone(File("."))
    Schedule.begin(phone)
    Schedule.begin(phone)
    check(phone.scheduler.scheduled == 1) { "scheduled ${phone.scheduler.scheduled} times" }
    phone.scheduler.pending = JobInfo.Builder(1, phone.scheduler.pending!!.service)
        .setPeriodic(60 * 60 * 1000L).build()
    Schedule.begin(phone)
    check(phone.scheduler.scheduled == 2)
    said("the job is scheduled once and renewed when it differs")
}

private fun onlyTheSystemsWordsBeginTheJob() {
    val folder = createTempDir()
    val phone = FakePhone(folder)
    val hear = { action: String -> WakeReceiver().onReceive(phone, Intent(action)) }
    hear(Intent.ACTION_BOOT_COMPLETED)
    check(phone.scheduler.scheduled == 0) { "nothing was ever connected" }
    folder.resolve("records.db").writeText("")
    hear("org.example.ANYTHING")
    check(phone.scheduler.scheduled == 0)
    hear(Intent.ACTION_MY_PACKAGE_REPLACED)
    check(phone.scheduler.scheduled == 1)
    phone.scheduler.pending = null
    hear(Intent.ACTION_BOOT_COMPLETED)
    check(phone.scheduler.scheduled == 2)
    folder.deleteRecursively()
    said("only the system's words begin the job")
}

private fun aSignInPageIsHttpsInACustomTab() {
    for (address in listOf("http://a.example/", "javascript:alert(1)", "file:///etc/hosts", "https:", "")) {
        check(SignInPage.describe(address) == null) { address }
    }
    val page = SignInPage.describe("https://elm.example/authorize?state=x")!!
    check(page.action == Intent.ACTION_VIEW)
    check(page.dataString == "https://elm.example/authorize?state=x")
    check(page.hasExtra("android.support.customtabs.extra.SESSION"))
    check(page.component == null && page.`package` == null)
    said("a sign-in page is https, in a Custom Tab")
}

private inline fun <reified T : Throwable> throws(work: () -> Unit) {
    val thrown = runCatching(work).exceptionOrNull()
    check(thrown is T) { "threw $thrown" }
}

private fun said(what: String) = println("ok $what")

/** A phone as far as the schedule looks at it. */
private class FakePhone(private val folder: File) : ContextWrapper(null) {
    val scheduler = MemoryScheduler()

    override fun getPackageName() = "org.handrail.client"

    override fun getDataDir() = folder

    override fun getSystemService(name: String): Any? =
        if (name == Context.JOB_SCHEDULER_SERVICE) scheduler else null
}
