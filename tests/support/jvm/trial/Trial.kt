// Our Kotlin on a desktop's JVM, over Android's own framework classes. The Rust test says what must come of it.

package org.handrail.client.phone

import android.Manifest
import android.app.Notification
import android.app.NotificationManager
import android.app.PendingIntent
import android.app.job.JobInfo
import android.content.ComponentName
import android.content.Context
import android.content.Intent
import java.io.File
import java.security.KeyStoreException
import java.security.Security
import java.security.UnrecoverableKeyException
import javax.crypto.spec.SecretKeySpec
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

/** A phone on which the keys that Rust made are kept as an app would. */
private fun prepare(folder: String, given: File): Pair<FakePhone, DeviceKeys> {
    val phone = FakePhone(File(folder))
    val keys = DeviceKeys(phone as Context)
    given.readLines().forEach { line ->
        val (name, hex) = line.split(' ')
        keys.keep(name, hex.chunked(2).map { it.toInt(16).toByte() }.toByteArray())
    }
    return phone to keys
}

/** Runs the job as Android does, and then its turn alone, with the keys that Rust made. */
private fun crossTheBorder(folder: String, given: File) {
    val (phone, keys) = prepare(folder, given)
    val turn = { within: String -> Wake.turn(within, keys, Wake.number()) }
    for (which in listOf("job", "next job")) {
        val job = BoundJob(phone)
        val goesOn = job.start()
        println("$which goes on $goesOn, wants another try ${job.waitForEnd()}, notices ${phone.notices.shown.size}")
    }
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

/** Two jobs that are stopped when whoever reads this says so, a turn that is stopped before it begins, and one more job. */
private fun stopInTheMiddle(folder: String, given: File) {
    val (phone, keys) = prepare(folder, given)
    val job = BoundJob(phone)
    repeat(2) {
        println("begun ${job.start()}")
        readLine()
        val isOver = job.hasEnded()
        val again = job.stop()
        println("over $isOver, again $again, wants another try ${job.waitForEnd()}")
    }
    val early = Wake.number().also(Wake::stop)
    println("early ${Wake.turn(folder, keys, early)}")
    job.start()
    println("next wants another try ${job.waitForEnd()}, notices ${phone.notices.shown.size}")
    check(!job.hasEnded()) { "a job ended twice" }
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
    newsSayNothingAndOpenTheAppAsItsIconDoes()
    whereNoPageCanBeOpenedThatIsSaid()
    lookingBeginsWhateverThePersonSaysToNews()
}

private fun keysAreFoundAgainAndNeverReplaced() {
    val phone = FakePhone(File("."))
    val keys = DeviceKeys(phone as Context)
    val kept = phone.getSharedPreferences("handrail-keys", Context.MODE_PRIVATE)
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
    for (damaged in listOf("AAAA", "1:", "1:AAAA", "1:AAAAA", "one:AAAA")) {
        kept.edit().putString("a-vault", damaged).commit()
        throws<KeyGone> { DeviceKeys(kept).find("a-vault") }
    }
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
    val wrapping = FakeKeystore.held["handrail-wrapping"]!!
    FakeKeystore.held["handrail-wrapping"] = BusyKey
    throws<KeyStoreException> { DeviceKeys(kept).find("a-vault") }
    FakeKeystore.held["handrail-wrapping"] = wrapping
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
    check(job.service.packageName == "org.handrail.client")
    // By this number people start it by hand (docs/devices.md).
    check(job.id == 1)
    said("the job is what Android needs")
}

private fun theJobIsScheduledOnceAndRenewedWhenItDiffers() {
    val phone = FakePhone(File("."))
    Schedule.begin(phone)
    Schedule.begin(phone)
    check(phone.scheduler.scheduled == 1) { "scheduled ${phone.scheduler.scheduled} times" }
    val ours = phone.scheduler.pending!!.service
    val same = {
        JobInfo.Builder(1, ours).setRequiredNetworkType(JobInfo.NETWORK_TYPE_ANY)
            .setPeriodic(15 * 60 * 1000L).setPersisted(true)
    }
    val other = ComponentName(ours.packageName, "org.handrail.client.phone.AnEarlierJob")
    val once = JobInfo.Builder(1, ours).setRequiredNetworkType(JobInfo.NETWORK_TYPE_ANY).setPersisted(true)
    val earlier = listOf(
        once,
        same().setPeriodic(60 * 60 * 1000L),
        same().setPersisted(false),
        same().setRequiredNetworkType(JobInfo.NETWORK_TYPE_UNMETERED),
        JobInfo.Builder(1, other).setRequiredNetworkType(JobInfo.NETWORK_TYPE_ANY)
            .setPeriodic(15 * 60 * 1000L).setPersisted(true),
    )
    earlier.forEachIndexed { number, job ->
        phone.scheduler.pending = job.build()
        Schedule.begin(phone)
        check(phone.scheduler.scheduled == 2 + number) { "an earlier version's job $number stayed" }
    }
    phone.scheduler.pending = same().build()
    Schedule.begin(phone)
    check(phone.scheduler.scheduled == 1 + earlier.size) { "a job as it should be was moved away" }
    said("the job is scheduled once and renewed when it differs")
}

private fun onlyTheSystemsWordsBeginTheJob() {
    val folder = createTempDir()
    val phone = FakePhone(folder)
    val hear = { action: String -> WakeReceiver().onReceive(phone, Intent(action)) }
    hear(Intent.ACTION_BOOT_COMPLETED)
    check(phone.scheduler.scheduled == 0) { "nothing was ever connected" }
    folder.resolve("records.db").mkdir()
    hear(Intent.ACTION_BOOT_COMPLETED)
    check(phone.scheduler.scheduled == 0) { "a folder is no record" }
    folder.resolve("records.db").delete()
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
    check(page.categories == setOf(Intent.CATEGORY_BROWSABLE)) { "other apps than browsers may take it" }
    check(page.extras!!.keySet() == setOf(SESSION, TITLE)) { "${page.extras}" }
    check(page.getIntExtra(TITLE, 0) == 1) { "the title is not shown" }
    check(page.flags == 0) { "it opens apart from the app" }
    check(page.component == null && page.`package` == null)
    said("a sign-in page is https, in a Custom Tab")
}

private fun newsSayNothingAndOpenTheAppAsItsIconDoes() {
    val phone = FakePhone(File("."))
    News.show(phone)
    News.show(phone)
    val (numbers, notices) = phone.notices.shown.unzip()
    check(numbers.distinct().size == 1) { "the second stands beside the first" }
    check(phone.notices.channels.all { it.id == "news" && it.importance == NotificationManager.IMPORTANCE_DEFAULT })
    check(phone.notices.channels[0].name == "text ${R.string.phone_news_channel}")
    val notice = notices[0]
    check(notice.channelId == "news")
    check(notice.extras.getCharSequence(Notification.EXTRA_TITLE) == "text ${R.string.phone_news_heading}")
    check(notice.extras.getCharSequence(Notification.EXTRA_TEXT) == "text ${R.string.phone_news_body}")
    check(notice.visibility == Notification.VISIBILITY_PRIVATE)
    check(notice.smallIcon.resId == R.drawable.phone_news)
    check(notice.flags == Notification.FLAG_AUTO_CANCEL or Notification.FLAG_ONLY_ALERT_ONCE) { "${notice.flags}" }
    val opening = notice.contentIntent
    check(opening.flags == PendingIntent.FLAG_IMMUTABLE or PendingIntent.FLAG_UPDATE_CURRENT)
    check(opening.start.action == Intent.ACTION_MAIN && opening.start.`package` == "org.handrail.client")
    said("news say nothing and open the app as its icon does")
}

private fun whereNoPageCanBeOpenedThatIsSaid() {
    val activity = FakeActivity.over(FakePhone(File(".")))
    val plugin = LoadedPlugin(activity)
    val open = { address: String -> plugin.run("openPage", """{"address":"$address","scheme":"org.handrail.client"}""") }
    check(open("https://elm.example/authorize?state=x") == "resolved null")
    check(activity.started.single().dataString == "https://elm.example/authorize?state=x")
    check(open("http://elm.example/").startsWith("rejected")) { "a page without TLS" }
    check(activity.started.size == 1)
    activity.hasBrowser = false
    val said = open("https://elm.example/authorize?state=x")
    check(said.startsWith("rejected") && "state" !in said) { said }
    said("where no page can be opened that is said")
}

private fun lookingBeginsWhateverThePersonSaysToNews() {
    for (answer in listOf(true, false)) {
        val phone = FakePhone(File("."))
        val activity = FakeActivity.over(phone)
        val plugin = LoadedPlugin(activity)
        check(plugin.run("keepLooking", "null") == "nothing yet")
        check(phone.scheduler.scheduled == 1) { "it waits for the person" }
        check(activity.asked == listOf(Manifest.permission.POST_NOTIFICATIONS)) { "${activity.asked}" }
        check(plugin.wait { activity.answer(answer) } == "resolved null")
    }
    said("looking begins whatever the person says to news")
}

private inline fun <reified T : Throwable> throws(work: () -> Unit) {
    val thrown = runCatching(work).exceptionOrNull()
    check(thrown is T) { "threw $thrown" }
}

private const val SESSION = "android.support.customtabs.extra.SESSION"
private const val TITLE = "android.support.customtabs.extra.TITLE_VISIBILITY"

private fun said(what: String) = println("ok $what")
