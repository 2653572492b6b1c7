// What Gradle writes for our library's res folder.

@file:Suppress("ClassName")

package org.handrail.client.phone

object R {
    object string {
        const val phone_news_channel = 1
        const val phone_news_heading = 2
        const val phone_news_body = 3
    }

    object drawable {
        const val phone_news = 1
    }
}
