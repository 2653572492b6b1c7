# Texts the core names (crates/core/src/view.rs).
#
# How the page writes out what fills a gap, so that a sentence can be built around it:
#   a day     "today", "tomorrow", "yesterday", "Friday, May 9" (near), "August 1", "March 3, 2027"
#   a moment  "today at 10:40 AM", "yesterday at 4:02 PM", "May 4 at 9:15 AM"; write neither "on" nor "at" before it
#   a date    "May 9, 2026", on paper in the place of either
#   a number  works as a plural selector

# --- Topics: what something is about ---
topic-food-insecurity = Food
topic-housing-instability = Keeping your home
topic-homelessness = A place to stay
topic-inadequate-housing = Safe and healthy home
topic-transportation-insecurity = Getting around
topic-financial-insecurity = Money
topic-material-hardship = Basic needs
topic-educational-attainment = School and training
topic-employment-status = Work
topic-veteran-status = Help for veterans
topic-stress = Stress
topic-social-connection = People around you
topic-intimate-partner-violence = Safety with a partner
topic-elder-abuse = Safety for older people
topic-incarceration-status = After jail or prison
topic-personal-health-literacy = Understanding health facts
topic-health-insurance-coverage-status = Health insurance
topic-medical-cost-burden = Medical bills
topic-digital-literacy = Using phones and computers
topic-digital-access = Phone and internet
topic-utility-insecurity = Power, heat and water
topic-language-access = Language help
topic-protective-factor = Your strengths
topic-other = Other help
topic-private = Private

# --- People: what stands for a name that nobody told; "inside" a sentence and at its start ---
helper-unnamed = The helper
helper-unnamed-inside = the helper
sender-unnamed = Your clinic
sender-unnamed-inside = your clinic

# --- To-dos ---
todo-state-your-turn = Your turn
todo-state-started = Started
todo-state-paused = Paused
todo-state-done = Done
todo-state-could-not = Could not be done
todo-state-stopped = Stopped

todo-due = Due { $day }
todo-was-due = Was due { $day }
priority-urgent = Urgent
priority-asap = Soon
priority-stat = Right away

todo-title-questions = { $n ->
    [one] Answer 1 question
   *[other] Answer { $n } questions
}
todo-title-questions-some = Answer questions
todo-title-form = Fill in a form
todo-title-web = Fill in a form on a website
todo-title-answer = Answer a question
todo-title-contact = Choose who to contact
todo-title-review = Read or watch
todo-title-other = Something to do

todo-length = { $minutes ->
    [one] About 1 minute
   *[other] About { $minutes } minutes
}

todo-call-heading = Do this one by phone
todo-call-body = { $place } does not take this from apps. Call them and tell them.
todo-call-not-granted = { $place } did not let Handrail send answers. Call them, or sign in again and allow it.

# What can be pressed on a to-do.
act-start = Start
act-go-on = Go on
act-pause = Pause
act-finish = I did it
act-send = Send
act-answer = Answer the questions
act-fail = I could not do it
act-cancel = I do not want to do it

# What became of something pressed that the place does not have yet, or did not take.
compared-yours = What you wanted
compared-reason = Your reason
compared-answer = Your answer
compared-theirs = What they have now
compared-their-reason = Their reason

