//! The crash laboratory: what an app leaves behind that dies, or whose disk fails, at any moment.

mod browser;
mod calls;
mod judge;
mod kills;
mod strace;

use handrail_sandbox::Rotation;

use self::judge::{Session, Step};
use crate::{Form, ground::Ground, hand::Kind, report::Report};

/// Runs all parts, or the `wanted` deeds, `kills` and `browser`; first what the laboratory has to notice.
pub async fn run(form: Form, wanted: &[&str]) -> Report {
    let mut report = Report::default();
    try_judge(&mut report).await;
    calls::explore(form, wanted, &mut report).await;
    if wanted.is_empty() || wanted.contains(&"kills") {
        kills::explore(form, &mut report).await;
    }
    if wanted.is_empty() || wanted.contains(&"browser") {
        browser::explore(form, &mut report).await;
    }
    report
}

/// Two losses made by hand. A judge that lets them pass would let all others pass too.
async fn try_judge(report: &mut Report) {
    report.begin("what the laboratory must notice");
    let ground = Ground::prepare(Rotation::Strict).await;
    let session = Session::connect(&ground).await;
    let sealed = ground.data().join("vault").join(format!("place-{}.hold", session.source));

    let older = std::fs::read(&sealed).expect("a sealed file");
    let mut worker = ground.open(Kind::Usual).await.expect("a folder that opened before");
    let said = worker.ask(&format!("demand {} {}", session.source, session.generation)).await;
    worker.close().await;
    std::fs::write(&sealed, &older).expect("our own folder");
    let announced = judge::read_generation(said.as_deref());
    let undone = judge::judge(&ground, &session, announced, Step::Demand).await;
    report.exactly("a commit that was announced and undone: lost", u64::from(undone.lost), 1);
    report.exactly("  and taken for the explained window", u64::from(undone.in_window), 0);

    let session = Session::connect(&ground).await;
    let sealed = ground.data().join("vault").join(format!("place-{}.hold", session.source));
    let whole = std::fs::read(&sealed).expect("a sealed file");
    std::fs::write(&sealed, &whole[..whole.len() / 2]).expect("our own folder");
    let torn = judge::judge(&ground, &session, 0, Step::Demand).await;
    report.exactly("a vault cut in half: unreadable", u64::from(torn.unreadable), 1);
}
