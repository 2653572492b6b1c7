# The English texts of the pages. Grade 6 at most, 20 words a sentence at most; one word for one thing.
# How days, moments and numbers are written out: see the head of core.en.ftl.

# Everywhere
app-name = Handrail
page-title = { $page } · Handrail
skip-to-content = Skip to content
back = Back
close = Close
cancel = Cancel
try-again = Try again
try-now = Try now
see-it = See it
new-mark = New:
now-mark = Now:
next-mark = Next:
new-chip = New
written-by = Written by { $name }
loading = Loading

# Days and moments
day-today = today
day-tomorrow = tomorrow
day-yesterday = yesterday
day-other = { $date }
moment-today = today at { $time }
moment-yesterday = yesterday at { $time }
moment-other = { $day } at { $time }

# Tabs
tabs-label = Main
tabs-menu = Menu
tab-today = Today
tab-todos = To-dos
tab-goals = Goals
tab-referrals = Referrals
tab-requests = New
tab-helping = Helping
tab-closed = Closed
tab-more = More
tab-count = { $count ->
    [one] , { $count } needs you
   *[other] , { $count } need you
}

# Looking for news
check-for-news = Check for news
check-running = Checking now.
checked-nothing = Checked.

# Welcome
welcome-title = Welcome
welcome-heading = Your help, in one place
welcome-lead = See your to-dos, goals and referrals from your clinic and the groups that help you.
welcome-connect = Connect a place
welcome-try = Try it with made-up data
welcome-try-busy = Making it up
welcome-hint = Free. No ads. What you see stays on this device.

# Over every page while nothing on it is real
tryout-says = All of this is made up. You can try everything.
tryout-leave = Stop trying

# Connecting: the ways in
connect-title = Connect a place
connect-heading = Connect a place
connect-lead = Your clinic or helper gave you a square code or an address. Use either one.
connect-scan = Scan with the camera
connect-scan-sub = Hold the code in front of it
connect-picture-heading = Have a square code?
connect-picture = Choose a picture
connect-picture-sub = A photo or screenshot of the code
connect-picture-busy = Reading the picture…
connect-picture-kept = Handrail reads only this picture. It does not keep it.
connect-address-heading = Have an address?
connect-address = Address
connect-address-hint = It is in the letter, text or email from your clinic or helper. You can leave out “https”.
connect-paste = Paste
connect-paste-refused = We may not read what you copied. Press and hold in the box, then choose Paste.
connect-address-missing = Type or paste the address first. For example: elmstreetclinic.example
connect-continue = Continue
connect-reading = Reading…
connect-other-ways = Other ways
connect-again = Try another code
connect-type-again = Paste or type an address
connect-type-again-sub = From a letter, text or email
what-you-can-do = What you can do
scan-heading = Scan the code
scan-lead = Your clinic or helper gave you a square code. Hold it in front of the camera.
scan-starting = Starting the camera…
scan-looking = Looking for a code…
scan-lamp-on = Turn on the light
scan-lamp-off = Turn off the light
scan-help-heading = No code yet?
scan-help-body = Hold the code flat and still. Make sure there is light, and all four corners show. Or use one of the ways below.
scan-without = Or connect without it
scan-turn-on = Turn on the camera
scan-try-again = Try again
scan-open-settings = Open the settings
scan-ask-heading = Scan with the camera
scan-ask-body = Handrail needs it only to read the code. It takes no pictures. You will be asked if that is fine.
scan-refused-heading = The camera is off
scan-refused-body = Handrail may not use it. You can allow it in the settings, then try again.
scan-busy-heading = The camera is busy
scan-busy-body = Another app is using it. Close that app, then try again.
scan-missing-heading = We found no camera
scan-missing-body = This device has none that we can use. You can still connect.
connect-ask-for-code = Ask your clinic or helper: “Do you have a code for patient apps?”
connect-find-heading = Have neither?
connect-find = Find your clinic
connect-find-sub = Choose it from a list

