//! Files that waves go to.

use crate::findings::of_error;
use pyhw_sim::wave::{Fst, Vcd, WaveSink, Waves};
use std::fs::File;
use std::io::BufWriter;
use std::path::Path;

/// The exponent of ten of a step's length in seconds, as FST has it.
const NANOSECOND: i8 = -9;

/// Opens a file for waves of the whole design: FST if its name ends with `.fst`, else VCD. A step is 1 ns.
///
/// # Errors
/// Why the file could not be made.
pub fn open(path: &Path) -> Result<Waves, String> {
    let file = File::create(path)
        .map_err(|error| format!("`{}` cannot be written: {}", path.display(), of_error(&error)))?;
    let out = BufWriter::new(file);
    let sink: Box<dyn WaveSink> = match path.extension().is_some_and(|extension| extension == "fst") {
        true => Box::new(Fst::new(out, NANOSECOND)),
        false => Box::new(Vcd::new(out, "1ns")),
    };
    Ok(Waves::new(sink))
}
