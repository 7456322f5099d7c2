//! Stores of constants that no path reads before the next store: what is left where a local's value was known while lowering.
//!
//! A backward analysis over the structured statements: at each point the variables that some path reads before it stores into
//! them. A loop's head is looked at until nothing is added.

use pyhw_ir::{Body, ExprId, ExprKind, LabelId, Place, Root, Stmt, StmtKind, Type, VarId};
use std::collections::{BTreeSet, HashMap};

/// Loops within each other beyond which every variable counts as read.
const MAX_DEPTH: usize = 6;

type Live = BTreeSet<VarId>;

/// The statements without such stores. What stands before one may speak of all that follows, and goes to the statement behind it;
/// what stands behind one on its line speaks of it alone, and goes with it.
pub fn without_dead_stores(stmts: Vec<Stmt>, body: &Body) -> Vec<Stmt> {
    let mut analysis = Analysis { body, breaks: HashMap::new(), continues: HashMap::new(), depth: 0 };
    let mut live = Live::new();
    let mut stmts = stmts;
    analysis.block(&mut stmts, &mut live, true);
    stmts
}

struct Analysis<'a> {
    body: &'a Body,
    /// What is live where the breaks and continues of a label lead.
    breaks: HashMap<LabelId, Live>,
    continues: HashMap<LabelId, Live>,
    /// How many loops are around.
    depth: usize,
}

impl Analysis<'_> {
    fn read(&self, id: ExprId, live: &mut Live) {
        self.body.exprs.walk(id, &mut |id| {
            if let ExprKind::Var(var) = self.body.exprs.kind(id) {
                live.insert(*var);
            }
        });
    }

    fn read_all(&self, kind: &StmtKind, live: &mut Live) {
        for id in kind.exprs() {
            self.read(id, live);
        }
    }

    /// Whether the statement stores a constant, which fits, into a variable that is not live.
    fn is_dead(&self, stmt: &Stmt, live: &Live) -> bool {
        let StmtKind::Assign { place: Place { root: Root::Var(var), path }, value } = &stmt.kind else {
            return false;
        };
        let declared = self.body.var(*var);
        let fits = match (&declared.ty, self.body.exprs.range(*value)) {
            (Type::Int(range), Some(value)) => declared.wraps || range.contains_range(value),
            _ => true,
        };
        path.is_empty() && fits && !live.contains(var) && self.body.exprs.as_const(*value).is_some()
    }

    /// `live` is what is live behind the statements, and becomes what is before them.
    fn block(&mut self, stmts: &mut Vec<Stmt>, live: &mut Live, drop: bool) {
        let mut at = stmts.len();
        while at > 0 {
            at -= 1;
            let leads = !stmts[at].comments.leading.is_empty();
            if drop && self.is_dead(&stmts[at], live) && (!leads || at + 1 < stmts.len()) {
                let comments = stmts.remove(at).comments;
                if let Some(next) = stmts.get_mut(at) {
                    next.comments.leading.splice(0..0, comments.leading);
                }
                continue;
            }
            self.stmt(&mut stmts[at].kind, live, drop);
        }
    }

    fn stmt(&mut self, kind: &mut StmtKind, live: &mut Live, drop: bool) {
        match kind {
            StmtKind::Assign { place, .. } => {
                if let (Root::Var(var), true) = (place.root, place.path.is_empty()) {
                    live.remove(&var);
                } else if let Root::Var(var) = place.root {
                    // A part of it needs the rest.
                    live.insert(var);
                }
                self.read_all(kind, live);
            }
            StmtKind::Unset(var) => {
                live.remove(var);
            }
            StmtKind::If { arms, orelse } => {
                let behind = live.clone();
                self.block(orelse, live, drop);
                for (_, body) in arms {
                    let mut own = behind.clone();
                    self.block(body, &mut own, drop);
                    live.extend(own);
                }
                self.read_all(kind, live);
            }
            StmtKind::Switch { arms, default, .. } => {
                let behind = std::mem::take(live);
                for body in arms.iter_mut().map(|arm| &mut arm.body).chain(default.as_mut()) {
                    let mut own = behind.clone();
                    self.block(body, &mut own, drop);
                    live.extend(own);
                }
                self.read_all(kind, live);
            }
            StmtKind::For { label, var, body, .. } => {
                let (label, var) = (*label, *var);
                self.repeated(label, body, live, drop, &|_, turn| {
                    turn.remove(&var);
                });
            }
            StmtKind::While { label, cond, body } => {
                let (label, cond) = (*label, *cond);
                self.read(cond, live);
                self.repeated(label, body, live, drop, &|this, turn| this.read(cond, turn));
            }
            StmtKind::Block { label, body } => {
                self.breaks.insert(*label, live.clone());
                self.block(body, live, drop);
            }
            StmtKind::Break(label) => *live = self.breaks.get(label).cloned().unwrap_or_default(),
            StmtKind::Continue(label) => *live = self.continues.get(label).cloned().unwrap_or_default(),
            StmtKind::Raise { .. } | StmtKind::Finish { .. } | StmtKind::Return => {
                live.clear();
                self.read_all(kind, live);
            }
            StmtKind::Wait(waits) => {
                if waits.is_empty() {
                    live.clear();
                }
                self.read_all(kind, live);
            }
            StmtKind::Next { .. } | StmtKind::Assert { .. } | StmtKind::Print { .. } => {
                self.read_all(kind, live);
            }
        }
    }

    /// A loop; `begin` is what happens at the beginning of each turn.
    fn repeated(
        &mut self,
        label: LabelId,
        body: &mut Vec<Stmt>,
        live: &mut Live,
        drop: bool,
        begin: &dyn Fn(&Self, &mut Live),
    ) {
        self.breaks.insert(label, live.clone());
        let mut head = live.clone();
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            head.extend((0..self.body.vars.len()).map(VarId::new));
        } else {
            loop {
                self.continues.insert(label, head.clone());
                let mut turn = head.clone();
                self.block(body, &mut turn, false);
                begin(self, &mut turn);
                if turn.is_subset(&head) {
                    break;
                }
                head.extend(turn);
            }
        }
        if drop {
            self.continues.insert(label, head.clone());
            let mut turn = head.clone();
            self.block(body, &mut turn, true);
        }
        self.depth -= 1;
        *live = head;
    }
}