sending-sent = Sent.
sending-waiting-heading = Not sent yet
sending-waiting-body = It is saved on this device. It goes to { $place } as soon as it can.
sending-sign-in-heading = Sign in again to send it
sending-sign-in-body = It is saved on this device. { $place } takes it after you sign in again.
sending-not-sure-heading = It may have arrived
sending-not-sure-body = The reply from { $place } got lost. Handrail looks there first, so that nothing is sent twice.
sending-changed-heading = This changed meanwhile
sending-changed-body = { $place } changed this to-do before yours arrived. Yours was not sent. Look at it again, then choose.
sending-gone-heading = It is not there any more
sending-gone-body = { $place } took this to-do away. Yours was not sent.
sending-ask-heading = Ask if your answer arrived
sending-ask-body = { $place } does not let us look. Call them before you send it again.
sending-refused-heading = Not taken
sending-refused-body = { $place } did not take this. Call them if you do not know why.
sending-no-versions-heading = This cannot be sent from here
sending-no-versions-body = { $place } does not protect changes that others make at the same time. Call them and tell them.
sending-not-offered-heading = This cannot be done now
sending-not-offered-body = Look at the to-do again. It may have changed.
sending-answer-missing-heading = The answer is missing
sending-answer-missing-body = Write your answer first, then send it.
sending-answer-unfit-heading = This answer does not fit
sending-answer-unfit-body = This to-do asks for another kind of answer.
sending-address-unfit-heading = This web address does not work
sending-address-unfit-body = It should look like https://example.org/page.
sending-too-long-heading = This is too long
sending-too-long-body = Make it shorter, then send it again.

sent-answers = Your answers
sent-form = Your filled form

material-title = Something to read
material-web = Opens in your browser
material-video = Video
material-picture = Picture
material-pdf = PDF
material-document = Document

why-risk = To see which help fits you
why-feedback = To hear how it went
why-application = To apply for help
why-personal = To know you better

# --- Facts: a label, and what stands beside it ---
fact-how-long = How long
fact-why = Why they ask
fact-who-asks = Who asks
fact-who-sent = Who asked for it
fact-reach-by = Reach it by
fact-reached-when = You reach it when
fact-since = Your goal since
fact-starts = It starts
fact-this-since = It stands like this since
fact-last-change = Last change
fact-program = Program
fact-last-checked = Last checked
fact-next-check = Next check
fact-next-try = Next try
fact-saved = Saved on this device
fact-connected-since = Connected since

a-day = { $day }
a-moment = { $at }
about-moment = About { $at }
after-sign-in = After you sign in

program-enrolled = Signed up
program-not-enrolled = Not signed up
program-waitlist = On a waiting list

about-goal = Goal
about-todo = To-do
about-referral = Referral

# --- Contacts ---
contact-call = Call { $number }
contact-phone = Phone: { $number }
contact-mail = Write an email: { $address }
contact-address = { $address }
contact-for-appointments = For appointments

# --- Goals ---
goal-title = A goal
goal-unknown = We don’t know how it goes
goal-achievement-in-progress = On the way
goal-achievement-improving = Getting better
goal-achievement-worsening = Getting harder
goal-achievement-no-change = About the same
goal-achievement-achieved = Reached
goal-achievement-sustaining = Keeping it up
goal-achievement-not-achieved = Not reached
goal-achievement-no-progress = No progress yet
goal-achievement-not-attainable = Not possible right now
goal-lifecycle-proposed = Suggested
goal-lifecycle-planned = Planned
goal-lifecycle-accepted = Agreed
goal-lifecycle-active = Working on it
goal-lifecycle-on-hold = Paused
goal-lifecycle-completed = Finished
goal-lifecycle-cancelled = Stopped
goal-lifecycle-rejected = Turned down

goal-by = { $left ->
    [0] By { $day }.
    [one] By { $day }. 1 day left.
   *[other] By { $day }. { $left } days left.
}
goal-was-by = It was for { $day }.
goal-talk-about-it = Talk about it at your next visit.

# --- Referrals: whose turn, the state, the state in a sentence, what comes next ---
turn-yours = Your turn
turn-helpers = Their turn
turn-senders = Clinic’s turn

referral-title = A request for help

referral-state-asked = Asked for
referral-state-sent = Sent, no answer yet
referral-state-said-yes = They said yes
referral-state-helping = They are helping you
referral-state-on-hold = On hold
referral-state-done = Done
referral-state-could-not = They could not
referral-state-did-not-work = It did not work out
referral-state-stopped = Stopped
referral-state-unknown = Not known