# Connecting: choosing from the list
find-title = Find your clinic
find-heading = Find your clinic
find-lead = Clinics and groups on this device’s list. Choosing one shares nothing yet.
find-label = Name, town or web address
find-hint = A few letters are enough.
find-already = Connected
find-count = { $count ->
    [one] 1 place
   *[other] { $count } places
}
find-more = The first { $count }. There are { $more } more: type more of the name.
find-none-heading = The list is empty
find-none-body = You can still connect with a code or an address.
find-empty-heading = Not on the list
find-empty-body = Check the spelling, or try the town. You can still connect with a code or an address.

# Connecting: is this the right place?
confirm-title = Check this place
confirm-heading = Is this the right place?
confirm-name-listed = On Handrail’s list of places
confirm-name-unlisted = This name was not checked
confirm-address = Its web address
confirm-compare = Compare it with your letter or card, letter by letter.
confirm-new = New on this device
confirm-locked = Locked connection
confirm-known = On our list
confirm-unknown-heading = This place is new to Handrail
confirm-unknown-body = It is not on our list. That can be fine. Go on only if you trust who gave you the code.
confirm-compared = I compared the address with my letter
confirm-compared-hint = Every letter is the same.
confirm-compare-first = Not now: compare the address first
confirm-sign-in = Yes, sign in
confirm-sign-in-again = Sign in again
confirm-beginning = Looking for the sign-in page…
confirm-no = No, go back
confirm-role = What brings you here?
confirm-role-patient = I get help
confirm-role-organization = I work for a group that helps
confirm-helper-see = To see what your group was asked to do, and for whom.
confirm-helper-send = To send back your answers and what you did.
confirm-asks-heading = What Handrail will ask for
confirm-asks-see = To see your to-dos, goals and referrals there, and what belongs to them.
confirm-asks-send = To send back what you answer. Nothing else is changed.
confirm-next-heading = What happens next
confirm-next-browser = 1. Your browser opens the sign-in page of this place.
confirm-next-account = 2. You sign in there. You may need to make a new account.
confirm-next-back = 3. You come back here. Handrail never sees your password.
already-heading = You are already connected
already-body = This code is for { $name }. There is nothing to do.
already-open = Open this place

# Signing in
signin-title = Sign in
signin-preparing-heading = Getting ready
signin-preparing = We are asking { $name } for its sign-in page.
signin-waiting-heading = Finish in your browser
signin-waiting = Sign in to { $name }. We will wait here for you.
signin-open-heading = Sign in on their page
signin-open-line = The sign-in page of { $name } opens in a new tab. Then come back here.
signin-exchanging-heading = You are back
signin-exchanging = We are asking { $name } to let you in.
signin-fetching-heading = Almost there
signin-fetching = You are signed in. We are getting your things from { $name }.
signin-good-to-know = Good to know
signin-first-time = First time there?
signin-first-time-line = They may ask for your email, birth date or a code from the clinic.
signin-check-top = Check the top of the page
signin-take-time = Take your time
signin-take-time-line = You can finish { $until } at the latest. After that, you can start again.
signin-open = Open the sign-in page
signin-go-on = Go on signing in
signin-reopen = Open the browser again
signin-reopening = Opening the browser…
signin-cancel = Cancel
signin-gone-heading = This sign-in is over
signin-gone-body = It ended before it was done. Nothing was shared. You can start again.
signin-stopped-title = Sign-in did not finish
signin-start-again = Start again
signin-may-help = What may help
signin-changed-mind = Changed your mind?
signin-changed-mind-line = That’s fine. You can come back any time.
signin-forgot = Forgot your password?
signin-forgot-line = Use “Forgot password” on their page.
signin-no-account = No account there?
signin-no-account-line = Ask them for one, or for a sign-up code.

# Connected
connected-title = Connected
connected-heading = You are connected
connected-found = What we found
connected-inbox = See the requests
connected-today = Go to Today
connected-another = Connect another place

# Today
today-title = Today
today-morning = Good morning
today-morning-name = Good morning, { $name }
today-afternoon = Good afternoon
today-afternoon-name = Good afternoon, { $name }
today-evening = Good evening
today-evening-name = Good evening, { $name }
today-your-turn = Your turn
today-open = See what to do
today-all-todos = { $count ->
    [one] See { $count } more to-do
   *[other] See { $count } more to-dos
}
today-nothing-heading = Nothing needs you today
today-nothing-body = We will show it here when something does.
today-waiting = Waiting on others
today-news = New since last time
today-mark-seen = Mark all as seen
today-marked = Marked as seen.
today-loading = Loading your to-dos
sign-in-again = Sign in again
see-connection = See this place

