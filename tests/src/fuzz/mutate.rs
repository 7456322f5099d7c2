//! Texts that are nearly right.

use crate::generate::rng::Rng;

/// What changes a text: other texts of its language, and the words that matter in it.
#[derive(Clone, Debug)]
pub struct Mutator {
    /// Texts to start from and to take pieces of.
    pub texts: Vec<String>,
    /// Words that change what a text says, and some that belong nowhere.
    pub words: &'static [&'static str],
}

impl Mutator {
    /// One of the texts with one to three places changed: bytes, words, stretches of it or of another text. The first `keep` bytes
    /// of each text, as `keep` tells them, stay.
    ///
    /// The result need not be UTF-8.
    pub fn input(&self, rng: &mut Rng, keep: impl Fn(&str) -> usize) -> Vec<u8> {
        let text = rng.pick(&self.texts);
        let (head, body) = text.split_at(keep(text));
        let mut bytes = body.as_bytes().to_vec();
        for _ in 0..rng.between(1, 3) {
            let other = rng.pick(&self.texts);
            let (_, other) = other.split_at(keep(other));
            self.change(&mut bytes, other, rng);
        }
        [head.as_bytes(), &bytes].concat()
    }

    fn change(&self, bytes: &mut Vec<u8>, other: &str, rng: &mut Rng) {
        let at = rng.below(bytes.len() + 1);
        let end = (at + rng.below(30)).min(bytes.len());
        match rng.below(12) {
            0 if at < bytes.len() => bytes[at] = rng.next() as u8,
            1 => drop(bytes.drain(at..end)),
            2 => {
                let word = rng.pick(self.words);
                bytes.splice(at..at, format!(" {word} ").into_bytes());
            }
            3 => {
                let copy = bytes[at..end].to_vec();
                let to = rng.below(bytes.len() + 1);
                bytes.splice(to..to, copy);
            }
            4 => {
                let from = rng.below(other.len() + 1);
                let piece = &other.as_bytes()[from..(from + rng.below(60)).min(other.len())];
                bytes.splice(at..end, piece.to_vec());
            }
            5..9 => swap_words(bytes, rng),
            _ => {
                let lines: Vec<&str> = other.split_inclusive('\n').collect();
                if lines.is_empty() {
                    return;
                }
                let line = rng.pick(&lines).as_bytes().to_vec();
                let rest = bytes.iter().skip(at).position(|byte| *byte == b'\n');
                let at = rest.map_or(bytes.len(), |length| at + length + 1);
                bytes.splice(at..at, line);
            }
        }
    }
}

/// The stretches that could be words: names with their sigils, numbers, mnemonics.
fn words_of(text: &[u8]) -> Vec<(usize, usize)> {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b"_%$'".contains(&byte);
    let mut words: Vec<(usize, usize)> = Vec::new();
    for (at, _) in text.iter().enumerate().filter(|(_, byte)| is_part(**byte)) {
        match words.last_mut().filter(|word| word.1 == at) {
            Some(word) => word.1 = at + 1,
            None => words.push((at, at + 1)),
        }
    }
    words
}

/// A word replaced by another one of its kind, so that what comes out is more often a text still.
fn swap_words(bytes: &mut Vec<u8>, rng: &mut Rng) {
    let words = words_of(bytes);
    let kind = |word: &(usize, usize)| match bytes[word.0] {
        first if first.is_ascii_digit() => b'0',
        first if first.is_ascii_alphabetic() => b'a',
        first => first,
    };
    if words.is_empty() {
        return;
    }
    let old = *rng.pick(&words);
    let alike: Vec<&(usize, usize)> = words.iter().filter(|word| kind(word) == kind(&old)).collect();
    let new = **rng.pick(&alike);
    let new = bytes[new.0..new.1].to_vec();
    bytes.splice(old.0..old.1, new);
}
