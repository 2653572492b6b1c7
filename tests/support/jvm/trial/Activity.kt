// The window's side of a phone, and our plugin as Tauri loads it.

package org.handrail.client.phone

import android.content.ActivityNotFoundException
import android.content.Context
import android.content.Intent
import android.content.SharedPreferences
import androidx.activity.result.ActivityResultLauncher
import androidx.activity.result.contract.ActivityResultContract
import androidx.activity.result.contract.ActivityResultContracts
import androidx.appcompat.app.AppCompatActivity
import app.tauri.plugin.Invoke
import app.tauri.plugin.PluginHandle
import app.tauri.plugin.PluginManager
import com.fasterxml.jackson.annotation.JsonAutoDetect
import com.fasterxml.jackson.annotation.PropertyAccessor
import com.fasterxml.jackson.databind.DeserializationFeature
import com.fasterxml.jackson.databind.ObjectMapper

class FakeActivity : AppCompatActivity() {
    private lateinit var phone: FakePhone
    lateinit var started: MutableList<Intent>
    lateinit var asked: List<String>
    private lateinit var heard: (Map<String, Boolean>) -> Unit
    var hasBrowser = true

    fun answer(yes: Boolean) = heard(asked.associateWith { yes })

    override fun getApplicationContext(): Context = phone
    override fun getPackageName() = phone.packageName
    override fun getPackageManager() = phone.packageManager

    /** What Tauri keeps of a permission: nobody waits for it. */
    override fun getSharedPreferences(name: String, mode: Int): SharedPreferences = Notes()

    override fun startActivity(intent: Intent) {
        if (!hasBrowser) throw ActivityNotFoundException()
        started.add(intent)
    }

    @Suppress("UNCHECKED_CAST")
    override fun <I, O> registerForActivityResult(
        contract: ActivityResultContract<I, O>,
        callback: (O) -> Unit,
    ) = object : ActivityResultLauncher<I>() {
        override fun launch(input: I) {
            check(contract is ActivityResultContracts.RequestMultiplePermissions)
            asked = (input as Array<String>).toList()
            heard = callback as (Map<String, Boolean>) -> Unit
        }
    }

    private class Notes : MemoryPreferences() {
        override fun edit(): SharedPreferences.Editor = object : Draft() {
            override fun apply() { commit() }
        }
    }

    companion object {
        fun over(phone: FakePhone) = withoutConstructor<FakeActivity>().also {
            it.phone = phone
            it.started = mutableListOf()
            it.hasBrowser = true
        }
    }
}

/** Our plugin, and what it said to the last command. */
class LoadedPlugin(activity: FakeActivity) {
    private var said = "nothing yet"

    /** As Tauri's own reads what Rust writes. */
    private val mapper = ObjectMapper()
        .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        .setVisibility(PropertyAccessor.FIELD, JsonAutoDetect.Visibility.ANY)
    private val handle: PluginHandle

    init {
        PluginManager.activity = null
        PluginManager.onCreate(activity)
        handle = PluginHandle(PluginManager, "phone", PhonePlugin(activity), "{}", mapper)
    }

    fun run(command: String, arguments: String): String = wait {
        val hear = { which: Long, data: String -> said = (if (which == 0L) "resolved " else "rejected ") + data }
        handle.invoke(Invoke(1, command, 0, 1, hear, arguments, mapper))
    }

    fun wait(work: () -> Unit): String {
        said = "nothing yet"
        work()
        return said
    }
}
