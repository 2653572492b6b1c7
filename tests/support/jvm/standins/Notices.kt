// The framework's constructor is for its own package.

package android.app

open class OpenNotificationManager : NotificationManager(null, null)
