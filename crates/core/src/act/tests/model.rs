//! The outbox against a server with faults: every one, and every two of them, at every place of every kind of act,
//! with a process that dies in between.

use super::*;

/// What goes wrong with one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    NotSent,
    /// The connection breaks before anything is done.
    LostBefore,
    /// It is done, and the answer is lost.
    LostAfter,
    /// The answer is lost, and it is done only after the next request came.
    LostLate,
    ErrorBefore,
    ErrorAfter,
    Busy,
    TooMany,
    /// A web page with status 200, from something on the way.
    WebPage,
    /// Done, and answered without a body.
    Minimal,
    TokenEnded,
    Redirect,
    /// Staff change something else just before it.
    StaffTouch,
    /// Staff pause the to-do just before it.
    StaffPause,
    /// The server does not know the search by identifier, and says so.
    NoSuchSearch,
    /// Our process dies before it sends.
    DiesBefore,
    /// Our process dies after the server did it.
    DiesAfter,
}

use Fault::*;

const FAULTS: [Fault; 17] = [
    NotSent,
    LostBefore,
    LostAfter,
    LostLate,
    ErrorBefore,
    ErrorAfter,
    Busy,
    TooMany,
    WebPage,
    Minimal,
    TokenEnded,
    Redirect,
    StaffTouch,
    StaffPause,
    NoSuchSearch,
    DiesBefore,
    DiesAfter,
];

struct Server {
    task: Value,
    version: u32,
    documents: Vec<Value>,
    /// Writes of ours that changed the Task.
    writes: u32,
    paused: bool,
    /// A pause of theirs was overwritten.
    undone: bool,
    touched: u32,
    late: Option<Request>,
}

use crate::act::sending::Request;

impl Server {
    fn new(task: Value) -> Self {
        let mut server = Self {
            task,
            version: 2,
            documents: Vec::new(),
            writes: 0,
            paused: false,
            undone: false,
            touched: 0,
            late: None,
        };
        server.bump();
        server
    }

    fn bump(&mut self) {
        self.version += 1;
        self.task["meta"] = json!({ "versionId": self.version.to_string() });
    }

    fn serve(&mut self, request: &Request) -> Response {
        let path = request.url.path().trim_start_matches("/fhir/").to_owned();
        match &request.verb {
            Verb::Get if path == "Task/1" => Response {
                status: 200,
                etag: Some(format!("W/\"{}\"", self.version)),
                body: self.task.to_string().into_bytes(),
                ..Response::default()
            },
            Verb::Get => {
                let entries: Vec<Value> =
                    self.documents.iter().map(|it| json!({ "resource": it })).collect();
                let bundle =
                    json!({ "resourceType": "Bundle", "type": "searchset", "entry": entries });
                Response {
                    status: 200,
                    body: bundle.to_string().into_bytes(),
                    ..Response::default()
                }
            }
            Verb::Post(body) => {
                let mut document: Value = serde_json::from_str(body).unwrap();
                let id = format!("d{}", self.documents.len());
                document["id"] = json!(id);
                self.documents.push(document);
                let location = Some(format!("https://elm.example/fhir/{path}/{id}/_history/1"));
                Response { status: 201, location, ..Response::default() }
            }
            Verb::Put { body, if_match } => {
                if *if_match != format!("W/\"{}\"", self.version) {
                    return Response { status: 412, ..Response::default() };
                }
                self.undone |= self.task["status"] == "on-hold";
                self.task = serde_json::from_slice(body).unwrap();
                self.writes += 1;
                self.bump();
                let body = self.task.to_string().into_bytes();
                Response { status: 200, body, ..Response::default() }
            }
        }
    }
}

