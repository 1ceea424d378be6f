//! Regular expressions as far as filter patterns have them: no groups, no characters of several bytes.
//!
//! Without groups an expression is a list of alternatives, each a row of characters that may be left out or repeated.
//! A text is read once, with all places of all rows where a match may stand: no expression can make it slow.

use super::FilterError;

#[derive(Debug)]
pub struct Regex {
    alternatives: Vec<Vec<Node>>,
}

#[derive(Clone, Debug)]
enum Node {
    Start,
    End,
    One { of: Class, optional: bool, repeats: bool },
}

/// Characters by ranges, or all but those.
#[derive(Clone, Debug, Default)]
struct Class {
    negated: bool,
    ranges: Vec<(char, char)>,
}

/// The symbols that AWS supports, its operators among them, and the space of its examples.
const SYMBOLS: &str = ":_#=@/;,- ^$?[]{}|\\*+.";
/// `a{1000}` is a thousand nodes. This only bounds our work; AWS bounds its own ("Regular expression evaluation time
/// exceeded allowed limit").
const NODES_MAX: usize = 2000;

impl Regex {
    pub fn parse(text: &str) -> Result<Self, FilterError> {
        let supported = |letter: char| letter.is_ascii_alphanumeric() || SYMBOLS.contains(letter);
        if let Some(at) = text.find(|letter| !supported(letter)) {
            let rest = &text[at..];
            return Err(FilterError::characters(&rest[..rest.find(supported).unwrap_or(rest.len())]));
        }
        let letters: Vec<char> = text.chars().collect();
        let parser = Parser { letters: &letters, at: 0, nodes: 0 };
        parser.parse().ok_or_else(FilterError::invalid)
    }

    /// Whether it matches somewhere in the text.
    pub fn is_in(&self, text: &str) -> bool {
        self.alternatives.iter().any(|nodes| found(nodes, text))
    }
}

fn found(nodes: &[Node], text: &str) -> bool {
    // Which nodes may come next; the place behind the last one is the match.
    let mut open = vec![false; nodes.len() + 1];
    let mut next = open.clone();
    let end = text.strip_suffix('\n').unwrap_or(text).len();
    let mut letters = text.char_indices();
    loop {
        let letter = letters.next();
        let at = letter.map_or(text.len(), |(at, _)| at);
        open[0] = true;
        for (place, node) in nodes.iter().enumerate() {
            let passes = match node {
                Node::Start => at == 0,
                Node::End => at == end || at == text.len(),
                Node::One { optional, .. } => *optional,
            };
            open[place + 1] |= open[place] && passes;
        }
        if open[nodes.len()] {
            return true;
        }
        let Some((_, letter)) = letter else { return false };
        next.fill(false);
        for (place, node) in nodes.iter().enumerate().filter(|(place, _)| open[*place]) {
            let Node::One { of, repeats, .. } = node else { continue };
            if of.has(letter) {
                next[place + 1] = true;
                next[place] |= *repeats;
            }
        }
        std::mem::swap(&mut open, &mut next);
    }
}

impl Class {
    fn one(letter: char) -> Self {
        Self { negated: false, ranges: vec![(letter, letter)] }
    }

    fn has(&self, letter: char) -> bool {
        self.ranges.iter().any(|(first, last)| (*first..=*last).contains(&letter)) != self.negated
    }

    /// The class that a letter behind a backslash stands for.
    fn escaped(letter: char) -> Option<Self> {
        let ranges = match letter.to_ascii_lowercase() {
            'd' => vec![('0', '9')],
            's' => vec![(' ', ' '), ('\t', '\r')],
            'w' => vec![('a', 'z'), ('A', 'Z'), ('0', '9'), ('_', '_')],
            _ => return None,
        };
        Some(Self { negated: letter.is_ascii_uppercase(), ranges })
    }
}

struct Parser<'a> {
    letters: &'a [char],
    at: usize,
    nodes: usize,
}

