package org.handrail.client.phone

import android.content.BroadcastReceiver
import android.content.Context
import android.content.Intent

/** After the phone was off, or the app was renewed: the job is there again, if there was anything to look for. */
class WakeReceiver : BroadcastReceiver() {
    override fun onReceive(context: Context, intent: Intent) {
        val ours = intent.action == Intent.ACTION_BOOT_COMPLETED ||
            intent.action == Intent.ACTION_MY_PACKAGE_REPLACED
        // Other apps may send what they like; the two above only the system may.
        if (ours && context.dataDir.resolve("records.db").isFile) Schedule.begin(context)
    }
}