/// What our process meets: an answer, or its own end.
fn meet(server: &mut Server, request: &Request, fault: Option<Fault>) -> Option<Came> {
    let late = server.late.take();
    let status = |status: u16| Came::Response(Response { status, ..Response::default() });
    let came = match fault {
        None => Came::Response(server.serve(request)),
        Some(NotSent) => Came::NotSent,
        Some(LostBefore) => Came::Ambiguous,
        Some(LostAfter) => {
            server.serve(request);
            Came::Ambiguous
        }
        Some(LostLate) => {
            server.late = Some(request.clone());
            Came::Ambiguous
        }
        Some(ErrorBefore) => status(500),
        Some(ErrorAfter) => {
            server.serve(request);
            status(502)
        }
        Some(Busy) => status(503),
        Some(TooMany) => status(429),
        Some(WebPage) => Came::Response(Response {
            status: 200,
            body: b"<!doctype html>".to_vec(),
            ..Response::default()
        }),
        Some(Minimal) => {
            let whole = server.serve(request);
            Came::Response(Response { body: Vec::new(), ..whole })
        }
        Some(TokenEnded) => status(401),
        Some(Redirect) => status(302),
        Some(StaffTouch) => {
            server.touched += 1;
            server.task["priority"] = json!(format!("urgent-{}", server.touched));
            server.bump();
            Came::Response(server.serve(request))
        }
        Some(StaffPause) => {
            let is_open = Open::read(&server.task).is_some() || Stage::read(&server.task).is_some();
            if is_open {
                server.paused = true;
                server.task["status"] = json!("on-hold");
                server.bump();
            }
            Came::Response(server.serve(request))
        }
        Some(NoSuchSearch)
            if matches!(request.verb, Verb::Get) && request.url.query().is_some() =>
        {
            status(400)
        }
        Some(NoSuchSearch) => Came::Response(server.serve(request)),
        Some(DiesBefore) => return None,
        Some(DiesAfter) => {
            server.serve(request);
            return None;
        }
    };
    if let Some(late) = late {
        server.serve(&late);
    }
    Some(came)
}

/// Lets the outbox work until the entry ended; each run is a process that may die. Returns how it ended.
fn play(kind: &str, act: ActKind, faults: &[(usize, Fault)]) -> (Server, Entry) {
    let (source, server, entry) = match kind {
        "referral" => begin_for_organization(act),
        _ => {
            let server = Server::new(task(kind, "ready"));
            let answer = answer_to(kind).filter(|_| act == ActKind::Finish);
            let wish = Wish { act, reason: None, answer };
            let entry = queue(&server.task, &source(), wish, names(), now()).unwrap();
            (source(), server, entry)
        }
    };
    play_on(source, server, entry, faults)
}

fn begin_for_organization(act: ActKind) -> (Source, Server, Entry) {
    let status = match act {
        ActKind::Claim | ActKind::Accept | ActKind::Decline => "requested",
        _ => "in-progress",
    };
    let mut task = organization::referral(status);
    if act == ActKind::Claim {
        task.as_object_mut().unwrap().remove("owner");
    }
    let server = Server::new(task);
    let wish = wish(act, organization::given(act));
    let entry = organization::queue_here(&server.task, &organization::staff(), wish).unwrap();
    (organization::staff(), server, entry)
}

fn play_on(
    source: Source,
    mut server: Server,
    mut disk: Entry,
    faults: &[(usize, Fault)],
) -> (Server, Entry) {
    let (mut at, mut asked) = (now(), 0);
    for _ in 0..12 {
        let (mut sending, mut action) = Sending::start(disk.clone(), source.clone(), at);
        loop {
            let request = match action {
                Action::Send(request) | Action::RenewThenSend(request) => request,
                Action::KeepThenSend(request) => {
                    disk = sending.entry().clone();
                    request
                }
                Action::Done(settled) => {
                    disk = settled.entry;
                    break;
                }
            };
            assert!(asked < 60, "{faults:?} never ends");
            let fault = faults.iter().find(|(place, _)| *place == asked).map(|(_, fault)| *fault);
            asked += 1;
            match meet(&mut server, &request, fault) {
                Some(came) => action = sending.took(came, at),
                None => break,
            }
        }
        if disk.standing != Standing::Waiting {
            break;
        }
        if let Some(late) = server.late.take() {
            server.serve(&late);
        }
        at += jiff::SignedDuration::from_hours(7);
        assert!(disk.is_due(at, false));
    }
    (server, disk)
}

