//! Views of signals: the processes that keep slices, bits and concatenations of other signals up to date.

use crate::hierarchy::{Placed, shadow_parts};
use crate::lowerer::{Context, Lowerer};
use crate::nets::SignalPlace;
use crate::process::net_of;
use pyhw_diagnostics::Span;
use pyhw_elaborate::{Shadow, ShadowPart, SignalId, SignalKind, SignalType};
use pyhw_ir::{Body, NetId, Op, Place, Process, ProcessBody, ProcessKind, StmtKind, Type};
use std::collections::BTreeSet;

/// The process that keeps a view of signals up to date.
pub fn shadow_process(cx: &Context<'_>, id: SignalId) -> Option<Placed> {
    let signal = cx.elaborated.signal(id);
    let SignalKind::Shadow(shadow) = &signal.kind else { return None };
    let span: Span = signal.span;
    let mut lowerer = Lowerer::new(cx, false, None);
    let read = |lowerer: &mut Lowerer<'_>, id: SignalId| {
        let signal = lowerer.signal_ref(id, span);
        lowerer.read_signal(&signal, span).ok().map(|typed| typed.id)
    };
    let value = match shadow {
        Shadow::Bit(of, bit) => {
            let whole = read(&mut lowerer, *of)?;
            let bit = lowerer.body.exprs.int(*bit, span);
            lowerer.op(Op::Bit, &[whole, bit], span).ok()?
        }
        Shadow::Slice(of, high, low) => {
            let whole = read(&mut lowerer, *of)?;
            lowerer.op(Op::Slice { low: *low, width: high.checked_sub(*low)? }, &[whole], span).ok()?
        }
        Shadow::Same(of) => read(&mut lowerer, *of)?,
        Shadow::Concat(parts) => {
            let mut ids = Vec::new();
            let mut widths = Vec::new();
            for part in parts {
                let (id, width) = match part {
                    ShadowPart::Signal(id, width) => (read(&mut lowerer, *id)?, *width),
                    ShadowPart::Const(value, width) => (lowerer.body.exprs.int(value.clone(), span), *width),
                };
                let id = match lowerer.body.exprs.ty(id) {
                    Type::Bool => lowerer.bool_to_int(id, span).ok()?,
                    _ => id,
                };
                ids.push(id);
                widths.push(width);
            }
            lowerer.op(Op::Concat { widths: widths.into() }, &ids, span).ok()?
        }
    };
    let value = match (&signal.ty, lowerer.body.exprs.ty(value)) {
        (SignalType::Bool, Type::Int(_)) => lowerer.op(Op::ToBool, &[value], span).ok()?,
        (SignalType::Int { .. }, Type::Bool) => lowerer.bool_to_int(value, span).ok()?,
        _ => value,
    };
    let SignalPlace::Net(net) = cx.nets.place(id) else { return None };
    lowerer.emit(StmtKind::Next { place: Place::net(net), value }, span);
    let stmts = std::mem::take(&mut lowerer.out);
    let body = Body { stmts, ..lowerer.body };
    let sensitivity: Vec<NetId> = shadow_parts(shadow)
        .into_iter()
        .map(|part| net_of(cx, part))
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect();
    let name = format!("{}_view", cx.nets.net(net).name);
    let uses = sensitivity.iter().copied().chain([net]).collect();
    let process = Process {
        name,
        kind: ProcessKind::Comb { sensitivity },
        body: ProcessBody::Ir(body),
        doc: None,
        span,
    };
    Some(Placed {
        process,
        block: signal.owner,
        uses,
        drives: BTreeSet::from([net]),
        would_drive: BTreeSet::new(),
    })
}
