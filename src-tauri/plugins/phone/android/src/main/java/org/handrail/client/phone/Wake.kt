package org.handrail.client.phone

/** The border to Rust. Its other side is src-tauri/src/phone/java.rs. */
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

    /**
     * One bounded turn without a window: looks at what is due, within 25 seconds.
     *
     * @param folder where the app keeps everything: `Context.getDataDir`, as Tauri has it, and not `getFilesDir`.
     * @return one of the words above, whatever happens in there.
     */
    @JvmStatic
    external fun turn(folder: String, keys: DeviceKeys): Int

    /** Hands the keys to the app that has a window. */
    @JvmStatic
    external fun attach(keys: DeviceKeys)
}
