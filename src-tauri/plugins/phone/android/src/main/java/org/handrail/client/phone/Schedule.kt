package org.handrail.client.phone

import android.app.job.JobInfo
import android.app.job.JobScheduler
import android.content.ComponentName
import android.content.Context

/** When the phone looks for news while the app is closed. */
object Schedule {
    private const val JOB = 1

    /** The engine says what is due; this says only how often it is asked. The shortest that Android grants. */
    private const val EVERY_MS = 15 * 60 * 1000L

    /** Has the phone look from now on. A job that is there as it should be stays, so that its turn does not move away. */
    fun begin(context: Context) {
        val scheduler = context.getSystemService(Context.JOB_SCHEDULER_SERVICE) as JobScheduler
        val wanted = describe(context)
        val there = scheduler.getPendingJob(JOB)
        if (there == null || !isSame(there, wanted)) scheduler.schedule(wanted)
    }

    /** The job: with a network, kept over a restart of the phone, tried again later and later. */
    fun describe(context: Context): JobInfo =
        JobInfo.Builder(JOB, ComponentName(context, WakeJob::class.java))
            .setRequiredNetworkType(JobInfo.NETWORK_TYPE_ANY)
            .setPeriodic(EVERY_MS)
            .setPersisted(true)
            .build()

    private fun isSame(one: JobInfo, other: JobInfo) =
        one.service == other.service &&
            // Of a job that does not come again it is nought.
            one.intervalMillis == other.intervalMillis &&
            one.isPersisted == other.isPersisted &&
            one.networkType == other.networkType
}