# To-dos
todos-title = To-dos
todos-heading = To-dos
todos-your-turn = Your turn
todos-paused = Paused
todos-done = Done
todos-older = { $count ->
    [one] Show { $count } older
   *[other] Show { $count } older
}
todos-empty-heading = No to-dos
todos-empty-body = When a place asks you for something, it shows up here.
todos-all-done-heading = Nothing needs you now
todo-page-title = To-do
todo-they-ask = They will ask you
todo-materials = Read or watch
todo-contacts = How to reach them
todo-outcome = What came of it
todo-answer = Your answer
todo-answer-first = Write your answer first
todo-choose = Whom will you contact?
todo-file = Your filled form (PDF)
todo-file-first = Choose your filled form first
todo-goes-to = What you send goes to { $place } only. Nothing is sent before you say so.
todo-not-now = Not now?
todo-pause-hint = They will see that you need more time.
todo-fail-hint = Tell them what is in the way.
todo-cancel-hint = You can say no. Tell them why.
todo-changed = What is different
act-sheet-start = Tell them that you started?
act-sheet-finish = Send this now?
act-sheet-done = Tell them that it is done?
act-sheet-pause = Pause it?
act-sheet-fail = What is in the way?
act-sheet-cancel = Why don’t you want to do this?
act-sheet-line = { $place } will see this.
act-sheet-reason = Your reason
act-sheet-skip = You can leave this empty.
act-sheet-tell = Tell them
act-sheet-send = Send
act-sheet-back = Go back
act-busy = Sending

# Questions, one at a time
form-title = Questions
form-leave = Save and leave
form-next = Next
form-pick-one = Pick one.
form-pick-all = Pick all that fit.
form-else = Something else
form-another = Add another answer
form-unit = Unit
form-unit-pick = Pick a unit
form-go-on = You can go on and send the rest.
form-add-group = Add another one
form-take-back = Take my answer back
form-take-away = Take this one away
form-check = Check your answers
form-check-line = You can still change them.
form-change = Change
form-no-answer = No answer
form-worked-out = Worked out from your answers
form-goes-to = Your answers go to { $place } only. They stay on this device until you press Send.
form-send = Send to { $place }
form-not-yet = Some answers are missing

# Goals
goals-title = Goals
goals-heading = Goals
goals-lead = What you and your care team want to reach.
goals-open-one = See this goal
goals-open-one-label = See this goal: { $goal }
goals-reached = Reached
goals-ended = Ended
goals-empty-heading = No goals shared yet
goals-empty-body = Your clinic may set goals with you. Then they show up here.
goals-none-open-heading = No goals right now
goal-page-title = Goal
goal-steps-done = { $done } of { $of } { $of ->
    [one] step
   *[other] steps
} done
goal-steps = Steps that help
goal-step-done = Done
goal-notes = What they wrote
goal-change-heading = Want to change this goal?
goal-change-body = Only your care team can change it. Tell them what matters to you.

# Referrals
referrals-title = Referrals
referrals-heading = Referrals
referrals-lead = Help that your clinic asked others to give you.
referrals-push = May need a push
referrals-moving = Moving along
referrals-finished = Finished
referrals-empty-heading = No referrals yet
referrals-empty-body = When your clinic asks others to help you, it shows up here.
referrals-missing = Something missing?
referrals-missing-link = See which places you are connected to
referral-page-title = Referral
turn-you = You
turn-helper = Helper
referral-contacts = How to reach them
referral-story = The story so far
referral-facts = Good to know
referral-goes-with = Goes with
referral-stop-heading = Want to stop this request?
referral-stop-body = You can’t stop it in the app. Call your clinic and tell them.

