//! SPDX licence expressions: `MIT OR Apache-2.0`, `(A OR B) AND C`, `A WITH exception`, the old `A/B`.

#[cfg(test)]
mod tests;

/// Tells whether the expression can be met with accepted licences. What can't be read is not met.
pub(super) fn is_met(expression: &str, accepts: &dyn Fn(&str) -> bool) -> bool {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let mut words = spaced.split_whitespace().peekable();
    let met = any(&mut words, accepts, 0);
    met == Some(true) && words.next().is_none()
}

type Words<'a> = std::iter::Peekable<std::str::SplitWhitespace<'a>>;

/// How deep parentheses may go; real ones have one level.
const DEEPEST: usize = 8;

fn any(words: &mut Words<'_>, accepts: &dyn Fn(&str) -> bool, depth: usize) -> Option<bool> {
    let mut met = all(words, accepts, depth)?;
    while words.next_if_eq(&"OR").is_some() {
        met |= all(words, accepts, depth)?;
    }
    Some(met)
}

fn all(words: &mut Words<'_>, accepts: &dyn Fn(&str) -> bool, depth: usize) -> Option<bool> {
    let mut met = one(words, accepts, depth)?;
    while words.next_if_eq(&"AND").is_some() {
        met &= one(words, accepts, depth)?;
    }
    Some(met)
}

fn one(words: &mut Words<'_>, accepts: &dyn Fn(&str) -> bool, depth: usize) -> Option<bool> {
    let word = words.next()?;
    if word == "(" {
        let met = (depth < DEEPEST).then(|| any(words, accepts, depth + 1)).flatten()?;
        return words.next_if_eq(&")").map(|_| met);
    }
    if words.next_if_eq(&"WITH").is_some() {
        let exception = words.next()?;
        return Some(accepts(word) || accepts(&format!("{word} WITH {exception}")));
    }
    (!matches!(word, ")" | "OR" | "AND")).then(|| accepts(word))
}
