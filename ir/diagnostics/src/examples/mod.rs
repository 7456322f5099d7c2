//! A failing and a mended design for each code.
//!
//! Each one is a whole file, run by a command that shows the finding: the failing one gives it and nothing else, the mended one gives
//! nothing. A test of the program sees to that.

mod reading;
mod runs;
mod structure;
mod subset;
mod values;

pub use reading::*;
pub use runs::*;
pub use structure::*;
pub use subset::*;
pub use values::*;
