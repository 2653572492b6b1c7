#!/usr/bin/env bash
# A first look at the package on an emulator: it is installed and starts, a link opens it, and Android runs the job.
set -euo pipefail

app=org.handrail.client
package=$(find gen/android/app/build/outputs/apk -name '*.apk' | head -n 1)
adb install -r "$package"

# Waits for a line of a command, at most a minute.
wait_for() {
    local wanted=$1
    shift
    for _ in $(seq 60); do
        if "$@" | grep -q "$wanted"; then return 0; fi
        sleep 1
    done
    echo "never seen: $wanted ($*)" >&2
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
if adb logcat -d | grep -q "FATAL EXCEPTION"; then
    adb logcat -d | tail -n 100
    exit 1
fi
