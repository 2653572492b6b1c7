@file:Suppress("unused")

package dalvik.system

class VMRuntime private constructor() {
    fun is64Bit() = true

    companion object {
        private val one = VMRuntime()

        @JvmStatic fun getRuntime() = one
        @JvmStatic fun is64BitAbi(abi: String) = "64" in abi
    }
}