referral-line-asked = { $source } asked for help.
referral-line-sent = { $them } has your request.
referral-line-said-yes = { $them } said yes.
referral-line-helping = { $them } is helping you.
referral-line-on-hold = { $them } put this on hold.
referral-line-done = { $them } finished helping.
referral-line-could-not = { $them } could not take this.
referral-line-did-not-work = { $them } could not finish.
referral-line-stopped = This request was stopped.
referral-line-unknown = We don’t know where this stands. Call { $source }.

referral-quiet-sent = { $days ->
    [one] { $them } has not answered for 1 day. You can call.
   *[other] { $them } has not answered for { $days } days. You can call.
}
referral-quiet-said-yes = { $days ->
    [one] { $them } said yes. No news for 1 day. You can call.
   *[other] { $them } said yes. No news for { $days } days. You can call.
}
referral-quiet-on-hold = { $days ->
    [one] { $them } put this on hold. No news for 1 day. You can call.
   *[other] { $them } put this on hold. No news for { $days } days. You can call.
}

referral-next-asked = Nothing to do yet.
referral-next-sent = { $days ->
    [one] They should say yes or no. After 1 day, call.
   *[other] They should say yes or no. After { $days } days, call.
}
referral-next-said-yes = They may call you. You can call too.
referral-next-helping = They may ask you something in To-dos.
referral-next-on-hold = Read why. Call if it takes long.
referral-next-done = Still need help? Tell { $source }.
referral-next-could-not = It is not your fault. { $source } can look for another place.
referral-next-did-not-work = It is not your fault. { $source } can look for another place.
referral-next-stopped = Not what you wanted? Call { $source }.
referral-next-unknown = Call { $source } and ask.

# --- The story of a referral ---
story-asked = { $source } asked for help
story-shared = You agreed to share your details
story-sent = Sent to { $them }
story-said-yes = They said yes
story-helping = They are helping you
story-on-hold = They put it on hold
story-done = { $them } finished helping
story-could-not = { $them } could not take it
story-did-not-work = { $them } could not finish
story-stopped = It was stopped
story-unknown = We don’t know where this stands
story-activity = What they did for you
story-senders-turn = { $source } can look for another place
story-next-sent = It goes to a group that helps
story-next-answer = They say yes or no
story-next-help = They help you
story-next-done = Done
story-next-goes-on = They go on

# --- News ---
news-taken-away = They took this away. It was a mistake.
news-todo-new = You have a new to-do
news-todo-yours = It is your turn again
news-todo-started = This to-do is started
news-todo-paused = This to-do is paused
news-todo-done = This to-do is done
news-todo-could-not = This to-do could not be done
news-todo-stopped = This to-do was stopped
news-todo-text = They changed what they wrote
news-due-earlier = The date is earlier
news-due-later = The date is later
news-due-set = There is a date now
news-due-gone = There is no date any more
news-due-about = “{ $title }” is now due { $to }. It was { $from }.
news-due-about-first = “{ $title }” is due { $to }.
news-due-about-none = “{ $title }” has no date any more.
news-goal-new = You have a new goal
news-goal-state = Your goal: { $state }
news-goal-text = They changed the words of your goal
news-target = The date of your goal moved
news-target-about = “{ $title }” is now for { $to }.
news-referral-new = Somebody asked for help for you
news-referral-text = They changed what they wrote
news-referral-asked = There is a request for help
news-referral-sent = Your request was sent
news-referral-said-yes = They said yes
news-referral-helping = They are helping you now
news-referral-on-hold = They put it on hold
news-referral-done = They finished helping
news-referral-could-not = They could not take it
news-referral-did-not-work = It did not work out
news-referral-stopped = This request was stopped
news-referral-unknown = Something changed

# --- How something changed ---
history-came = We saw it for the first time
history-state = It was “{ $from }”. Then it was “{ $to }”.
history-day-moved = The date moved from { $from } to { $to }
history-day-set = The date is { $to }. There was none before.
history-day-gone = There is no date any more
history-title = It has another name
history-helper = Asked to help: { $to }
history-helper-gone = Nobody is named as helper any more
history-words-first = They wrote something
history-words = They wrote something else
history-words-gone = They took back what they wrote

