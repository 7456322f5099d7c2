//! What drives a design: values of inputs and clock edges, random or written down.

use super::ports::{Ports, to_bits, width_bits};
use crate::generate::random_value;
use crate::generate::rng::Rng;
use pyhw_ir::{Int, Types};

/// One step: inputs take these values at once, then the edges happen one after the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drive {
    /// The bits of each input, in the order of [`Ports::inputs`].
    pub inputs: Vec<Int>,
    /// Edges: the clock's place in [`Ports::clocks`] and the level after it.
    pub edges: Vec<(usize, bool)>,
}

/// So many steps of random inputs and edges. Inputs often stay as they are, and resets are mostly inactive.
pub fn random(ports: &Ports, types: &Types, steps: usize, mut rng: Rng) -> Vec<Drive> {
    let mut values: Vec<Int> = ports.inputs.iter().map(|input| input.init.clone()).collect();
    let mut levels: Vec<bool> = ports.clocks.iter().map(|(_, idle)| *idle).collect();
    let mut all = Vec::new();
    for _ in 0..steps {
        for (input, value) in ports.inputs.iter().zip(&mut values) {
            match input.reset {
                Some(active_high) => *value = Int::from(rng.once_in(9) == active_high),
                None if rng.once_in(3) => {}
                None => {
                    let next = random_value(&input.ty, types, &mut rng);
                    if let Some(bits) = to_bits(&next, &input.ty, types) {
                        *value = bits;
                    }
                }
            }
        }
        let mut edges = Vec::new();
        if !levels.is_empty() {
            let mut flip = |clock: usize| {
                levels[clock] = !levels[clock];
                edges.push((clock, levels[clock]));
            };
            let clocks = ports.clocks.len();
            match rng.below(12) {
                // Inputs change alone.
                0 => {}
                // Half a period.
                1 => flip(rng.below(clocks)),
                // Periods of two clocks overlap.
                2 | 3 if clocks > 1 => (0..clocks).chain(0..clocks).for_each(flip),
                4 => {
                    let clock = rng.below(clocks);
                    (0..4).for_each(|_| flip(clock));
                }
                _ => {
                    let clock = rng.below(clocks);
                    (0..2).for_each(|_| flip(clock));
                }
            }
        }
        all.push(Drive { inputs: values.clone(), edges });
    }
    all
}

/// The steps as lines of a `.hwir` file's comments: `a=0x1f rst=0x0 clk+ clk-`.
pub fn print(ports: &Ports, steps: &[Drive]) -> String {
    let mut text = String::new();
    for step in steps {
        text.push_str(";! step");
        for (input, value) in ports.inputs.iter().zip(&step.inputs) {
            text.push_str(&format!(" {}=0x{}", input.name, value.to_radix(16)));
        }
        for (clock, level) in &step.edges {
            text.push_str(&format!(" {}{}", ports.clocks[*clock].0, if *level { '+' } else { '-' }));
        }
        text.push('\n');
    }
    text
}

/// Reads one line of [`print`], what stands behind `step`. An input that is not named keeps its value.
///
/// # Errors
/// A name that is no input's or clock's, or a value that does not fit.
pub fn parse(ports: &Ports, types: &Types, before: Option<&Drive>, line: &str) -> Result<Drive, String> {
    let mut inputs = match before {
        Some(before) => before.inputs.clone(),
        None => ports.inputs.iter().map(|input| input.init.clone()).collect(),
    };
    let mut edges = Vec::new();
    for word in line.split_whitespace() {
        if let Some((name, value)) = word.split_once('=') {
            let place = ports.inputs.iter().position(|input| input.name == name);
            let place = place.ok_or_else(|| format!("there is no input `{name}`"))?;
            let digits =
                value.strip_prefix("0x").ok_or_else(|| format!("`{value}` does not begin with 0x"))?;
            let value = Int::from_radix(digits, 16).ok_or_else(|| format!("`{value}` is no number"))?;
            let width = width_bits(&ports.inputs[place].ty, types).unwrap_or(0);
            if value.bit_length() > width {
                return Err(format!("0x{digits} does not fit into `{name}`"));
            }
            inputs[place] = value;
            continue;
        }
        let (name, level) = match (word.strip_suffix('+'), word.strip_suffix('-')) {
            (Some(name), _) => (name, true),
            (None, Some(name)) => (name, false),
            (None, None) => return Err(format!("`{word}` is neither a value nor an edge")),
        };
        let clock = ports.clocks.iter().position(|(clock, _)| clock == name);
        edges.push((clock.ok_or_else(|| format!("there is no clock `{name}`"))?, level));
    }
    Ok(Drive { inputs, edges })
}
