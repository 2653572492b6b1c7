package org.handrail.client.phone

import android.app.job.JobParameters
import android.app.job.JobService
import kotlin.concurrent.thread

/** The phone's job: one turn of the engine, without a window and without Tauri. */
class WakeJob : JobService() {
    override fun onStartJob(parameters: JobParameters): Boolean {
        thread(name = "handrail-wake") {
            val end = Wake.turn(dataDir.path, DeviceKeys(this))
            if (end == Wake.NEWS) News.show(this)
            // A periodic job comes again by itself; the engine knows what is due then.
            jobFinished(parameters, false)
        }
        return true
    }

    /** The phone wants its time back. The turn ends by itself, and no state of it is lost: each step is whole or not there. */
    override fun onStopJob(parameters: JobParameters): Boolean = false
}