# More
more-title = More
more-heading = More
more-connections = Connections
more-connections-none = No places yet
more-connections-sub = { $count ->
    [one] { $count } place
   *[other] { $count } places
}
more-need-you = { $count ->
    [one] { $count } needs you
   *[other] { $count } need you
}
more-connect = Connect another place
more-connect-first = Connect a place

# What the app did
more-inbox = Requests to your group
more-inbox-sub = What your group was asked to do
more-activity-sub = Checks, sign-ins and what was sent
activity-title = What the app did
activity-lead = Kept on this device for 30 days.
activity-empty = Nothing yet

# A report about problems
report-help = Need help from someone?
report-make = Make a report
report-title = Report
report-lead = A report about problems. It has no names, no health facts and no keys.
report-hosts = Add the web addresses of places
report-hosts-sub = They tell where you get help.
report-copy = Copy the report
report-save = Save the report
copied = Copied.
copied-not = This could not be copied.
referral-copy = Copy this story
referral-copy-hint = Then paste it in a message. Whoever gets it can read it.

# Taking a copy along
export-title = Save a copy
export-sub = Take along what is saved here
export-lead = A file with what your places shared. Whoever gets the file can read it.
export-of = Of which place?
export-private = With private items
export-private-sub = Leave this off if others may see the file.
export-bundle = Save as health data
export-bundle-hint = For another app or a clinic.
export-busy = Getting it ready …
export-saved = Saved.
export-not = This app could not save a file.
export-saved-as = Saved in Downloads as { $name }.
export-paper-hint = To keep, or to show somebody. Nothing hidden is on it.
paper-title = A page to read and print
paper-lead = To read on paper. Nothing hidden is on it.
paper-made = As it was saved here on { $day }.
paper-print = Print or save as PDF
paper-print-not = This device cannot print from here. Save it as a page.
paper-save = Save as a page
paper-nothing = Nothing is saved here yet.

# Settings
more-settings-sub = Language, text size, lock
settings-title = Settings
settings-saved = Saved
as-on-device = Same as device
settings-language = Language
settings-language-hint = What a clinic writes stays in their language.
settings-english = English
settings-spanish = Español
settings-text = Text size
settings-text-large = Large
settings-text-larger = Larger
settings-text-largest = Largest
settings-theme = Light or dark
settings-theme-light = Light
settings-theme-dark = Dark
settings-privacy = Privacy on this device
settings-lock = Lock with a PIN
settings-lock-sub = After 1 minute away
settings-pin-change = Change your PIN
settings-covers = Hide in the list of open apps
settings-covers-sub = Handrail shows nothing while you use another app.
settings-topics-sub = { $n ->
    [one] { $n } topic is hidden
   *[other] { $n } topics are hidden
}
settings-how-often = How often to check for news
settings-how-often-hint = This is the shortest wait. Your device may wait longer to save battery.
settings-hourly = Every hour
settings-four-hourly = Every 4 hours
settings-daily = Once a day
settings-when-open = Only when open
settings-tells-news = Tell me when there is news
settings-tells-news-sub = A note on your screen says that there is something new. It never says what.
settings-version = Handrail { $version }. Free, open to all.
topics-title = Hidden topics
topics-lead = Turn on a topic to hide it. It leaves Today and your lists. You find it in More, Private items.
topics-from-start = Hidden from the start
topics-others = Other topics

# Erasing everything
erase-everything = Erase all that is saved here
erase-heading = Erase everything?
erase-all = Erase and start fresh
erase-busy = Erasing …
erase-lost-heading = You lose what was not sent
erase-lost-body = Answers that you did not send yet are erased too.
erased = Everything was erased.
erased-not-confirmed = { $n ->
    [one] Everything was erased. { $n } place did not confirm yet.
   *[other] Everything was erased. { $n } places did not confirm yet.
}

# Private items
more-private-sub = Needs your PIN
private-title = Private items
private-lead = These show up only here. They hide again when you leave this page.
private-pin = Private items need your PIN.
private-empty-heading = Nothing is hidden
private-empty-body = When a place sends something on a hidden topic, you find it here.
private-fast-heading = Leave fast
private-fast-body = Press the lock at the top. Handrail hides at once.
private-no-pin-heading = Anyone holding your device can see this page
private-no-pin-body = Set a PIN, and this page asks for it first.
problem-private-heading = This is private
problem-private-body = You find it in Private items, with your PIN.

