//! Figures beside their goals: `what | got | goal | ratio`, the ratio being got / goal.

/// Prints a table's head.
pub fn open(title: &str) {
    println!("\n{title}");
    println!("  {:<58} | {:>10} | {:>10} | {:>6}", "what", "got", "goal", "ratio");
}

/// Prints one figure. A goal is what it should stay at or under.
pub fn show(what: &str, got: f64, goal: Option<f64>, unit: &str) {
    let digits = if got < 1.0 { 3 } else { 1 };
    let got_said = format!("{got:.digits$} {unit}");
    let (goal_said, ratio) = match goal {
        Some(goal) => (format!("{goal} {unit}"), format!("{:.2}", got / goal)),
        None => (String::new(), String::new()),
    };
    println!("  {what:<58} | {got_said:>10} | {goal_said:>10} | {ratio:>6}");
}

/// The middle one.
pub fn median(mut figures: Vec<f64>) -> f64 {
    assert!(!figures.is_empty(), "something was measured");
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}
