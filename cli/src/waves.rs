//! Files that waves go to.

use crate::findings::of_error;
use pyhw_sim::wave::{Fst, Vcd, WaveSink, Waves};
use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};

/// The exponent of ten of a step's length in seconds, as FST has it.
const NANOSECOND: i8 = -9;

/// The file of the waves of a run's simulation: the name that was asked for is the first one's, the second one's is `name.1.vcd`.
pub fn of_simulation(path: &Path, number: u32) -> PathBuf {
    match (number, path.file_stem(), path.extension()) {
        (1.., Some(stem), Some(extension)) => {
            let mut name = stem.to_owned();
            name.push(format!(".{number}."));
            name.push(extension);
            path.with_file_name(name)
        }
        _ => path.to_owned(),
    }
}

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

/// That waves could not be written to the end, for this reason.
pub fn unwritten(why: &std::io::Error) -> String {
    format!("the waves cannot be written: {}", of_error(why))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_simulation_of_a_run_has_a_file_of_its_own() {
        let name = |number| of_simulation(Path::new("out/a.b.fst"), number);
        assert_eq!(name(0), Path::new("out/a.b.fst"));
        assert_eq!(name(1), Path::new("out/a.b.1.fst"));
        assert_eq!(name(12), Path::new("out/a.b.12.fst"));
    }
}
