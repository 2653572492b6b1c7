# Texts the core names (crates/core/src/view.rs).
#
# How the page writes out what fills a gap, so that a sentence can be built around it:
#   a day     "today", "tomorrow", "yesterday", "Friday, May 9" (near), "August 1", "March 3, 2027"
#   a moment  "today at 10:40 AM", "yesterday at 4:02 PM", "May 4 at 9:15 AM"; write neither "on" nor "at" before it
#   a number  works as a plural selector
