package org.handrail.client.phone

import android.Manifest
import android.app.Activity
import android.content.ActivityNotFoundException
import android.os.Build
import android.view.WindowManager
import android.webkit.WebView
import app.tauri.annotation.Command
import app.tauri.annotation.InvokeArg
import app.tauri.annotation.Permission
import app.tauri.annotation.PermissionCallback
import app.tauri.annotation.TauriPlugin
import app.tauri.plugin.Invoke
import app.tauri.plugin.Plugin

@InvokeArg
internal class Page {
    lateinit var address: String
}

/** What the app with a window asks of Android. Only Rust calls it. */
@TauriPlugin(
    permissions = [
        Permission(strings = [Manifest.permission.POST_NOTIFICATIONS], alias = "news"),
    ],
)
class PhonePlugin(private val activity: Activity) : Plugin(activity) {
    override fun load(webView: WebView) {
        // No picture of it for other apps, for the list of recent ones, or for a screen that is mirrored.
        activity.window.addFlags(WindowManager.LayoutParams.FLAG_SECURE)
        Wake.attach(DeviceKeys(activity.applicationContext))
    }

    @Command
    fun openPage(invoke: Invoke) {
        val page = SignInPage.describe(invoke.parseArgs(Page::class.java).address)
            ?: return invoke.reject("not an address for a browser")
        try {
            activity.startActivity(page)
            invoke.resolve()
        } catch (none: ActivityNotFoundException) {
            invoke.reject("there is no browser")
        }
    }

    @Command
    fun keepLooking(invoke: Invoke) {
        Schedule.begin(activity.applicationContext)
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.TIRAMISU) {
            requestPermissionForAlias("news", invoke, "askedForNews")
        } else {
            invoke.resolve()
        }
    }

    /** Whatever the person said: looking goes on, and Android keeps the rest. */
    @PermissionCallback
    fun askedForNews(invoke: Invoke) = invoke.resolve()
}