#[cfg(test)]
mod tests {
    /// The statements that are left of a process of these.
    fn left(body: &str) -> String {
        let head = "hwir 1\n\nmodule m {\nnet %f: bool = false\nnet %x: u4 = 0\nnet %q: u4 = 0\nprocess p timed {\nvar $a: u4\nvar $b: u4\nvar $i: u4\n";
        let mut design = pyhw_ir::parse::parse(&format!("{head}{body}\n}}\n}}\ntop m\n")).unwrap();
        assert_eq!(pyhw_ir::verify::verify(&design), []);
        let process = &mut design.modules[0].processes[0];
        let pyhw_ir::ProcessBody::Ir(body) = &mut process.body else { panic!("a body") };
        body.stmts = super::without_dead_stores(std::mem::take(&mut body.stmts), &body.clone());
        let printed = pyhw_ir::print::print(&design);
        let from = printed.find("$i: u4").unwrap_or_default() + 6;
        printed[from..]
            .split("top")
            .next()
            .unwrap_or_default()
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
    }

    #[test]
    fn what_stands_before_a_store_that_goes_stays_and_what_stands_behind_it_goes() {
        let now = left("# all that follows\n$a = 3  # none yet\n# the step\n$a = %x  # taken\n%q <= $a");
        assert_eq!(now, "# all that follows # the step $a = %x # taken %q <= $a } }");
    }

    #[test]
    fn a_constant_that_nothing_reads_before_the_next_store_goes() {
        for (body, stores) in [
            ("$a = 3 $a = %x %q <= $a", 1),
            ("$a = 3 if %f { $a = 1 } else { $a = 2 } %q <= $a", 2),
            ("$a = 3 if %f { %q <= 1 $a = 4 } else { $a = 2 } $a = 5 %q <= $a", 1),
            ("$a = 3 for 'l $i in range(0, 4, 1) { $a = 1 %q <= $a $a = 2 } $a = 5 %q <= $a", 2),
            ("while 'l true { wait delay(1) $a = 1 %q <= $a $a = 2 }", 1),
            ("block 'l { $a = 1 if %f { $a = 2 break 'l } $a = 3 } $a = 4 %q <= $a", 1),
            ("$a = 1 if %f { raise ValueError } $a = 2 %q <= $a", 1),
        ] {
            let now = left(body);
            assert_eq!(now.matches("$a = ").count(), stores, "{body}: {now}");
        }
    }

    #[test]
    fn what_some_path_reads_stays_and_so_does_what_is_no_constant() {
        for body in [
            "$a = 3 if %f { $a = 1 } %q <= $a",
            "$a = 3 %q <= $a $a = 4 %q <= $a",
            "$a = 3 $a.bit(0) = %f %q <= $a",
            "$a = 3 for 'l $i in range(0, 4, 1) { %q <= $a $a = 2 } %q <= 1",
            "for 'l $i in range(0, 4, 1) { $a = 1 if %f { continue 'l } $a = 2 %q <= 2 } %q <= $a",
            "$a = 0 while 'l lt($a, 3) { wait delay(1) $a = 3 }",
            "block 'l { $a = 1 if %f { break 'l } $a = 3 } %q <= $a",
            "$a = %x $a = 4 %q <= $a",
            "$b = 2 while 'l true { wait delay(1) if %f { %q <= $b } $b = 3 }",
            "$a = 1 assert %f, format[\"{}\"]($a) $a = 2 %q <= $a",
        ] {
            let stores = |text: &str| text.matches("$a = ").count() + text.matches("$b = ").count();
            let now = left(body);
            assert_eq!(stores(&now), stores(body), "{body}: {now}");
        }
    }
}
