package org.handrail.client.phone

import android.content.Intent
import android.net.Uri
import android.os.Bundle

/** A sign-in page in a Custom Tab: the person's own browser, in front of the app (RFC 8252 section 6). */
object SignInPage {
    private const val SESSION = "android.support.customtabs.extra.SESSION"
    private const val TITLE = "android.support.customtabs.extra.TITLE_VISIBILITY"

    /** What opens it; null: not an address for a browser. A browser without Custom Tabs shows it as any page. */
    fun describe(address: String): Intent? {
        val page = Uri.parse(address)
        if (page.scheme != "https" || page.host.isNullOrEmpty()) return null
        // A Custom Tab is asked for by these extras; the session may be none. No AndroidX is needed for that.
        val extras = Bundle().apply {
            putBinder(SESSION, null)
            putInt(TITLE, 1)
        }
        return Intent(Intent.ACTION_VIEW, page)
            .addCategory(Intent.CATEGORY_BROWSABLE)
            .putExtras(extras)
    }
}
