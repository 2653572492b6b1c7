// What the framework asks the phone's own native code for: of its properties only lists are set, which it takes the first of.

@file:Suppress("UNUSED_PARAMETER", "unused")

package android.os

object SystemProperties {
    @JvmStatic fun get(key: String): String = find(key) ?: ""
    @JvmStatic fun get(key: String, otherwise: String?): String? = find(key) ?: otherwise
    @JvmStatic fun getInt(key: String, otherwise: Int): Int =
        if (key == "ro.build.version.sdk") 35 else otherwise
    @JvmStatic fun getLong(key: String, otherwise: Long): Long = otherwise
    @JvmStatic fun getBoolean(key: String, otherwise: Boolean): Boolean = otherwise

    private fun find(key: String): String? = when {
        "abilist" in key -> "arm64-v8a"
        "codename" in key -> "REL"
        else -> null
    }
}
