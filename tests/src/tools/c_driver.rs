//! The C program that drives one design: its stimulus as a table of bytes, and the code that walks along it.

use num_bigint::BigUint;

use super::bits::mask;
use super::dut::{CField, CInterface, CLayout, Port, PortKind};
use super::share::Item;
use super::stimulus::Edge;

/// The driver of one item, or None if the design has no C interface. It defines `harness_run_POSITION`.
pub(super) fn driver(position: usize, item: &Item<'_>) -> Option<String> {
    let c = item.dut.c.as_ref()?;
    let (dut, stimulus) = (item.dut, item.stimulus);
    let mut text = format!("#include \"d{position}/{}\"\n#include \"harness.h\"\n\n", c.header);
    text += &format!("static {} self;\n\n", c.type_name);
    text += "static const uint8_t table[] HARNESS_FLASH = {\n";
    for row in table(item, c).chunks(20) {
        let bytes: Vec<String> = row.iter().map(|byte| format!("{byte}")).collect();
        text += &format!("    {},\n", bytes.join(", "));
    }
    text += "};\n\n/* Takes the inputs that change. */\nstatic void apply(void)\n{\n";
    let mask_bytes = dut.inputs.len().div_ceil(8).max(1);
    text += &format!("    uint8_t mask[{mask_bytes}];\n");
    text += &format!(
        "    for (uint8_t i = 0U; i < {mask_bytes}U; i++) {{\n        mask[i] = harness_byte();\n    }}\n"
    );
    for (index, (port, field)) in dut.inputs.iter().zip(&c.inputs).enumerate() {
        text += &format!("    if ((mask[{}] & {}U) != 0U) {{\n", index / 8, 1 << (index % 8));
        text += &format!("        {}\n    }}\n", assignment(port, field));
    }
    text += &format!(
        "    (void)mask;\n}}\n\nvoid harness_run_{position}(void);\nvoid harness_run_{position}(void)\n{{\n"
    );
    text += &format!("    harness_mark('B', {position}U);\n");
    // A field that the design forgets to set must not be zero by luck.
    let fill = if c.init.is_some() { 0xA5 } else { 0 };
    text += &format!("    harness_fill(&self, sizeof self, {fill}U);\n");
    text += "    harness_open(table);\n    apply();\n";
    if let Some(init) = &c.init {
        text += &format!("    {init}(&self);\n    harness_open(table);\n    apply();\n");
    }
    text += &format!(
        "    for (uint32_t step = 0U; step < {}U; step++) {{\n        apply();\n",
        stimulus.steps.len()
    );
    if let Some(settle) = &c.settle {
        text += &format!("        {settle}(&self);\n");
    }
    text += "        for (uint8_t edges = harness_byte(); edges != 0U; edges--) {\n            switch (harness_byte()) {\n";
    for (index, edge) in c.edges.iter().enumerate() {
        text += &format!(
            "            case {index}U:\n                {}(&self);\n                break;\n",
            edge.function
        );
    }
    text += "            default:\n                break;\n            }\n        }\n";
    text += &format!("        harness_row({position}U, step);\n");
    for (port, field) in dut.outputs.iter().zip(&c.outputs) {
        text += &format!("        {}\n", output(port, field));
    }
    text += &format!("    }}\n    harness_mark('E', {position}U);\n}}\n");
    Some(text)
}

/// Initial inputs, then for each step: which inputs change, their values, the number of edges, the edges' functions.
fn table(item: &Item<'_>, c: &CInterface) -> Vec<u8> {
    let inits: Vec<BigUint> = item.dut.inputs.iter().map(|port| port.init.clone()).collect();
    let mut bytes = changed_inputs(&item.dut.inputs, c, None, &inits);
    let mut previous = &inits;
    for step in &item.stimulus.steps {
        bytes.extend(changed_inputs(&item.dut.inputs, c, Some(previous), &step.inputs));
        previous = &step.inputs;
        let function = |edge: &Edge| {
            c.edges.iter().position(|found| (found.clock, found.level) == (edge.clock, edge.level))
        };
        let calls: Vec<u8> =
            step.edges.iter().filter_map(function).filter_map(|f| u8::try_from(f).ok()).collect();
        // The request was verified: no step has more edges than a byte counts.
        bytes.push(u8::try_from(calls.len()).unwrap_or(u8::MAX));
        bytes.extend(calls);
    }
    bytes
}

/// A bit for each input that differs from `previous` (all of them if there is none), then their values.
fn changed_inputs(
    inputs: &[Port],
    c: &CInterface,
    previous: Option<&Vec<BigUint>>,
    values: &[BigUint],
) -> Vec<u8> {
    let mut bytes = vec![0u8; inputs.len().div_ceil(8).max(1)];
    for (index, ((port, field), value)) in inputs.iter().zip(&c.inputs).zip(values).enumerate() {
        if previous.and_then(|list| list.get(index)) != Some(value) {
            bytes[index / 8] |= 1 << (index % 8);
            bytes.extend(field_bytes(value, port, field.layout));
        }
    }
    bytes
}

/// The value in its canonical form over the whole field, least significant byte first.
fn field_bytes(value: &BigUint, port: &Port, layout: CLayout) -> Vec<u8> {
    let bits = layout.container_bits(port.width);
    let negative = port.kind == PortKind::Signed && value.bit(u64::from(port.width) - 1);
    let extended = if negative { value | (mask(bits) - mask(port.width)) } else { value.clone() };
    let mut bytes = extended.to_bytes_le();
    bytes.resize(bits as usize / 8, 0);
    bytes
}

fn assignment(port: &Port, field: &CField) -> String {
    let (path, bits) = (&field.path, field.layout.container_bits(port.width));
    match field.layout {
        CLayout::Limbs(limb) => format!(
            "for (uint16_t i = 0U; i < {}U; i++) {{ self.{path}[i] = harness_u64({}U); }}",
            bits / limb,
            limb / 8
        ),
        CLayout::Scalar => {
            let read = if bits > 32 { "harness_u64" } else { "harness_u32" };
            let cast = if port.kind == PortKind::Signed { format!("(int{bits}_t)") } else { String::new() };
            format!("self.{path} = {cast}{read}({}U);", bits / 8)
        }
    }
}

fn output(port: &Port, field: &CField) -> String {
    let (path, bits) = (&field.path, field.layout.container_bits(port.width));
    match field.layout {
        CLayout::Limbs(limb) => format!(
            "harness_char(' ');\n        for (uint16_t i = {}U; i != 0U; i--) {{ harness_digits(self.{path}[i - 1U], {}U); }}",
            bits / limb,
            limb / 4
        ),
        CLayout::Scalar if port.kind == PortKind::Signed => {
            format!("harness_value((uint64_t)(int64_t)self.{path});")
        }
        CLayout::Scalar => format!("harness_value((uint64_t)self.{path});"),
    }
}
