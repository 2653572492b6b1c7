// A phone in memory, as far as our Kotlin looks at it. What Android's own classes ask of native code is left out of them.

package org.handrail.client.phone

import android.Manifest
import android.app.Notification
import android.app.NotificationChannel
import android.app.ApplicationPackageManager
import android.app.OpenNotificationManager
import android.app.Service
import android.app.job.JobParameters
import android.app.job.JobServiceEngine
import android.content.Context
import android.content.ContextWrapper
import android.content.Intent
import android.content.SharedPreferences
import android.content.pm.ApplicationInfo
import android.content.pm.PackageInfo
import android.content.pm.PackageManager
import android.content.res.Resources
import java.io.File
import java.util.concurrent.LinkedBlockingQueue
import java.util.concurrent.TimeUnit

/** An object of a class whose constructors ask for what only a phone has. */
inline fun <reified T> withoutConstructor(): T {
    val field = sun.misc.Unsafe::class.java.getDeclaredField("theUnsafe").apply { isAccessible = true }
    return (field.get(null) as sun.misc.Unsafe).allocateInstance(T::class.java) as T
}

class FakePhone(private val folder: File) : ContextWrapper(null) {
    val scheduler = MemoryScheduler()
    val notices = withoutConstructor<MemoryNotices>().apply {
        shown = mutableListOf()
        channels = mutableListOf()
    }
    private val files = mutableMapOf<String, MemoryPreferences>()

    override fun getPackageName() = "org.handrail.client"

    override fun getDataDir() = folder

    override fun getSharedPreferences(name: String, mode: Int): SharedPreferences {
        check(mode == Context.MODE_PRIVATE) { "other apps can read $name" }
        return files.getOrPut(name) { MemoryPreferences() }
    }

    override fun getSystemService(name: String): Any? = when (name) {
        Context.JOB_SCHEDULER_SERVICE -> scheduler
        Context.NOTIFICATION_SERVICE -> notices
        else -> null
    }

    override fun getPackageManager(): PackageManager = withoutConstructor<Packages>()
    override fun getResources(): Resources = withoutConstructor<Words>()
    override fun getApplicationInfo() =
        withoutConstructor<ApplicationInfo>().apply { targetSdkVersion = 35 }
}

/** Our library's texts, by their numbers. */
class Words : Resources(null, null, null) {
    override fun getText(id: Int): CharSequence = "text $id"
    override fun getString(id: Int) = "text $id"
    override fun getBoolean(id: Int) = false
}

/** Knows the app's icon and what its manifest asks for. */
class Packages : ApplicationPackageManager(null, null) {
    override fun getLaunchIntentForPackage(name: String) = Intent(Intent.ACTION_MAIN).setPackage(name)
    override fun getPackageInfo(name: String, flags: PackageInfoFlags) =
        PackageInfo().apply { requestedPermissions = arrayOf(Manifest.permission.POST_NOTIFICATIONS) }
}

/** What is shown, by its number. */
class MemoryNotices : OpenNotificationManager() {
    lateinit var shown: MutableList<Pair<Int, Notification>>
    lateinit var channels: MutableList<NotificationChannel>

    override fun createNotificationChannel(channel: NotificationChannel) { channels.add(channel) }
    override fun notify(id: Int, notification: Notification) {
        check(channels.any { it.id == notification.channelId }) { "Android shows nothing without a channel" }
        shown.add(id to notification)
    }
}

/** A job of ours that Android has bound, over a phone. */
class BoundJob(phone: FakePhone) {
    private val ended = LinkedBlockingQueue<Boolean>()
    private val parameters = withoutConstructor<JobParameters>()
    private val job = WakeJob()

    init {
        val attach = ContextWrapper::class.java.getDeclaredMethod("attachBaseContext", Context::class.java)
        attach.apply { isAccessible = true }.invoke(job, phone)
        val engine = withoutConstructor<Engine>().also { it.ended = ended }
        val field = android.app.job.JobService::class.java.getDeclaredField("mEngine")
        field.apply { isAccessible = true }.set(job, engine)
    }

    fun start() = job.onStartJob(parameters)

    fun stop() = job.onStopJob(parameters)

    /** Waits for the job's own word that it is done: whether it wants to be tried again. */
    fun waitForEnd(): Boolean = checkNotNull(ended.poll(1, TimeUnit.MINUTES)) { "Android goes on waiting for the job" }

    /** Whether its word came, and nobody took it. */
    fun hasEnded() = ended.isNotEmpty()

    private class Engine(service: Service) : JobServiceEngine(service) {
        lateinit var ended: LinkedBlockingQueue<Boolean>

        override fun onStartJob(parameters: JobParameters) = throw UnsupportedOperationException()
        override fun onStopJob(parameters: JobParameters) = throw UnsupportedOperationException()
        override fun jobFinished(parameters: JobParameters, again: Boolean) { ended.put(again) }
    }
}