# --- How fresh a page is ---
checked-never = Not checked yet.
checked-now = Checked just now.
checked-minutes = { $minutes ->
    [one] Checked 1 minute ago.
   *[other] Checked { $minutes } minutes ago.
}
checked-at = Checked { $at }.
next-check = Next check: about { $at }.
check-done = { $n ->
    [0] Checked. Nothing new.
    [one] Checked. 1 thing is new.
   *[other] Checked. { $n } things are new.
}
check-partly = Checked. Some places could not be asked.
check-not-saved = There is no room to save what is new. Make some room, then check again.
check-failed = No place could be asked. What was saved is still here.

# --- Connections ---
connection-connected = Connected
connection-sign-in = Sign in again
connection-away = Cannot reach
connection-left = Disconnected
connection-line-saved = Saved information from { $at }.
connection-line-away = Trying again { $next }. Saved information from { $at }.
connection-line-away-soon = Trying again soon. Saved information from { $at }.
connection-line-away-never = Trying again { $next }. Nothing is saved yet.
connection-line-away-never-soon = Trying again soon. Nothing is saved yet.

keys-file-heading = The keys of this app are in a file
keys-file-body = The file is on this computer. A locked keyring would be safer.

place-sign-in-heading = Sign in again to see news
place-sign-in-body = { $place } ended your sign-in. What you saw is still here.
place-left-heading = You disconnected { $place }
place-left-body = What was saved is still here. Sign in again to see news.
place-away-heading = Cannot reach { $place }
place-away-body = It is not you. We will try again { $next }.
place-away-body-soon = It is not you. We will try again soon.

lost-heading = { $count ->
    [one] We could not read 1 thing
   *[other] We could not read { $count } things
}
lost-body = The rest is here. We will try again at the next check.

saved-requests = { $count ->
    [0] No requests
    [one] 1 request
   *[other] { $count } requests
}

saved-counts = { $todos ->
    [0] No to-dos
    [one] 1 to-do
   *[other] { $todos } to-dos
}, { $goals ->
    [0] no goals
    [one] 1 goal
   *[other] { $goals } goals
}, { $referrals ->
    [0] no referrals
    [one] 1 referral
   *[other] { $referrals } referrals
}

# --- Lists that a place does not have ---
no-todos-heading = { $place } does not share to-dos
no-goals-heading = { $place } does not share goals
no-referrals-heading = { $place } does not share referrals
no-list-not-offered = Not every place does. That is normal.
no-list-not-granted = It was not allowed when you signed in. Sign in again to change that.
not-granted-todos = { $place } did not let us see your to-dos. Sign in again to change that.
not-granted-goals = { $place } did not let us see your goals. Sign in again to change that.
not-granted-referrals = { $place } did not let us see your referrals. Sign in again to change that.
no-list-refused = This place said no. Call them to ask why.
no-list-unreadable = We could not read what it sent.
no-list-another-person = It looks like another person’s. We did not keep it.
no-list-too-much = There was too much to read at once.
no-list-gone = The place took it away.
no-list-elsewhere = It is kept at another place.
no-list-busy = This place is busy. It asked us to wait.
no-list-out-of-reach = This place did not answer. We will try again.

