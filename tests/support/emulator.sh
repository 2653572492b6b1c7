#!/usr/bin/env bash
# A first look at the package on an emulator: it is installed and starts, a link opens it, and Android runs the job.
set -euo pipefail

app=org.handrail.client
package=$(find gen/android/app/build/outputs/apk -name '*.apk' | head -n 1)
adb install -r "$package"

# Whether a command says it. Reads all of it: what is cut off ends badly, and would count as not said.
says() {
    local wanted=$1
    shift
    "$@" | grep "$wanted" > /dev/null
}

# Waits for a line of a command, at most a minute.
wait_for() {
    for _ in $(seq 60); do
        if says "$@"; then return 0; fi
        sleep 1
    done
    echo "never seen: $*" >&2
    return 1
}

adb shell am start -W -n "$app/.MainActivity"
wait_for . adb shell pidof "$app"

adb shell am start -W -a android.intent.action.VIEW -d "$app://invite?fhirUri=https%3A%2F%2Ffhir.example.org%2Fr4"
wait_for "topResumedActivity.*$app" adb shell dumpsys activity activities

# The same package once more is an update: Android says so itself, and the job is scheduled without the app being opened.
adb logcat -c
adb install -r "$package"
wait_for "$app/.*WakeJob" adb shell dumpsys jobscheduler

# Nothing is connected, so that the job is quiet, and must not crash the process.
adb shell cmd jobscheduler run -f "$app" 1
# Of its history, and not of the list of what is scheduled.
wait_for "STOP.*$app/.*WakeJob" adb shell dumpsys jobscheduler
log=$(adb logcat -d)
if grep "FATAL EXCEPTION" <<< "$log" > /dev/null; then
    tail -n 100 <<< "$log"
    exit 1
fi
