//! The recorded timeline at the end of a scenario file, and its renewal.

use std::path::Path;

use super::load::parse;

/// Rewrites the `timeline` of `file` and nothing else. Returns whether that changed the file.
pub fn bless(file: &Path, timeline: &str) -> std::io::Result<bool> {
    let before = std::fs::read_to_string(file)?;
    let after = with_timeline(&before, timeline);
    if after == before {
        return Ok(false);
    }
    // In a file of an unusual form (a map in braces, say) the place is not found.
    let renewed = parse(&after).ok().and_then(|scenario| scenario.timeline);
    if renewed.is_none_or(|renewed| renewed.trim_end() != timeline.trim_end()) {
        let why = "the timeline has no place in this file: write its keys one a line, `timeline:` at the end";
        return Err(std::io::Error::other(why));
    }
    std::fs::write(file, after)?;
    Ok(true)
}

/// `text` with its top-level `timeline` replaced, or with one at the end.
fn with_timeline(text: &str, timeline: &str) -> String {
    // The indentation is given (`|2`), since the first line itself begins with blanks.
    let mut block = String::from("timeline: |2\n");
    for line in timeline.lines() {
        block.push_str(format!("  {line}").trim_end());
        block.push('\n');
    }
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let Some(start) = lines.iter().position(|line| line.starts_with("timeline:")) else {
        let newline = if text.ends_with('\n') { "" } else { "\n" };
        return format!("{text}{newline}{block}");
    };
    let blank = |line: &str| line.trim().is_empty();
    let inside = lines[start + 1..].iter().take_while(|line| line.starts_with(' ') || blank(line)).count();
    // Blank lines behind the block belong to what follows.
    let behind = lines[start + 1..start + 1 + inside].iter().rev().take_while(|line| blank(line)).count();
    let length = 1 + inside - behind;
    format!("{}{block}{}", lines[..start].concat(), lines[start + length..].concat())
}

#[cfg(test)]
mod tests {
    use super::with_timeline;

    #[test]
    fn only_the_timeline_is_rewritten() {
        let fresh = "name: x\nsteps: []\n";
        let once = with_timeline(fresh, "   0.000 #1\n");
        assert_eq!(once, "name: x\nsteps: []\ntimeline: |2\n     0.000 #1\n");
        assert_eq!(with_timeline(&once, "   0.000 #1\n"), once);
        let apart = "name: x\ntimeline: |\n  old\n\n# why\nsteps: []\n";
        assert_eq!(with_timeline(apart, "new"), "name: x\ntimeline: |2\n  new\n\n# why\nsteps: []\n");
        let between = "name: x\ntimeline: |\n  old\n\n  older\nsteps: [] # kept\n";
        assert_eq!(with_timeline(between, "new"), "name: x\ntimeline: |2\n  new\nsteps: [] # kept\n");
    }
}