# The lock
lock-title = Locked
lock-locked = Handrail is locked.
lock-now = Lock and hide
lock-now-long = Lock and hide now
lock-set-up = Set up a PIN
lock-forgot = Forgot your PIN?
lock-forgot-why = Nobody can look it up or reset it. That keeps your information safe.
lock-forgot-erase = You can erase Handrail on this device and start fresh. Then connect your places again. Your clinic keeps your records.
lock-try-again = Try my PIN again
problem-locked-heading = Handrail is locked
problem-locked-body = Your PIN opens it.
pin-title = PIN
pin-count = { $n } of { $of } numbers entered
pin-delete = Delete
pin-enter = Enter your PIN
pin-again = Try again
pin-checking = One moment …
pin-wrong = { $left ->
    [one] That was not your PIN. You have { $left } try left.
   *[other] That was not your PIN. You have { $left } tries left.
}
pin-wait-minutes = Too many tries. Wait { $n } minutes, then try again.
pin-wait-seconds = { $n ->
    [one] Too many tries. Wait { $n } second, then try again.
   *[other] Too many tries. Wait { $n } seconds, then try again.
}
pin-old = Enter the PIN you have now
pin-choose = Choose a PIN
pin-choose-lead = 6 numbers that others can’t guess. Not your birthday.
pin-repeat = Enter it once more
pin-repeat-lead = So that we both know it.
pin-differed = The two were not the same. Please choose again.
pin-set = Your PIN is set.
pin-off = The lock is off.
pin-off-lead = This turns the lock off.
pin-not-now = Not now
pin-keep = Keep the lock
refused-pin_guessable-heading = This PIN is easy to guess
refused-pin_guessable-body = Choose 6 numbers that are not in a row and not all the same.

# Connections
connections-title = Connections
connections-heading = Connections
connections-lead = Places that share your information with this device.
connections-empty-heading = No places yet
connections-empty-body = Connect your clinic or a group that helps you. Your to-dos show up here.
connections-another = Connect another place
connection-title = Place
connection-check = Check now
connection-skipped = Not shown
connection-reach = How to reach them
connection-disconnect = Disconnect

# Disconnecting
disconnect-heading = Disconnect this place?
disconnect-what = What should happen?
disconnect-erase = Disconnect and delete
disconnect-erase-hint = End the access. Erase what is saved on this device.
disconnect-keep = Only disconnect
disconnect-keep-hint = End the access. Keep what is saved, to read later.
disconnect-note = The place keeps its own records. Your help goes on.
disconnect-cancel = Keep it
disconnect-busy = Disconnecting…
disconnected-heading = Disconnected
disconnected-what = What was done
disconnected-access = Access
disconnected-confirmed = The place confirmed that it ended.
disconnected-not-confirmed = The place did not confirm it. Handrail erased its keys.
disconnected-queued = Handrail stopped using this place. We will ask it to end our access when we can reach it.
disconnected-nothing-left = It had ended before. There was nothing left to end.
disconnected-saved = Saved on this device
disconnected-erased = Erased
disconnected-kept = Kept, for you to read
disconnected-done = Done

# Places, as a filter
filter-place = Show
filter-all = All places

# Problems, by remedy
problem-sign-in-heading = Sign in again
problem-sign-in-body = Your sign-in there ended. What you saw is still here.
problem-reach-heading = This place does not answer
problem-reach-body = It is not you. We will try again.
problem-gone-heading = It is gone
problem-gone-body = The place took this away. There is nothing to do.
problem-save-heading = We could not save
problem-save-body = Your device is full. Make some room, then try again.
problem-ours-heading = Something went wrong here
problem-ours-body = This is our fault, not yours. Your information is safe.
problem-ours-reference = If you tell us about it, say: { $reference }
problem-today = Go to Today
problem-title = Problem

# No such page
lost-page-title = Page not found
lost-page-heading = There is no page here
lost-page-body = The link may be old. Nothing is lost.

