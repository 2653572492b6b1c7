#!/bin/sh
# Stands in for a phone's C compiler while Rust's types are checked: nothing is linked then, so that an object may be
# empty. What only asks the preprocessor is answered by the compiler of this machine.
output= previous= asks= words=
for word; do
    case $word in
        -E) asks=1; words="$words -E" ;;
        -I*|-D*|*.c) words="$words $word" ;;
    esac
    case $previous in
        -o) output=$word ;;
        -I|-D|-isystem) words="$words $previous $word" ;;
    esac
    previous=$word
done
if [ -n "$asks" ]; then exec cc $words; fi
[ -n "$output" ] || exit 1
: > "$output"