fn check(kind: &str, act: ActKind, faults: &[(usize, Fault)]) {
    let (server, entry) = play(kind, act, faults);
    let what = format!("{kind} {act:?} {faults:?} {entry:?}");

    let documents = match (kind, act) {
        ("form" | "pdf", ActKind::Finish) | ("referral", ActKind::Ask) => 1,
        ("referral", ActKind::Finish) => 2,
        _ => 0,
    };
    let writes = u32::from(act != ActKind::Ask);
    assert!(server.documents.len() <= documents, "a second document: {what}");
    assert!(server.writes <= 1, "written twice: {what}");
    assert!(!server.undone, "a pause of theirs was undone: {what}");
    if server.touched > 0 {
        let priority = format!("urgent-{}", server.touched);
        assert_eq!(server.task["priority"], json!(priority), "a lost update: {what}");
    }
    match entry.standing {
        Standing::Sent => {
            assert_eq!(server.writes, writes, "said to be sent, and was not: {what}");
            assert!(server.paused || entry.change("").is_in(&server.task), "{what}");
            assert_eq!(server.documents.len(), documents, "{what}");
        }
        Standing::Conflict => {
            // Only somebody else's hand on the to-do makes one; their pause stands then, unless ours came first.
            let others = |fault: &Fault| matches!(fault, StaffPause | StaffTouch);
            assert!(faults.iter().any(|(_, fault)| others(fault)), "{what}");
            assert!(server.writes == 0 || server.paused, "{what}");
        }
        Standing::Waiting | Standing::Refused => panic!("it did not end: {what}"),
    }
}

/// The kinds of act, and how many requests each may take: two faults among them meet in every combination.
const PLAYS: [(&str, ActKind, usize); 11] = [
    ("other", ActKind::Start, 5),
    ("other", ActKind::Cancel, 0),
    ("words", ActKind::Finish, 0),
    ("contact", ActKind::Finish, 0),
    ("form", ActKind::Finish, 7),
    ("pdf", ActKind::Finish, 0),
    ("referral", ActKind::Claim, 5),
    ("referral", ActKind::Accept, 0),
    ("referral", ActKind::Decline, 0),
    ("referral", ActKind::Finish, 8),
    ("referral", ActKind::Ask, 6),
];

#[test]
fn no_fault_and_no_two_faults_make_a_duplicate_or_lose_a_change() {
    for (kind, act, second_below) in PLAYS {
        check(kind, act, &[]);
        for first in 0..7 {
            for fault in FAULTS {
                check(kind, act, &[(first, fault)]);
                for second in first + 1..second_below {
                    for other in FAULTS {
                        check(kind, act, &[(first, fault), (second, other)]);
                    }
                }
            }
        }
    }
}

#[test]
fn pressing_again_after_a_change_of_theirs_makes_no_second_procedure() {
    // The clinic pauses between the last Procedure and the Task.
    let (mut server, met) = play("referral", ActKind::Finish, &[(3, StaffPause)]);
    assert_eq!((met.standing, server.documents.len()), (Standing::Conflict, 2));

    let source = organization::staff();
    let wish = wish(ActKind::Finish, organization::given(ActKind::Finish));
    let mut again = organization::queue_here(&server.task, &source, wish).unwrap();
    let other = [9; 16];
    let Some(Answer::Done { documents, .. }) = &mut again.answer else { panic!("nothing done") };
    documents.iter_mut().for_each(|it| it.urn = format!("urn:uuid:{other:?}"));
    again.take_over(&[met]);
    server.paused = false;
    let (server, done) = play_on(source, server, again, &[]);

    assert_eq!((done.standing, server.documents.len()), (Standing::Sent, 2));
    assert_eq!(server.task["status"], "completed");
}

