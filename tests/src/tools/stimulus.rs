//! What drives a design, and what it answers.

use std::fmt;

use num_bigint::BigUint;

use super::bits::Bits;
use super::dut::{CLayout, Dut, Port, PortKind};

/// The steps with which one design is driven.
#[derive(Clone, Debug, Default)]
pub struct Stimulus {
    /// In the order in which they happen.
    pub steps: Vec<Step>,
}

/// One step: inputs change, the design settles, edges happen, outputs are sampled.
#[derive(Clone, Debug, Default)]
pub struct Step {
    /// The value of every input in the order of [`Dut::inputs`], as a bit pattern.
    pub inputs: Vec<BigUint>,
    /// The clock edges, one after the other.
    pub edges: Vec<Edge>,
}

/// One edge of one clock. Each must change the clock's level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edge {
    /// The index into [`Dut::clocks`].
    pub clock: usize,
    /// The level after the edge.
    pub level: bool,
}

impl Step {
    /// A step that only changes inputs.
    pub fn new(inputs: Vec<BigUint>) -> Self {
        Self { inputs, edges: Vec::new() }
    }

    /// Adds a whole period of a clock that rests at 0: a rising and a falling edge.
    #[must_use]
    pub fn tick(self, clock: usize) -> Self {
        self.edge(clock, true).edge(clock, false)
    }

    /// Adds one edge.
    #[must_use]
    pub fn edge(mut self, clock: usize, level: bool) -> Self {
        self.edges.push(Edge { clock, level });
        self
    }
}

/// The outputs after each step, in the order of [`Dut::outputs`].
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Trace(pub Vec<Vec<Bits>>);

/// The first place at which two traces differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The step's index.
    pub step: usize,
    /// The output's index, or None where the traces differ in their shape.
    pub output: Option<usize>,
    /// What should have been there; None past the end of the trace.
    pub expected: Option<Bits>,
    /// What was there; None past the end of the trace.
    pub found: Option<Bits>,
}

impl Trace {
    /// Compares with the expected trace; an X or Z on either side is a difference.
    pub fn first_difference(&self, expected: &Trace) -> Option<Difference> {
        let steps = self.0.len().max(expected.0.len());
        for step in 0..steps {
            let (Some(want), Some(have)) = (expected.0.get(step), self.0.get(step)) else {
                return Some(Difference { step, output: None, expected: None, found: None });
            };
            for output in 0..want.len().max(have.len()) {
                let (expected, found) = (want.get(output), have.get(output));
                let same = matches!((expected, found), (Some(a), Some(b)) if a.agrees(b));
                if !same {
                    let (expected, found) = (expected.cloned(), found.cloned());
                    return Some(Difference { step, output: Some(output), expected, found });
                }
            }
        }
        None
    }

    /// The steps around `step` as a table: edges, inputs, outputs and, where given, the expected outputs.
    pub fn table(&self, dut: &Dut, stimulus: &Stimulus, expected: &Trace, step: usize) -> String {
        let mut text = String::new();
        for index in step.saturating_sub(4)..(step + 2).min(stimulus.steps.len()) {
            let row = &stimulus.steps[index];
            text += &format!("{} step {index}:", if index == step { ">" } else { " " });
            for (port, value) in dut.inputs.iter().zip(&row.inputs) {
                text += &format!(" {}={}", port.indexed('[', ']'), Bits::new(port.width, value.clone()));
            }
            for edge in &row.edges {
                let name = dut.clocks.get(edge.clock).map_or("?", |clock| &clock.name);
                text += &format!(" {name}{}", if edge.level { "↑" } else { "↓" });
            }
            text += " →";
            for (output, port) in dut.outputs.iter().enumerate() {
                let name = port.indexed('[', ']');
                let want = expected.0.get(index).and_then(|row| row.get(output));
                match (self.0.get(index).and_then(|row| row.get(output)), want) {
                    (Some(have), Some(want)) if !have.agrees(want) => {
                        text += &format!(" {name}={have} (expected {want})");
                    }
                    (Some(have), _) => text += &format!(" {name}={have}"),
                    (None, _) => text += &format!(" {name}=nothing"),
                }
            }
            text.push('\n');
        }
        text
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.expected, &self.found) {
            (Some(expected), Some(found)) => {
                write!(f, "step {}: expected {expected}, found {found}", self.step)
            }
            (_, _) => write!(f, "step {}: the traces differ in length", self.step),
        }
    }
}

/// What is wrong with a request, before any tool sees it.
pub(super) fn verify_request(dut: &Dut, stimulus: &Stimulus) -> Result<(), String> {
    verify_ports(dut)?;
    let mut levels: Vec<bool> = dut.clocks.iter().map(|clock| clock.idle).collect();
    for (index, step) in stimulus.steps.iter().enumerate() {
        if step.inputs.len() != dut.inputs.len() {
            return Err(format!(
                "step {index} has {} values for {} inputs",
                step.inputs.len(),
                dut.inputs.len()
            ));
        }
        for (port, value) in dut.inputs.iter().zip(&step.inputs) {
            if value.bits() > u64::from(port.width) {
                return Err(format!("step {index}: {value} does not fit in `{}`", port.name));
            }
        }
        for edge in &step.edges {
            match levels.get_mut(edge.clock) {
                None => return Err(format!("step {index}: there is no clock {}", edge.clock)),
                Some(level) if *level == edge.level => {
                    return Err(format!(
                        "step {index}: clock {} is at {} already",
                        edge.clock,
                        u8::from(*level)
                    ));
                }
                Some(level) => *level = edge.level,
            }
        }
    }
    dut.c.as_ref().map_or(Ok(()), |_| verify_c(dut, stimulus))
}

