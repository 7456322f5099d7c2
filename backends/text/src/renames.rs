//! What an interface is called where its own names are not allowed.

use crate::Namer;
use pyhw_diagnostics::{Code, Diagnostic, Span};
use pyhw_ir::Module;

/// Whose rules the names of a text follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rules {
    /// Those of Verilog and VHDL, which emitted text of either keeps.
    Hdl,
    /// Those of C.
    C,
}

/// Tells (PH0502) which names of the top and of its ports differ from those of the source, and why: whoever uses the emitted text
/// has to know them. `name` is the name that the text has for the module, `ports` those that it has for its ports, in order.
pub fn renames(top: &Module, name: &str, ports: &[String], rules: Rules) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    found.extend(rename("block", &top.name, name, top.span, rules));
    for (port, given) in top.ports.iter().zip(ports) {
        let net = top.net(port.net);
        let span = if net.span.is_known() { net.span } else { top.span };
        found.extend(rename("port", &net.name, given, span, rules));
    }
    found
}

fn rename(what: &str, wanted: &str, given: &str, span: Span, rules: Rules) -> Option<Diagnostic> {
    if wanted == given {
        return None;
    }
    let message = format!("the {what} `{wanted}` is called `{given}` in the emitted text");
    let (alone, languages, differs, form) = match rules {
        Rules::Hdl => (
            Namer::hdl(),
            "Verilog or VHDL",
            "differs from `{}` by case at most, which VHDL does not tell apart",
            "names in Verilog and VHDL begin with a letter and have letters, digits and single underscores within",
        ),
        Rules::C => {
            (Namer::c(), "C", "would be `{}` as well", "names in C have letters, digits and underscores only")
        }
    };
    let reason = if alone.is_reserved(wanted) {
        if wanted == wanted.to_ascii_lowercase() || rules == Rules::C {
            format!("`{wanted}` is a word of {languages}, or of what emitted text in it uses")
        } else {
            format!(
                "`{wanted}` is a word of {languages}, whatever its case, or of what emitted text in it uses"
            )
        }
    } else if alone.is_legal(wanted) {
        format!("another name of the interface {}", differs.replace("{}", wanted))
    } else {
        form.to_owned()
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
        let found = renames(&top, "entity_1", &ports, Rules::Hdl);
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

    #[test]
    fn c_has_words_of_its_own() {
        let mut top = Module::new("entity", Span::NONE);
        for name in ["in", "double"] {
            top.add_port(Net::new(name, Type::Bool, Value::Bool(false), Span::NONE), Direction::In);
        }
        let mut namer = Namer::c();
        let ports: Vec<String> = top.ports.iter().map(|port| namer.fresh(&top.net(port.net).name)).collect();
        let found = renames(&top, "entity", &ports, Rules::C);
        let told: Vec<&str> = found.iter().map(|one| one.message.as_str()).collect();
        assert_eq!(told, ["the port `double` is called `double_1` in the emitted text"]);
        assert_eq!(found[0].notes, ["`double` is a word of C, or of what emitted text in it uses"]);
    }
}
