//! How far a text is from what was expected of it, and where the two differ.

/// Longer texts are compared by their beginnings only: a miss must not take long.
const COMPARED: usize = 300;

/// A difference that is worth showing, and how many letters it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Difference {
    pub letters: usize,
    /// `refund o[-r-]der{+s+}`: in `[-…-]` what was expected, in `{+…+}` what is there instead.
    /// Empty where the two have too little in common.
    pub marked: String,
}

/// The difference of a whole text from what it should be.
pub fn whole(expected: &str, seen: &str) -> Difference {
    compare(expected, seen, false)
}

/// The difference of that part of a text that comes nearest to what should be in it.
pub fn part(expected: &str, seen: &str) -> Difference {
    compare(expected, seen, true)
}

fn compare(expected: &str, seen: &str, anywhere: bool) -> Difference {
    let expected: Vec<char> = expected.chars().take(COMPARED).collect();
    let seen: Vec<char> = seen.chars().take(COMPARED * 4).collect();
    let width = seen.len() + 1;
    // The fewest changes from the first `row` letters expected to those seen before `column`.
    let mut fewest = vec![0; width * (expected.len() + 1)];
    for (column, changes) in fewest.iter_mut().take(width).enumerate() {
        *changes = if anywhere { 0 } else { column };
    }
    for row in 1..=expected.len() {
        fewest[row * width] = row;
        for column in 1..width {
            let changed = usize::from(expected[row - 1] != seen[column - 1]);
            fewest[row * width + column] = (fewest[(row - 1) * width + column - 1] + changed)
                .min(fewest[(row - 1) * width + column] + 1)
                .min(fewest[row * width + column - 1] + 1);
        }
    }
    let last = &fewest[expected.len() * width..];
    let end = if anywhere { (0..width).min_by_key(|column| last[*column]).unwrap_or(0) } else { width - 1 };
    let letters = last[end];
    let alike = letters * 2 <= expected.len();
    let marked = if alike { mark(&expected, &seen, &fewest, end, anywhere) } else { String::new() };
    Difference { letters, marked }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    Same,
    Lacks,
    Has,
}

/// Goes back the way that took the fewest changes, and writes it down.
fn mark(expected: &[char], seen: &[char], fewest: &[usize], end: usize, anywhere: bool) -> String {
    let width = seen.len() + 1;
    let (mut row, mut column) = (expected.len(), end);
    let mut steps: Vec<(Step, char)> = Vec::new();
    while row > 0 || (column > 0 && !anywhere) {
        let here = fewest[row * width + column];
        if row > 0
            && column > 0
            && expected[row - 1] == seen[column - 1]
            && fewest[(row - 1) * width + column - 1] == here
        {
            steps.push((Step::Same, expected[row - 1]));
            (row, column) = (row - 1, column - 1);
        } else if row > 0 && column > 0 && fewest[(row - 1) * width + column - 1] + 1 == here {
            steps.extend([(Step::Has, seen[column - 1]), (Step::Lacks, expected[row - 1])]);
            (row, column) = (row - 1, column - 1);
        } else if row > 0 && fewest[(row - 1) * width + column] + 1 == here {
            steps.push((Step::Lacks, expected[row - 1]));
            row -= 1;
        } else {
            steps.push((Step::Has, seen[column - 1]));
            column -= 1;
        }
    }
    write(steps.into_iter().rev())
}

fn write(steps: impl Iterator<Item = (Step, char)>) -> String {
    let (mut text, mut lacks, mut has) = (String::new(), String::new(), String::new());
    let flush = |text: &mut String, lacks: &mut String, has: &mut String| {
        if !lacks.is_empty() {
            text.push_str(&format!("[-{}-]", std::mem::take(lacks)));
        }
        if !has.is_empty() {
            text.push_str(&format!("{{+{}+}}", std::mem::take(has)));
        }
    };
    for (step, letter) in steps {
        match step {
            Step::Same => {
                flush(&mut text, &mut lacks, &mut has);
                text.push(letter);
            }
            Step::Lacks => lacks.push(letter),
            Step::Has => has.push(letter),
        }
    }
    flush(&mut text, &mut lacks, &mut has);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_place_of_a_difference_is_marked() {
        for (expected, seen, letters, marked) in [
            ("refund order", "please refund oder 7", 1, "refund o[-r-]der"),
            ("a refund", "no a reefund now", 1, "a r{+e+}efund"),
            ("refund", "a Refund", 1, "[-R-]efund"),
            ("refund", "hello", 5, ""),
            ("refund", "", 6, ""),
            ("", "x", 0, ""),
        ] {
            let found = part(expected, seen);
            let marked = marked.replace("[-R-]", "[-r-]{+R+}");
            assert_eq!((found.letters, found.marked), (letters, marked), "{expected} in {seen}");
        }
        for (expected, seen, letters, marked) in [
            ("hello", "hello you", 4, ""),
            ("hello you", "hallo you!", 2, "h[-e-]{+a+}llo you{+!+}"),
            ("a", "a", 0, "a"),
        ] {
            let found = whole(expected, seen);
            assert_eq!((found.letters, &*found.marked), (letters, marked), "{expected} and {seen}");
        }
        let long = "x".repeat(100_000);
        assert_eq!(part(&long, &long).letters, 0);
    }
}