#[test]
fn a_change_of_theirs_that_decides_nothing_does_not_stop_an_act() {
    let (server, entry) = play("words", ActKind::Finish, &[(1, StaffTouch)]);

    assert_eq!(entry.standing, Standing::Sent);
    assert_eq!(
        (&server.task["status"], &server.task["priority"]),
        (&json!("completed"), &json!("urgent-1"))
    );
}

#[test]
fn a_pause_of_theirs_is_put_before_the_person_and_stays() {
    for at in [0, 1] {
        let (server, entry) = play("words", ActKind::Finish, &[(at, StaffPause)]);

        assert_eq!(
            (entry.standing, entry.problem.as_deref()),
            (Standing::Conflict, Some("changed"))
        );
        assert_eq!((&server.task["status"], server.writes), (&json!("on-hold"), 0));
    }
}

#[test]
fn another_question_than_the_one_that_was_answered_is_put_before_the_person() {
    let source = source();
    let mut server = Server::new(task("words", "ready"));
    let wish = wish(ActKind::Finish, answer_to("words"));
    let entry = queue(&server.task, &source, wish, names(), now()).unwrap();
    server.task["description"] = json!("May we tell your landlord?");
    server.bump();

    let (mut sending, action) = Sending::start(entry, source, now());
    let Action::Send(request) = action else { panic!("{action:?}") };
    let done = sending.took(Came::Response(server.serve(&request)), now());

    let Action::Done(settled) = done else { panic!("{done:?}") };
    assert_eq!(settled.entry.standing, Standing::Conflict);
}

#[test]
fn a_refusal_keeps_the_servers_own_words_and_ends_the_act() {
    for status in [400, 403, 405, 422] {
        let source = source();
        let mut server = Server::new(task("other", "ready"));
        let entry =
            queue(&server.task, &source, wish(ActKind::Start, None), names(), now()).unwrap();
        let (mut sending, action) = Sending::start(entry, source, now());
        let Action::Send(request) = action else { panic!("{action:?}") };
        let Action::Send(_) = sending.took(Came::Response(server.serve(&request)), now()) else {
            panic!("nothing was written")
        };
        let outcome = json!({ "resourceType": "OperationOutcome",
            "issue": [{ "severity": "error", "diagnostics": "Not today." }] });

        let body = outcome.to_string().into_bytes();
        let done =
            sending.took(Came::Response(Response { status, body, ..Response::default() }), now());

        let Action::Done(settled) = done else { panic!("{done:?}") };
        assert_eq!(settled.entry.standing, Standing::Refused);
        assert_eq!(settled.entry.said.as_deref(), Some("Not today."));
    }
}

#[test]
fn a_server_without_versions_is_never_written_to() {
    let source = source();
    let mut unversioned = task("other", "ready");
    unversioned["meta"] = json!({});
    let entry = queue(&unversioned, &source, wish(ActKind::Start, None), names(), now()).unwrap();
    let (mut sending, _) = Sending::start(entry, source, now());

    let body = unversioned.to_string().into_bytes();
    let done =
        sending.took(Came::Response(Response { status: 200, body, ..Response::default() }), now());

    let Action::Done(settled) = done else { panic!("{done:?}") };
    assert_eq!(settled.entry.problem.as_deref(), Some("no_versions"));
}

#[test]
fn a_server_that_asked_for_time_is_given_it_whoever_asks() {
    let mut entry =
        queue(&task("other", "ready"), &source(), wish(ActKind::Start, None), names(), now())
            .unwrap();

    entry.wait("busy", Some(std::time::Duration::from_secs(600)), now());

    let after = |seconds| now() + jiff::SignedDuration::from_secs(seconds);
    assert!(!entry.is_due(after(599), true));
    assert!(entry.is_due(after(600), true));
}
