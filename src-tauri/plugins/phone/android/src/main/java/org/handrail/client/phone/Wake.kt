package org.handrail.client.phone

import java.util.concurrent.atomic.AtomicLong

/** The border to Rust. Its other side is src-tauri/src/app/phone/java.rs. */
object Wake {
    init {
        System.loadLibrary("handrail_app_lib")
    }

    /** Nothing to say. */
    const val QUIET = 0

    /** Something came that the person has not seen. */
    const val NEWS = 1

    /** Some of it could not be done, and may go well later. */
    const val LATER = 2

    /** Our own fault. Trying again at once would not help. */
    const val FAILED = 3

    private val numbers = AtomicLong()

    /** A number for a turn, larger than all before it. */
    fun number(): Long = numbers.incrementAndGet()

    /**
     * One bounded turn without a window: looks at what is due, within 25 seconds, and seals what came, within 30.
     *
     * @param folder where the app keeps everything: `Context.getDataDir`, as Tauri has it, and not `getFilesDir`.
     * @param number from [number], so that [stop] can end it.
     * @return one of the words above, whatever happens in there.
     */
    @JvmStatic
    external fun turn(folder: String, keys: DeviceKeys, number: Long): Int

    /** Ends the turn of this number soon, also one that has not begun. Tokens that are on their way are sealed first. */
    @JvmStatic
    external fun stop(number: Long)

    /** Hands the keys to the app that has a window. */
    @JvmStatic
    external fun attach(keys: DeviceKeys)
}