# --- What the first look found ---
found-todos = { $n ->
    [0] No to-dos
    [one] 1 to-do
   *[other] { $n } to-dos
}
found-goals = { $n ->
    [0] No goals
    [one] 1 goal
   *[other] { $n } goals
}
found-referrals = { $n ->
    [0] No referrals
    [one] 1 referral
   *[other] { $n } referrals
}
found-need-you = { $n ->
    [one] 1 needs you now
   *[other] { $n } need you now
}
found-getting-better = { $n ->
    [one] 1 is getting better
   *[other] { $n } are getting better
}
found-no-answer = { $days ->
    [one] 1 has had no answer for 1 day
   *[other] 1 has had no answer for { $days } days
}
found-need-push = { $n ->
    [one] 1 may need a push
   *[other] { $n } may need a push
}
found-helping = They are helping you now
two-hosts-heading = Two web addresses
two-hosts-body = { $place } sends you to { $page } to sign in. Go on only if you know both, or ask them first.
waiting-sign-in-heading = You were signing in to { $name }
waiting-sign-in-body = It is not done yet. You can go on, or cancel it.
found-each-time-heading = You will need to sign in each time
found-each-time-body = This place does not let apps stay signed in.
each-time-heading = { $place } asks you to sign in each time
each-time-body = It does not let apps stay signed in. What you saw is still here. Sign in again to see news.
each-time-body-now = It does not let apps stay signed in. You can see news until your sign-in runs out.

# --- What was skipped, and why ---
skipped-what-todos = To-dos
skipped-what-referrals = Referrals
skipped-what-goals = Goals
skipped-what-forms = Forms
skipped-what-answers = Your answers
skipped-what-documents = Documents
skipped-what-results = What was done
skipped-what-person = About you
skipped-what-names = Names and phone numbers
skipped-what-other = Other things

skipped-not-offered = { $what }: this place does not share them with apps.
skipped-not-granted = { $what }: this place did not let us see them. Sign in again to change that.
skipped-refused = { $what }: this place said no. Call them to ask why.
skipped-unreadable = { $count ->
    [0] { $what }: we could not read them.
    [one] { $what }: we could not read 1.
   *[other] { $what }: we could not read { $count }.
}
skipped-another-person = { $count ->
    [one] { $what }: 1 looks like another person’s. We did not keep it.
   *[other] { $what }: { $count } look like another person’s. We did not keep them.
}
skipped-too-much = { $what }: there is more than we can read at once.
skipped-gone = { $count ->
    [one] { $what }: 1 is gone. The place took it away.
   *[other] { $what }: { $count } are gone. The place took them away.
}
skipped-elsewhere = { $count ->
    [0] { $what }: some are kept at another place.
    [one] { $what }: 1 is kept at another place.
   *[other] { $what }: { $count } are kept at another place.
}
skipped-busy = { $what }: this place is busy. It asked us to wait.
skipped-out-of-reach = { $what }: this place did not answer. We will try again.

# --- Questions, one at a time ---
form-progress = Question { $n } of { $count }
form-untitled = Question without a text
form-must = You must answer this one.
form-may-skip = You can skip this one.
form-repetition = { $n } of { $count }
form-yes = Yes
form-no = No
form-answer = { $answer }
form-answer-other = Something this app cannot show
form-elsewhere-heading = This one can’t be done in the app
form-elsewhere-body = You can answer it on paper or by phone. Ask { $place }.

form-over-heading = Some answers are not filled in for you
form-over-body = This form works some answers out by itself. There is too much of it for this app. Please fill them in and check them.

form-cannot-heading = We can’t show these questions
form-cannot-modifier = They are marked in a way this app does not know. A wrong answer could harm you. Call { $place } and answer by phone.
form-cannot-ask = One of them must be answered, and this app cannot ask it. Call { $place } and answer by phone.
form-cannot-condition = This app cannot tell which of them are meant for you. Call { $place } and answer by phone.
form-cannot-large = There are more than this app can show. Call { $place } and answer by phone.
form-cannot-read = This app could not read them. Call { $place } and answer by phone.

