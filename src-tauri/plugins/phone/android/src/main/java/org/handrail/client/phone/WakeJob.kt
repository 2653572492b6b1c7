package org.handrail.client.phone

import android.app.job.JobParameters
import android.app.job.JobService
import kotlin.concurrent.thread

/** The phone's job: one turn of the engine, without a window and without Tauri. */
class WakeJob : JobService() {
    /** Of the turn that runs. Android starts and stops a job on one thread. */
    private var number = 0L

    override fun onStartJob(parameters: JobParameters): Boolean {
        val number = Wake.number().also { this.number = it }
        thread(name = "handrail-wake") {
            val end = Wake.turn(dataDir.path, DeviceKeys(this), number)
            if (end == Wake.NEWS) News.show(this)
            // A periodic job comes again by itself; the engine knows what is due then.
            jobFinished(parameters, false)
        }
        return true
    }

    /** The phone wants its time back. What was not done stays due, and a periodic job comes again by itself. */
    override fun onStopJob(parameters: JobParameters): Boolean {
        Wake.stop(number)
        return false
    }
}