impl Parser<'_> {
    fn parse(mut self) -> Option<Regex> {
        let mut alternatives = vec![Vec::new()];
        while let Some(letter) = self.next() {
            match letter {
                '|' => alternatives.push(Vec::new()),
                '^' => alternatives.last_mut()?.push(Node::Start),
                '$' => alternatives.last_mut()?.push(Node::End),
                '?' | '*' | '+' | '{' | '}' | ']' => return None,
                _ => {
                    let class = self.class(letter)?;
                    let repeated = self.repeated(class)?;
                    alternatives.last_mut()?.extend(repeated);
                }
            }
        }
        Some(Regex { alternatives })
    }

    fn next(&mut self) -> Option<char> {
        let letter = self.letters.get(self.at).copied();
        self.at += 1;
        letter
    }

    fn eat(&mut self, letter: char) -> bool {
        let next = self.letters.get(self.at) == Some(&letter);
        self.at += usize::from(next);
        next
    }

    fn class(&mut self, letter: char) -> Option<Class> {
        match letter {
            '.' => Some(Class { negated: true, ranges: vec![('\n', '\n')] }),
            '\\' => self.escape(),
            '[' => self.list(),
            _ => Some(Class::one(letter)),
        }
    }

    fn escape(&mut self) -> Option<Class> {
        let letter = self.next()?;
        if letter == 'x' {
            return Some(Class::one(self.hexadecimal()?));
        }
        let control = match letter {
            't' => Some('\t'),
            'n' => Some('\n'),
            'r' => Some('\r'),
            _ => None,
        };
        if let Some(control) = control {
            return Some(Class::one(control));
        }
        match Class::escaped(letter) {
            Some(class) => Some(class),
            None if letter.is_ascii_alphanumeric() => None,
            None => Some(Class::one(letter)),
        }
    }

    fn hexadecimal(&mut self) -> Option<char> {
        let code = self.next()?.to_digit(16)? * 16 + self.next()?.to_digit(16)?;
        char::from_u32(code).filter(char::is_ascii)
    }

    fn list(&mut self) -> Option<Class> {
        let mut class = Class { negated: self.eat('^'), ranges: Vec::new() };
        loop {
            match self.next()? {
                ']' if class.ranges.is_empty() => return None,
                ']' => return Some(class),
                '[' => return None,
                '\\' => class.ranges.extend(inverted(self.escape()?)),
                first => {
                    let is_range = self.letters.get(self.at) == Some(&'-')
                        && self.letters.get(self.at + 1).is_some_and(|next| !matches!(next, ']' | '[' | '\\'));
                    if !is_range {
                        class.ranges.push((first, first));
                        continue;
                    }
                    self.at += 1;
                    let last = self.next()?;
                    if last < first {
                        return None;
                    }
                    class.ranges.push((first, last));
                }
            }
        }
    }

    /// One character with what follows it: `?`, `*`, `+`, `{2,3}`, each perhaps with a `?` that makes it reluctant, which
    /// changes what is matched and not whether.
    fn repeated(&mut self, class: Class) -> Option<Vec<Node>> {
        let (min, max) = if self.eat('?') {
            (0, Some(1))
        } else if self.eat('*') {
            (0, None)
        } else if self.eat('+') {
            (1, None)
        } else if self.eat('{') {
            self.bounds()?
        } else {
            (1, Some(1))
        };
        if (min, max) != (1, Some(1)) {
            self.eat('?');
        }
        let node = |optional, repeats| Node::One { of: class.clone(), optional, repeats };
        let mut nodes = Vec::new();
        match max {
            Some(max) => nodes.extend((0..max).map(|place| node(place >= min, false))),
            None => nodes.extend((0..min.max(1)).map(|place| node(min == 0, place + 1 == min.max(1)))),
        }
        Some(nodes)
    }

    /// "Either m or n can be omitted".
    fn bounds(&mut self) -> Option<(usize, Option<usize>)> {
        let close = self.letters[self.at..].iter().position(|letter| *letter == '}')?;
        let text: String = self.letters[self.at..self.at + close].iter().filter(|letter| **letter != ' ').collect();
        self.at += close + 1;
        let number = |text: &str| text.bytes().all(|next| next.is_ascii_digit()).then(|| text.parse().ok()).flatten();
        let (min, max) = match text.split_once(',') {
            None => (number(&text)?, Some(number(&text)?)),
            Some(("", "")) => return None,
            Some((min, "")) => (number(min)?, None),
            Some(("", max)) => (0, Some(number(max)?)),
            Some((min, max)) => (number(min)?, Some(number(max)?)),
        };
        self.nodes = self.nodes.saturating_add(max.unwrap_or(min));
        (self.nodes <= NODES_MAX && max.is_none_or(|max| min <= max)).then_some((min, max))
    }
}

/// The ranges of a class, of a negated one those that it leaves out.
fn inverted(class: Class) -> Vec<(char, char)> {
    if !class.negated {
        return class.ranges;
    }
    let mut ranges = class.ranges;
    ranges.sort_unstable();
    let mut left = Vec::new();
    let mut from = '\0';
    for (first, last) in ranges {
        if let Some(before) = char::from_u32((first as u32).wrapping_sub(1)).filter(|before| *before >= from) {
            left.push((from, before));
        }
        from = char::from_u32(last as u32 + 1).unwrap_or(char::MAX);
    }
    left.push((from, char::MAX));
    left
}
