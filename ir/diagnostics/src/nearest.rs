//! Which of several names was probably meant.

/// The name that differs least from the wanted one, if it differs little.
pub fn nearest<'a>(wanted: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let letters = wanted.chars().count();
    // Of a single letter nothing would be left.
    let limit = letters.div_ceil(3).min(letters.saturating_sub(1));
    let distances = names.into_iter().map(|name| (distance(wanted, name), name));
    distances
        .filter(|(distance, _)| *distance <= limit)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

/// How many letters must be added, removed or changed, or swapped with the next one, whatever their case.
fn distance(a: &str, b: &str) -> usize {
    let a: Vec<char> = a.to_lowercase().chars().collect();
    let b: Vec<char> = b.to_lowercase().chars().collect();
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut next = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let changed = row[j] + usize::from(x != y);
            let mut least = changed.min(next[j] + 1).min(row[j + 1] + 1);
            if i > 0 && j > 0 && a[i - 1] == *y && *x == b[j - 1] {
                least = least.min(before[j - 1] + 1);
            }
            next.push(least);
        }
        before = std::mem::replace(&mut row, next);
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_recognised_and_another_word_is_not() {
        let names = ["uart_tx", "uart_rx", "fifo"];
        assert_eq!(nearest("uart_ty", names), Some("uart_tx"));
        assert_eq!(nearest("UART_RX", names), Some("uart_rx"));
        assert_eq!(nearest("counter", names), None);
        assert_eq!(nearest("x", ["a", "b"]), None);
        assert_eq!(nearest("A", ["a", "b"]), Some("a"));
        assert_eq!(distance("kitten", "sitting"), 3);
        // Letters that changed places are one slip.
        assert_eq!(nearest("unit", ["Int", "uint"]), Some("uint"));
        assert_eq!(distance("abcd", "badc"), 2);
    }
}
