@file:Suppress("unused")

package dalvik.system

class VMRuntime private constructor() {
    fun newUnpaddedArray(kind: Class<*>, length: Int): Any = java.lang.reflect.Array.newInstance(kind, length)

    companion object {
        private val ONE = VMRuntime()

        @JvmStatic fun getRuntime() = ONE
    }
}
