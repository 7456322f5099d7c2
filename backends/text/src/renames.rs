//! What an interface is called where its own names are not allowed.

use crate::Namer;
use pyhw_diagnostics::{Code, Diagnostic, Span};
use pyhw_ir::Module;

/// Tells (PH0502) which names of the top and of its ports differ from those of the source, and why: whoever uses the emitted text
/// has to know them. `name` is the name that the text has for the module, `ports` those that it has for its ports, in order.
pub fn renames(top: &Module, name: &str, ports: &[String]) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    found.extend(rename("block", &top.name, name, top.span));
    for (port, given) in top.ports.iter().zip(ports) {
        let net = top.net(port.net);
        let span = if net.span.is_known() { net.span } else { top.span };
        found.extend(rename("port", &net.name, given, span));
    }
    found
}

fn rename(what: &str, wanted: &str, given: &str, span: Span) -> Option<Diagnostic> {
    if wanted == given {
        return None;
    }
    let message = format!("the {what} `{wanted}` is called `{given}` in the emitted text");
    let alone = Namer::hdl();
    let reason = if alone.is_reserved(wanted) {
        format!("`{wanted}` is a word of Verilog or VHDL, or a name that emitted text needs")
    } else if alone.is_legal(wanted) {
        format!(
            "another name of the interface differs from `{wanted}` by case at most, which VHDL does not tell apart"
        )
    } else {
        "names in Verilog and VHDL begin with a letter and have letters, digits and single underscores within"
            .to_owned()
    };
    Some(Diagnostic::new(Code::PH0502, span, message).note(reason))
}

#[cfg(test)]
mod tests {
    use super::*;
    use pyhw_ir::{Direction, Net, Type, Value};

    #[test]
    fn each_reason_is_told() {
        let mut top = Module::new("entity", Span::NONE);
        for name in ["clk", "in", "Data", "data", "_x"] {
            top.add_port(Net::new(name, Type::Bool, Value::Bool(false), Span::NONE), Direction::In);
        }
        let mut namer = Namer::hdl();
        let ports: Vec<String> = top.ports.iter().map(|port| namer.fresh(&top.net(port.net).name)).collect();
        let found = renames(&top, "entity_1", &ports);
        let told: Vec<String> =
            found.iter().map(|one| format!("{}: {} ({})", one.code, one.message, one.notes[0])).collect();
        let wanted = [
            "PH0502: the block `entity` is called `entity_1` in the emitted text (`entity` is a word of",
            "PH0502: the port `in` is called `in_1` in the emitted text (`in` is a word of Verilog or VHDL",
            "PH0502: the port `data` is called `data_1` in the emitted text (another name of the interface",
            "PH0502: the port `_x` is called `x` in the emitted text (names in Verilog and VHDL begin with",
        ];
        assert_eq!(told.len(), wanted.len(), "{told:?}");
        for (told, wanted) in told.iter().zip(wanted) {
            assert!(told.starts_with(wanted), "{told}");
        }
    }
}
