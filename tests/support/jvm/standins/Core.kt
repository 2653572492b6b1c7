@file:Suppress("UNUSED_PARAMETER", "unused")

package androidx.core.app

object ActivityCompat {
    fun checkSelfPermission(context: android.content.Context, permission: String): Int =
        throw UnsupportedOperationException()

    fun shouldShowRequestPermissionRationale(
        activity: android.app.Activity,
        permission: String,
    ): Boolean = false

    fun requestPermissions(activity: android.app.Activity, permissions: Array<String>, code: Int): Unit =
        throw UnsupportedOperationException()
}