/// What is wrong with the design's description itself.
pub(super) fn verify_ports(dut: &Dut) -> Result<(), String> {
    for port in dut.inputs.iter().chain(&dut.outputs) {
        if port.width == 0 || (port.kind == PortKind::Bool && port.width != 1) {
            return Err(format!("port `{}` has {} bits", port.name, port.width));
        }
        if port.init.bits() > u64::from(port.width) {
            return Err(format!("the initial value of `{}` does not fit", port.name));
        }
    }
    if let Some((name, _)) =
        dut.sources.iter().find(|(name, _)| name.is_empty() || name.contains(['/', '\\']))
    {
        return Err(format!("`{name}` is not a plain file name"));
    }
    Ok(())
}

fn verify_c(dut: &Dut, stimulus: &Stimulus) -> Result<(), String> {
    let Some(c) = &dut.c else { return Ok(()) };
    let fields = [(&dut.inputs, &c.inputs), (&dut.outputs, &c.outputs)];
    for (ports, fields) in fields {
        if ports.len() != fields.len() {
            return Err("the C interface has not one field for each port".to_owned());
        }
        for (port, field) in ports.iter().zip(fields) {
            verify_field(port, field.layout)?;
        }
    }
    let mut previous: Vec<&BigUint> = dut.inputs.iter().map(|port| &port.init).collect();
    for (index, step) in stimulus.steps.iter().enumerate() {
        let changed = previous.iter().zip(&step.inputs).any(|(old, new)| *old != new);
        if step.edges.len() > 255 || c.edges.len() > 255 {
            return Err(format!("step {index} has more than 255 edges"));
        }
        let has_function =
            |edge: &Edge| c.edges.iter().any(|e| (e.clock, e.level) == (edge.clock, edge.level));
        if changed && c.settle.is_none() && !step.edges.iter().any(has_function) {
            return Err(format!("step {index} changes inputs, but no C function settles the outputs"));
        }
        previous = step.inputs.iter().collect();
    }
    Ok(())
}

fn verify_field(port: &Port, layout: CLayout) -> Result<(), String> {
    match layout {
        CLayout::Scalar if port.width > 64 => Err(format!("`{}` is too wide for a scalar", port.name)),
        CLayout::Limbs(limb) if ![8, 16, 32, 64].contains(&limb) => {
            Err(format!("`{}`: {limb}-bit limbs", port.name))
        }
        CLayout::Scalar | CLayout::Limbs(_) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::dut::Clock;
    use super::*;

    fn dut() -> Dut {
        Dut {
            name: "d".to_owned(),
            sources: Vec::new(),
            clocks: vec![Clock::new("clk")],
            inputs: vec![Port::unsigned("a", 4)],
            outputs: vec![Port::unsigned("y", 4)],
            c: None,
        }
    }

    #[test]
    fn a_request_that_no_tool_could_run_is_refused() {
        let verify = |step| verify_request(&dut(), &Stimulus { steps: vec![step] });
        assert!(verify(Step::new(vec![15u8.into()]).tick(0)).is_ok());
        assert!(verify(Step::new(vec![16u8.into()])).is_err());
        assert!(verify(Step::new(vec![])).is_err());
        assert!(verify(Step::new(vec![1u8.into()]).tick(1)).is_err());
        assert!(verify(Step::new(vec![1u8.into()]).edge(0, false)).is_err());
        let zero_wide = Dut { inputs: vec![Port::unsigned("a", 0)], ..dut() };
        assert!(verify_ports(&zero_wide).is_err());
    }

    #[test]
    fn a_c_design_without_settle_needs_an_edge_for_each_change() {
        let mut dut = dut();
        dut.c = Some(super::super::dut::CInterface::conventional(&dut));
        let verify = |step| verify_request(&dut, &Stimulus { steps: vec![step] });
        assert!(verify(Step::new(vec![1u8.into()]).tick(0)).is_ok());
        assert!(verify(Step::new(vec![1u8.into()])).is_err());
        assert!(verify(Step::new(vec![0u8.into()])).is_ok());
    }

    #[test]
    fn the_first_difference_is_found_and_an_x_is_one() {
        let row = |text| vec![Bits::parse(text).unwrap()];
        let good = Trace(vec![row("0001"), row("0010")]);
        assert_eq!(good.first_difference(&good), None);
        let bad = Trace(vec![row("0001"), row("001x")]);
        let difference = bad.first_difference(&good).unwrap();
        assert_eq!((difference.step, difference.output), (1, Some(0)));
        assert_eq!(Trace(vec![row("0001")]).first_difference(&good).unwrap().output, None);
    }
}
