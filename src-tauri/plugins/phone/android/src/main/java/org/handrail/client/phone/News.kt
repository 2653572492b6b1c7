package org.handrail.client.phone

import android.app.Notification
import android.app.NotificationChannel
import android.app.NotificationManager
import android.app.PendingIntent
import android.content.Context
import android.os.Build

/** Says that there is something to see, and never what. */
object News {
    private const val CHANNEL = "news"
    private const val ONE = 1

    /** Shows it, or renews what is shown. Where the person said no, Android shows nothing. */
    fun show(context: Context) {
        val manager =
            context.getSystemService(Context.NOTIFICATION_SERVICE) as NotificationManager
        manager.notify(ONE, describe(context, manager))
    }

    private fun describe(context: Context, manager: NotificationManager): Notification {
        val heading = context.getString(R.string.phone_news_heading)
        val builder = if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.O) {
            val name = context.getString(R.string.phone_news_channel)
            val importance = NotificationManager.IMPORTANCE_DEFAULT
            manager.createNotificationChannel(NotificationChannel(CHANNEL, name, importance))
            Notification.Builder(context, CHANNEL)
        } else {
            @Suppress("DEPRECATION")
            Notification.Builder(context)
        }
        return builder
            .setSmallIcon(R.drawable.phone_news)
            .setContentTitle(heading)
            .setContentText(context.getString(R.string.phone_news_body))
            .setVisibility(Notification.VISIBILITY_PRIVATE)
            .setContentIntent(opening(context))
            .setAutoCancel(true)
            .setOnlyAlertOnce(true)
            .build()
    }

    /** Opens the app as its icon does. Nobody who gets hold of it can fill anything in. */
    private fun opening(context: Context): PendingIntent? {
        val start = context.packageManager.getLaunchIntentForPackage(context.packageName)
        val flags = PendingIntent.FLAG_IMMUTABLE or PendingIntent.FLAG_UPDATE_CURRENT
        return start?.let { PendingIntent.getActivity(context, 0, it, flags) }
    }
}
