//! Ranges that a point lies in, found without looking at the others.
//!
//! A range is cut into cells: stretches whose length is a power of two and that begin at a multiple of it. A point lies
//! in one cell of each length, so that it is looked up once for every length that there is.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

/// What hangs in one place, by its number in the index.
pub type Held = BTreeSet<usize>;

/// What hangs at ranges of points.
#[derive(Clone, Debug, Default)]
pub struct Cells {
    by_cell: BTreeMap<Cell, Held>,
    /// The lengths, as powers of two, with how many cells have them.
    lengths: BTreeMap<u32, usize>,
}

/// A length as a power of two, and how many such lengths lie before.
type Cell = (u32, u128);

impl Cells {
    pub fn insert(&mut self, range: &RangeInclusive<u128>, number: usize) {
        for cell in cells_of(range) {
            if !self.by_cell.contains_key(&cell) {
                *self.lengths.entry(cell.0).or_default() += 1;
            }
            self.by_cell.entry(cell).or_default().insert(number);
        }
    }

    pub fn remove(&mut self, range: &RangeInclusive<u128>, number: usize) {
        for cell in cells_of(range) {
            let Some(held) = self.by_cell.get_mut(&cell) else { continue };
            held.remove(&number);
            if held.is_empty() {
                self.by_cell.remove(&cell);
                if let Some(count) = self.lengths.get_mut(&cell.0) {
                    *count -= 1;
                }
                self.lengths.retain(|_, count| *count > 0);
            }
        }
    }

    /// How much hangs at the most crowded part of a range.
    pub fn count(&self, range: &RangeInclusive<u128>) -> usize {
        let counts = cells_of(range).into_iter().filter_map(|cell| self.by_cell.get(&cell)).map(BTreeSet::len);
        counts.max().unwrap_or(0)
    }

    pub fn is_empty(&self) -> bool {
        self.by_cell.is_empty()
    }

    pub fn find(&self, point: u128, found: &mut Held) {
        for length in self.lengths.keys() {
            found.extend(self.by_cell.get(&(*length, point >> length)).into_iter().flatten());
        }
    }
}

fn cells_of(range: &RangeInclusive<u128>) -> Vec<Cell> {
    let (mut low, high) = (*range.start(), *range.end());
    let mut cells = Vec::new();
    while low <= high {
        // As long as the beginning and what is left allow, and never all there is: that would be 2^128.
        let left = (high - low).checked_add(1).map_or(127, u128::ilog2);
        let length = left.min(low.trailing_zeros()).min(127);
        cells.push((length, low >> length));
        match low.checked_add(1 << length) {
            Some(next) => low = next,
            None => break,
        }
    }
    cells
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_is_found_in_the_ranges_that_hold_it() {
        let ranges = [0..=0, 0..=7, 3..=12, 5..=5, 8..=u128::MAX, 0..=u128::MAX, u128::MAX..=u128::MAX];
        let mut cells = Cells::default();
        for (number, range) in ranges.iter().enumerate() {
            cells.insert(range, number);
        }
        for removed in [None, Some(5), Some(2)] {
            if let Some(number) = removed {
                cells.remove(&ranges[number], number);
            }
            for point in [0, 1, 3, 5, 7, 8, 12, 13, u128::MAX - 1, u128::MAX] {
                let mut found = Held::new();
                cells.find(point, &mut found);
                let all = ranges.iter().enumerate().filter(|(_, range)| range.contains(&point));
                let gone: &[usize] = match removed {
                    None => &[],
                    Some(5) => &[5],
                    Some(_) => &[5, 2],
                };
                let expected: Held = all.map(|(number, _)| number).filter(|number| !gone.contains(number)).collect();
                assert_eq!(found, expected, "{point} without {gone:?}");
            }
        }
        for (number, range) in ranges.iter().enumerate() {
            cells.remove(range, number);
        }
        assert!(cells.is_empty() && cells.lengths.is_empty());
    }

    #[test]
    fn an_empty_range_holds_nothing_and_a_network_is_one_cell() {
        assert_eq!(cells_of(&RangeInclusive::new(2, 1)), []);
        assert_eq!(cells_of(&(0x0a00_0000..=0x0aff_ffff)), [(24, 0x0a)]);
    }
}
