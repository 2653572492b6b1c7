//! Which parts of a long list are drawn, and how high the others are. Lengths are CSS pixels.

use std::ops::Range;

/// Rows that are drawn together: few enough for a part of one frame of an old phone, and enough for a flick.
pub const PART: usize = 4;

/// How high a row is until one was measured.
const ROW_PX: f64 = 96.0;

/// How much of a height is a matter of rounding.
const ROUNDING_PX: f64 = 1.0;

/// The rows of a part, of so many.
pub fn rows_of(part: usize, rows: usize) -> Range<usize> {
    rows.min(part * PART)..rows.min((part + 1) * PART)
}

/// What stands in the list, from its start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Nothing, as high as these parts.
    Gap(Range<usize>),
    Part(usize),
}

/// The pieces of a list of so many parts, of which these are drawn, in their order.
pub fn pieces(drawn: &[usize], parts: usize) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut next = 0;
    for &part in drawn {
        if next < part {
            pieces.push(Piece::Gap(next..part));
        }
        pieces.push(Piece::Part(part));
        next = part + 1;
    }
    if next < parts {
        pieces.push(Piece::Gap(next..parts));
    }
    pieces
}

/// What is drawn next, of a list where `drawn` was: of what is `wanted` and was not there, one part, the nearest to
/// the `middle` of what is seen. The ends and what is around the focus are always there, so that the keyboard goes
/// from row to row, into the list and out of it, wherever the page was scrolled to.
pub fn draw_next(
    drawn: &[usize],
    wanted: &Range<usize>,
    middle: usize,
    focused: Option<usize>,
    parts: usize,
) -> Vec<usize> {
    let around = focused.map_or(0..0, |part| part.saturating_sub(1)..part + 2);
    let always = |part: &usize| around.contains(part) || *part == 0 || part + 1 == parts;
    let missing = wanted.clone().filter(|part| !drawn.contains(part) && !always(part));
    let nearest = missing.min_by_key(|part| part.abs_diff(middle));
    let stays = |part: &usize| {
        always(part) || nearest == Some(*part) || wanted.contains(part) && drawn.contains(part)
    };
    (0..parts).filter(stays).collect()
}

/// How high each part is: as measured, or as the first that were measured are on average. That average stays, so that
/// the page is not of another length at each part.
#[derive(Debug, Default)]
pub struct Heights {
    measured: Vec<Option<f64>>,
    usual: Option<f64>,
}

impl Heights {
    /// Of a list whose parts were known to be so high.
    pub fn expecting(usual: f64) -> Self {
        Self { measured: Vec::new(), usual: Some(usual) }
    }

    /// Keeps how high some parts are. Where it was of another height before, the letters or the room changed, and the
    /// others are not as they were either.
    pub fn measure(&mut self, heights: &[(usize, f64)]) {
        let is_other = |(part, height): &(usize, f64)| {
            self.measured(*part).is_some_and(|before| (before - height).abs() > ROUNDING_PX)
        };
        if heights.iter().any(is_other) {
            *self = Self::default();
        }
        for (part, height) in heights {
            let parts = self.measured.len().max(part + 1);
            self.measured.resize(parts, None);
            self.measured[*part] = Some(*height);
        }
        let sum: f64 = heights.iter().map(|(_, height)| height).sum();
        self.usual.get_or_insert(sum / heights.len() as f64);
    }

    /// How high these parts are together.
    pub fn of(&self, parts: Range<usize>) -> f64 {
        let usual = self.usual();
        parts.map(|part| self.measured(part).unwrap_or(usual)).sum()
    }

    /// The parts, of so many, that reach into what lies between two distances from the start of the list.
    pub fn between(&self, from: f64, to: f64, parts: usize) -> Range<usize> {
        let usual = self.usual();
        let mut end = 0.0;
        let mut found = 0..0;
        for part in 0..parts {
            let start = end;
            end += self.measured(part).unwrap_or(usual);
            if end <= from {
                found = part + 1..part + 1;
            } else if start < to {
                found.end = part + 1;
            }
        }
        found
    }

    fn measured(&self, part: usize) -> Option<f64> {
        self.measured.get(part).copied().flatten()
    }

    /// How high a part is that was not measured.
    pub fn usual(&self) -> f64 {
        self.usual.unwrap_or(PART as f64 * ROW_PX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_drawn_is_held_open_before_between_and_after() {
        let drawn = [2, 3, 7];

        assert_eq!(
            pieces(&drawn, 10),
            [
                Piece::Gap(0..2),
                Piece::Part(2),
                Piece::Part(3),
                Piece::Gap(4..7),
                Piece::Part(7),
                Piece::Gap(8..10),
            ]
        );
        assert_eq!(pieces(&[0], 1), [Piece::Part(0)]);
    }

    #[test]
    fn the_last_part_has_the_rows_that_are_left() {
        assert_eq!(rows_of(1, PART + 2), PART..PART + 2);
        assert_eq!(rows_of(2, PART + 2), PART + 2..PART + 2);
    }

    #[test]
    fn one_part_is_drawn_at_a_time_the_nearest_first_and_what_is_far_goes() {
        let drawn = draw_next(&[0, 1], &(40..45), 42, None, 100);
        assert_eq!(drawn, [0, 42, 99]);

        let drawn = draw_next(&drawn, &(40..45), 42, None, 100);
        assert_eq!(drawn, [0, 41, 42, 99]);
    }

    #[test]
    fn the_part_with_the_focus_stays_with_its_neighbours() {
        let drawn = draw_next(&[3, 4], &(40..42), 40, Some(4), 100);
        assert_eq!(drawn, [0, 3, 4, 5, 40, 99]);

        assert_eq!(draw_next(&[0], &(0..1), 0, Some(0), 1), [0], "there are no others");
    }

    #[test]
    fn what_was_never_seen_is_as_high_as_the_others_on_average() {
        let mut heights = Heights::default();
        assert_eq!(heights.of(0..2), 2.0 * PART as f64 * ROW_PX);

        heights.measure(&[(0, 500.0), (3, 700.0)]);
        heights.measure(&[(4, 900.0)]);

        assert_eq!(heights.of(0..5), 500.0 + 600.0 + 600.0 + 700.0 + 900.0);
        assert_eq!(heights.of(100..102), 1200.0);
    }

    #[test]
    fn other_letters_make_every_height_of_before_a_guess() {
        let mut heights = Heights::default();
        heights.measure(&[(0, 500.0), (1, 700.0)]);
        heights.measure(&[(1, 700.4)]);
        assert_eq!(heights.of(0..1), 500.0, "a matter of rounding");

        heights.measure(&[(1, 1400.0)]);

        assert_eq!(heights.of(0..2), 2800.0);
    }

    #[test]
    fn what_reaches_into_sight_is_found_from_where_it_stands() {
        let mut heights = Heights::default();
        heights.measure(&[(0, 100.0), (9, 100.0)]);

        assert_eq!(heights.between(250.0, 450.0, 10), 2..5);
        assert_eq!(heights.between(-300.0, 50.0, 10), 0..1);
        assert_eq!(heights.between(-300.0, -50.0, 10), 0..0, "below what is seen");
        assert_eq!(heights.between(2000.0, 2500.0, 10), 10..10, "above what is seen");
    }
}