# Why a code is no invitation
refused-empty-heading = There is nothing in it
refused-empty-body = This code or text is empty. Try another one.
refused-too_long-heading = This is too long
refused-too_long-body = It is not an invitation from a clinic or helper. Try another code.
refused-not_an_address-heading = This is not an address
refused-not_an_address-body = It does not lead to a clinic or helper. Check it, letter by letter.
refused-website-heading = This code opens a website
refused-website-body = It is not a clinic or helper that works with Handrail. We did not open it.
refused-wifi-heading = This code is for Wi-Fi
refused-wifi-body = It lets a phone join a network. It is not for a clinic or helper.
refused-contact_card-heading = This code is a contact card
refused-contact_card-body = It holds a name and phone number. It is not for a clinic or helper.
refused-sign_in_code-heading = This code is for signing in somewhere else
refused-sign_in_code-body = Don’t share it. We did not keep it.
refused-phone_or_message-heading = This code is for a call or a message
refused-phone_or_message-body = It is not for a clinic or helper. We did not call or write.
refused-other_app-heading = This code is for another app
refused-other_app-body = It is not for a clinic or helper. We did not open it.
refused-not_locked-heading = This address is not safe
refused-not_locked-body = It does not use a locked connection. Handrail will not open it.
refused-hides_address-heading = This code tries to hide where it goes
refused-hides_address-body = We stopped here. Tell the place that gave it to you.
refused-special_address-heading = This address is not on the internet
refused-special_address-body = It is a number or a name inside one building. Ask the place for its real address.
refused-look_alike-heading = This may be a fake
refused-look_alike-body = Some letters only look like the right ones. Call the place before you go on.
look-alike-seen = This code goes to
look-alike-known = You may know this one
refused-no_code_in_picture-heading = We found no code in this picture
refused-no_code_in_picture-body = Try a sharper picture. Make sure all four corners show.
refused-several_codes-heading = There are codes for more than one place
refused-several_codes-body = Take a picture that shows only the one you want.
refused-unreadable_picture-heading = We could not read this picture
refused-unreadable_picture-body = Try another picture, or a screenshot of the code.

# Why a sign-in ended without a connection
refused-no_answer-heading = This address does not answer
refused-no_answer-body = The place may be down. Or the code may be old. Try again later.
refused-not_smart-heading = This place does not work with patient apps yet
refused-not_smart-body = You can call them to get news about your help.
refused-weak_sign_in-heading = The sign-in there is not safe enough
refused-weak_sign_in-body = It lacks a lock that we insist on. Call the place and tell them.
refused-disagrees-heading = Something does not fit
refused-disagrees-body = This place says different things about itself. We stopped here. Call the place before you go on.
refused-no_client_id-heading = This place does not know Handrail yet
refused-no_client_id-body = Ask them: “Can you allow the app Handrail?” Then try again.
refused-no_browser-heading = We could not open a browser
refused-no_browser-body = Open a browser once yourself. Then try again.
refused-declined-heading = You are not signed in yet
refused-declined-body = The sign-in was stopped on their page. Nothing was shared. You can try again.
refused-took_too_long-heading = It took too long
refused-took_too_long-body = The sign-in page was open for too long. Please start again.
refused-cancelled-heading = You stopped the sign-in
refused-cancelled-body = Nothing was shared. You can come back any time.
refused-did_not_match-heading = Something did not match
refused-did_not_match-body = The answer was not for your sign-in. We threw it away. Please start again.
refused-place_failed-heading = Something went wrong at this place
refused-place_failed-body = It is not you. Try again later, or call them.
refused-no_person-heading = They did not say who you are
refused-no_person-body = You signed in, but the place named no person. Call them and tell them.
refused-another_person-heading = This looks like another person
refused-another_person-body = The sign-in is for someone else than before. We did not keep it. Sign in as yourself.
refused-key_locked-heading = What is saved is locked
refused-key_locked-body = Nothing is lost. Unlock your device or your keyring, then try again.
refused-key_trouble-heading = We could not open what is saved
refused-key_trouble-body = Its key is gone or was changed. We left everything as it is.
start-over = Start over
start-over-what = Handrail moves what it cannot open aside and begins anew. Nothing is deleted. You connect your places again.
start-over-sure = Yes, start over
refused-key_fits-heading = Nothing to start over
refused-key_fits-body = The key to what is saved is there.
refused-cannot_save-heading = We could not save
refused-cannot_save-body = Your device is full. Make some room, then try again.

