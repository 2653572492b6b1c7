// Thin stand-ins for the AndroidX types that Tauri's plugin sources name. They do nothing, are compiled for the
// tests on a desktop's JVM alone, and are in no app.

@file:Suppress("UNUSED_PARAMETER", "unused")

package androidx.appcompat.app

import androidx.activity.result.ActivityResultLauncher
import androidx.activity.result.contract.ActivityResultContract

open class AppCompatActivity : android.app.Activity() {
    open fun <I, O> registerForActivityResult(
        contract: ActivityResultContract<I, O>,
        callback: (O) -> Unit,
    ): ActivityResultLauncher<I> = throw UnsupportedOperationException()
}