form-fault-required = You must answer this one.
form-fault-few = Please give at least { $least } answers.
form-fault-many = { $most ->
    [one] Please give only 1 answer.
   *[other] Please give { $most } answers at most.
}
form-fault-number = Please write a number, for example 3.
form-fault-whole = Please write a whole number, for example 3.
form-fault-date = Please write a date, with day, month and year.
form-fault-time = Please write a time, for example 9:30.
form-fault-option = Please pick one of the answers.
form-fault-unit = Please pick a unit, too.
form-fault-low = This should be { $least } or more.
form-fault-high = This should be { $most } or less.
form-fault-short = { $least ->
    [one] Please write at least 1 letter.
   *[other] Please write at least { $least } letters.
}
form-fault-long = { $most ->
    [one] Please write 1 letter at most.
   *[other] Please write { $most } letters at most.
}
form-fault-places = { $most ->
    [0] Please write a number without a decimal point.
    [one] Please write 1 digit after the point at most.
   *[other] Please write { $most } digits after the point at most.
}
form-fault-shape = This does not look as they expect it. Please check it.
form-fault-alone = One of these answers goes alone. Please pick only that one, or the others.

request-do-not-contact = Do not contact
request-do-not-contact-heading = Do not contact this person
request-do-not-contact-body = It may not be safe. Talk to whoever sent this first.
request-contact-unknown-heading = Ask the sender before you call
request-contact-unknown-body = We could not see the whole request. It may say not to contact this person.
request-state-open = Nobody has it yet
request-state-new = New
request-state-said-yes = You said yes
request-state-helping = You are helping
request-state-on-hold = On hold
request-state-done = Done
request-state-could-not = You said no
request-state-did-not-work = It did not work out
request-state-stopped = Stopped
request-state-unknown = Not known
request-changed-new = This is new
request-changed-status = It moved on since you looked
request-changed-due = It is now due { $day }
request-changed-text = They changed what they wrote
request-consent = Okay to share
request-consent-in-force = Yes, they agreed
request-consent-not-in-force = They did not agree, or not any more
request-consent-not-seen = Not seen here
request-waiting = { $days ->
    [0] Asked today
    [one] Waiting { $days } day
   *[other] Waiting { $days } days
}
request-since = Since { $day }
request-name = Name
request-age = Age
request-years = { $years ->
    [one] { $years } year
   *[other] { $years } years
}
request-reach = Phone and address
request-reach-hidden = Hidden, because you must not contact them
request-due = Needed by
request-due-day = { $day }
request-service = Asked of your service
request-sender = Asked by
request-language = Language
language-name = { $language }
request-reason = Why
request-asked-question = You asked a question
request-asked-contact = You asked them to get in touch
request-asked-form = You asked them to fill in a form
request-asked-review = You asked them to look at something
request-goal = Goal
act-we-started = We started
act-we-are-done = We are done
act-claim = Take this
act-accept = Say yes
act-decline = We can’t take this
act-tell-capacity = Say if there is room
service-unnamed = A service of yours
act-ask = Ask the person
act-hold = Put on hold
act-did-not-work = It did not work out
act-stop-helping = Stop helping

# --- What the app did ---
activity-checked = { $times ->
    [one] Checked for news
   *[other] Checked for news { $times } times
}
activity-away = { $times ->
    [one] Could not reach
   *[other] Could not reach, { $times } times
}
activity-sign-in-ended = The sign-in ended
activity-not-here = Could not check on this device
activity-signed-in = You signed in
activity-sent = Sent what you did
activity-waits = Not sent yet
activity-not-taken = They did not take what you did
activity-disconnected = You disconnected
activity-wrong-pin = { $times ->
    [one] A wrong PIN was tried
   *[other] A wrong PIN was tried { $times } times
}
activity-exported = You saved a copy
activity-line = { $at }
activity-line-news = { $n ->
    [0] { $at }. Nothing new.
    [one] { $at }. { $n } thing new.
   *[other] { $at }. { $n } things new.
}
activity-line-partly = { $n ->
    [0] { $at }. Nothing new. Not everything could be read.
    [one] { $at }. { $n } thing new. Not everything could be read.
   *[other] { $at }. { $n } things new. Not everything could be read.
}
activity-line-confirmed = { $at }. They confirmed it.
activity-line-not-confirmed = { $at }. They did not confirm it.

# --- What is saved, on paper ---
paper-todos = To-dos
paper-goals = Goals
paper-referrals = Referrals