# The inbox of a group that helps
inbox-title = New requests
inbox-helping-title = Helping
inbox-closed-title = Closed
inbox-show = Show
inbox-all = All
inbox-urgent = Urgent
inbox-changed = What’s new
inbox-waiting = Waiting for your answer
inbox-open = Open to any group
inbox-open-line = Nobody has taken these yet. You may ask to take one.
inbox-agreed = You said yes, not started
inbox-started = Started
inbox-on-hold = Waiting
inbox-empty-heading = No new requests
inbox-empty-body = We will show them here when they come.
inbox-helping-empty-heading = You are not helping anyone now
inbox-helping-empty-body = Say yes to a request to see it here.
inbox-closed-empty-heading = Nothing is closed yet
inbox-closed-empty-body = What you finish will be here.
inbox-none-such = No request fits what you chose to show.
inbox-table = Take a list with you
inbox-table-line = A file for a spreadsheet. It has names and needs, so keep it safe.
inbox-table-today = Save today
inbox-table-all = Save all

# For which organization somebody works
employers-heading = Which group do you work for?
employers-line = You see what this group was asked to do.
employers-find = Find your group
employers-found = { $count ->
    [0] No group has this name
    [one] { $count } group
   *[other] { $count } groups
}
employers-ask = { $place } does not say which group is yours. Choose it to see your requests.
employers-choose = Choose your group
employers-saved = Saved

# Whether a service has room
room-hint = Whoever sends people to you can see this.
room-has = We have room
room-waitlist = There is a wait list
room-full = We are full
room-asks-first = We need to know more first
room-say-full = Tell others that you are full

# One request to a group that helps
request-page-title = Request
request-person = The person
request-request = The request
request-sender-contacts = Reach whoever asks
request-other-ways = More ways to reach them
request-in-the-way = Something in the way?
request-pause-hint = Say why. They see it.
request-fail-hint = Say why, and what to try next.
request-stop-hint = For example, they moved away.
request-asked-open = You asked. No answer yet.
request-asked-answered = They answered you
request-asked-done = They did it
request-asked-over = This is closed
request-take-back = Take it back
request-sheet-line = { $place } and the person see this.
request-words = A few words
request-words-next = What should they do now?
request-words-first = Write a few words first
request-decline-heading = Why can’t you take this?
request-decline-first = Choose a reason first
request-decline-send = Send: we can’t take it
request-pause-heading = Why do you pause?
request-pause-send = Pause it
request-fail-heading = Why did it not work out?
request-stop-heading = Why do you stop?
decline-at-capacity = We are full right now
decline-waitlist = We have a waiting list
decline-not-eligible = They do not fit our rules
decline-cannot-reach = We can’t reach the person
decline-other = Another reason
request-done-heading = What did you do?
request-done-pick = Pick all that you did
request-done-nothing = There is nothing to record
request-done-day = When did you do it?
request-done-no-day = This place does not take the day you did it. It shows the day you send this.
request-done-first = Pick what you did first
request-done-send = Send and close
request-ask-heading = Ask the person
request-ask-line = It shows up in their to-dos. They may get it in a day or so.
request-ask-kind = What do you ask for?
request-ask-kind-question = An answer to a question
request-ask-kind-contact = To call or write to someone
request-ask-kind-form = To fill in a form
request-ask-kind-review = To look at a web page
request-ask-whom = Who can they call or write to?
request-ask-form = Which form?
request-ask-form-line = Their answers go to { $place }. You see here when they are done.
request-ask-address = Web address
request-ask-address-hint = It starts with https://
request-ask-about = What is it about?
request-ask-question = Your question
request-ask-hint = Use short, plain words.
request-ask-speaks = They speak:
request-ask-first = Write your question first
request-ask-whom-first = Pick who they can call first
request-ask-form-first = Pick a form first
request-ask-address-first = Write the web address first
request-ask-send-it = Send it to their to-dos
request-ask-send = Send your question
