//! What a million phones look like to the one server they are all connected to.
//!
//! In: the schedule of [`Source::succeed`], and random numbers. Out: how many phones come in each minute.

use super::{
    tests::{NOW, source},
    *,
};

const MINUTES: usize = 24 * 60;
/// By then, the crowd has come apart.
const FIRST_HOURS: usize = 3 * 60;

/// The pauses in seconds for each value that the jitter can take.
struct Schedule {
    first: Vec<u32>,
    later: Vec<u32>,
}

impl Schedule {
    /// Asks the real thing for every answer it can give.
    fn read() -> Self {
        let pause = |mut source: Source, jitter| {
            source.succeed(NOW, jitter);
            u32::try_from(source.next_due_at.unwrap().duration_since(NOW).as_secs()).unwrap()
        };
        let mut known = source();
        known.last_success_at = Some(NOW);
        Self {
            first: (0..=u16::MAX).map(|jitter| pause(source(), jitter)).collect(),
            later: (0..=u16::MAX).map(|jitter| pause(known.clone(), jitter)).collect(),
        }
    }

    /// Lets phones connect within one minute and counts who comes when, over a day.
    fn count_visits(&self, phones: u32) -> Vec<u32> {
        let mut visits = vec![0; MINUTES];
        let mut random = 0x9e37_79b9_7f4a_7c15_u64;
        for phone in 0..phones {
            let mut second = phone % 60;
            let mut pauses = &self.first;
            while let Some(count) = visits.get_mut(second as usize / 60) {
                *count += 1;
                // The generator of Knuth's MMIX; its upper bits are good enough for a crowd.
                random = random
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1_442_695_040_888_963_407);
                second += pauses[(random >> 48) as usize];
                pauses = &self.later;
            }
        }
        visits
    }
}

/// The busiest minute after the first hours, as a multiple of the mean.
fn busiest(visits: &[u32]) -> f64 {
    let settled = &visits[FIRST_HOURS..];
    let mean = f64::from(settled.iter().sum::<u32>()) / settled.len() as f64;
    f64::from(*settled.iter().max().unwrap()) / mean
}

#[test]
fn a_million_phones_that_connect_in_the_same_minute_come_apart() {
    let visits = Schedule::read().count_visits(1_000_000);

    let busiest = busiest(&visits);

    assert_eq!(visits[0], 1_000_000, "all connect in the first minute");
    println!("crowd: busiest minute {busiest:.3} x the mean, goal 1.3");
    assert!(busiest <= 1.3, "{busiest}");
}

#[test]
fn without_a_first_pause_of_its_own_the_crowd_would_stay_together() {
    let schedule = Schedule::read();
    let together = Schedule { first: schedule.later.clone(), later: schedule.later };

    let busiest = busiest(&together.count_visits(100_000));

    println!("crowd: with a tenth of jitter alone, busiest minute {busiest:.3} x the mean");
    assert!(busiest > 1.3, "{busiest}");
}
