//! A fault of simavr 1.6: where an instruction skips the next one, it takes some of those of one word for ones of two.

/// Whether simavr would skip one word too many somewhere in code that `avr-objdump -d` lists.
///
/// It looks at the bits of `0xfc0f` only, in which `adiw` and `sbiw` with a constant that ends in `c` to `f` look like `jmp`
/// and `call`.
pub(super) fn misreads(listing: &str) -> bool {
    let mut after_skip = false;
    for line in listing.lines() {
        // Lines are `ADDRESS:<tab>BYTES<tab>NAME<tab>OPERANDS…`.
        let mut columns = line.split('\t').skip(1);
        let (Some(bytes), Some(name)) = (columns.next(), columns.next()) else { continue };
        let name = name.trim();
        let low = bytes.split_whitespace().next().and_then(|byte| u8::from_str_radix(byte, 16).ok());
        if after_skip && matches!(name, "adiw" | "sbiw") && low.is_some_and(|byte| byte & 0xf >= 0xc) {
            return true;
        }
        after_skip = matches!(name, "sbrc" | "sbrs" | "sbic" | "sbis" | "cpse");
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_skipped_words_that_look_like_two_are_misread() {
        let code = |skip: &str, add: &str| {
            format!(
                " 46e:\t11 f0       \tbreq\t.+4      \t; 0x474\n 470:\t37 fd       \t{skip}\tr19, 7\n 472:\t{add}\n"
            )
        };
        assert!(misreads(&code("sbrc", "0e 96       \tadiw\tr24, 0x0e\t; 14")));
        assert!(!misreads(&code("mov", "0e 96       \tadiw\tr24, 0x0e\t; 14")));
        assert!(!misreads(&code("sbrc", "0b 96       \tadiw\tr24, 0x0b\t; 11")));
        assert!(!misreads(&code("sbrc", "0e 5f       \tsubi\tr24, 0xFE\t; 254")));
    }
}
