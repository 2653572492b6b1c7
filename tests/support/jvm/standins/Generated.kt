// What Gradle writes for each library.

package app.tauri

object BuildConfig {
    const val DEBUG = false
}
