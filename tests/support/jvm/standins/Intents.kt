// The framework's own asks other processes, which a JVM has not.

package android.app

import android.content.Context
import android.content.Intent

class PendingIntent private constructor(val request: Int, val start: Intent, val flags: Int) {
    companion object {
        const val FLAG_UPDATE_CURRENT = 1 shl 27
        const val FLAG_IMMUTABLE = 1 shl 26

        @JvmStatic
        fun getActivity(context: Context, request: Int, start: Intent, flags: Int) =
            PendingIntent(request, start, flags)
    }
}
