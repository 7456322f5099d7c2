//! What the functions of a design change of the objects around them, by whatever name.
//!
//! ```text
//! for box in boxes:            the attribute `x` of each object in `boxes`
//!     box.x = 9
//! row = table[0]               the list at that place of `table`
//! row[1] = 8
//! clear(rows[0])               the same of `rows`, if `clear` stores into elements of its parameter
//! ```
//!
//! For every name of every function it is found which objects of the elaborated design it may stand for: by its assignments, by the
//! arguments of all calls, by what calls return. A name stands for the same on every path, and what stands in a container may be
//! taken out at any place. So more may be reported than is ever changed, and nothing less: but for what code outside the design changes.

use crate::changing::Slot;
use crate::lowerer::Context;
use pyhw_elaborate::{Binding, FunctionId, Object, ObjectId};
use pyhw_syntax::ast::{
    Argument, Clause, Comprehension, Expr, ExprKind, FunctionDef, Pattern, PatternKind, Stmt, StmtKind,
    Target, Unsupported,
};
use pyhw_syntax::visit::{
    Visitor, walk_block, walk_comprehension, walk_expr, walk_stmt, walk_target, walk_unsupported,
};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Methods of Python that change the object they are called on.
const CHANGING_METHODS: [&str; 22] = [
    "__setitem__",
    "add",
    "append",
    "appendleft",
    "clear",
    "difference_update",
    "discard",
    "extend",
    "extendleft",
    "insert",
    "intersection_update",
    "pop",
    "popitem",
    "popleft",
    "remove",
    "reverse",
    "rotate",
    "setdefault",
    "sort",
    "symmetric_difference_update",
    "update",
    "__delitem__",
];

/// Functions of Python that change their first argument, by their own names.
const CHANGING_FUNCTIONS: [&str; 9] = [
    "heapify",
    "heappop",
    "heappush",
    "heappushpop",
    "heapreplace",
    "insort",
    "insort_left",
    "insort_right",
    "shuffle",
];

/// Functions of Python that give numbers and texts, which are nobody's objects.
const NUMBERS: [&str; 18] = [
    "abs",
    "all",
    "any",
    "bin",
    "bool",
    "concat",
    "delay",
    "float",
    "hex",
    "int",
    "intbv",
    "isinstance",
    "len",
    "modbv",
    "now",
    "range",
    "repr",
    "str",
];

/// What functions change.
#[derive(Default)]
pub struct Effects {
    /// Attributes of objects and members of modules that are stored into.
    pub slots: BTreeSet<Slot>,
    /// Lists, dicts and integers that change in place, by the function that does it.
    pub contents: BTreeMap<FunctionId, BTreeSet<ObjectId>>,
}

impl Effects {
    /// All that functions change which the processes of the design lead to.
    pub fn of(cx: &Context<'_>) -> Effects {
        let mut finder = Finder::new(cx);
        loop {
            finder.grew = false;
            for index in 0..cx.elaborated.functions.len() {
                finder.function(FunctionId(index as u32));
            }
            if !finder.grew {
                break;
            }
        }
        let mut effects = finder.effects;
        effects.contents.values_mut().for_each(|changed| with_containers(cx, changed));
        effects
    }
}

/// Adds the lists and dicts that hold what is changed: to who looks into these, they have changed.
fn with_containers(cx: &Context<'_>, changed: &mut BTreeSet<ObjectId>) {
    loop {
        let before = changed.len();
        for (index, object) in cx.elaborated.objects.iter().enumerate() {
            let holds = |element: &Binding| matches!(element, Binding::Object(id) if changed.contains(id));
            let is_changed = match object {
                Object::List(elements) => elements.iter().any(holds),
                Object::Dict(items) => items.iter().any(|(_, item)| holds(item)),
                Object::Intbv { .. } | Object::Instance { .. } | Object::Cell(_) => false,
            };
            if is_changed {
                changed.insert(ObjectId(index as u32));
            }
        }
        if changed.len() == before {
            return;
        }
    }
}

/// An object that a name may stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Known<'a> {
    Object(ObjectId),
    Function(FunctionId),
    /// A function within the one at hand, by its name.
    Inner(&'a str),
    Module(&'a str),
}

/// What an expression may stand for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Value<'a> {
    /// Objects of the design.
    objects: BTreeSet<Known<'a>>,
    /// Objects in containers that it may be and that are new, at any depth.
    inside: BTreeSet<Known<'a>>,
}

impl<'a> Value<'a> {
    /// Adds what the other may be; whether that is news.
    fn add(&mut self, other: &Value<'a>) -> bool {
        let before = self.objects.len() + self.inside.len();
        self.objects.extend(&other.objects);
        self.inside.extend(&other.inside);
        self.objects.len() + self.inside.len() > before
    }

    /// A new container that holds this.
    fn contained(mut self) -> Value<'a> {
        self.inside.append(&mut self.objects);
        self
    }
}

/// What a call calls, as it is written.
#[derive(Clone, Copy)]
enum Callee<'a> {
    /// By a name.
    Function(&'a str),
    /// By an attribute of an object or a module.
    Method(&'a Expr, &'a str),
    /// What an expression gives, which has no name here.
    Computed,
}

impl<'a> Callee<'a> {
    fn of(function: &'a Expr) -> Callee<'a> {
        match &function.kind {
            ExprKind::Name(name) => Callee::Function(name),
            ExprKind::Attribute { value, attr } => Callee::Method(value, &attr.name),
            ExprKind::Int(_)
            | ExprKind::Float(_)
            | ExprKind::Str(_)
            | ExprKind::FString(_)
            | ExprKind::Bool(_)
            | ExprKind::None
            | ExprKind::Ellipsis
            | ExprKind::Subscript { .. }
            | ExprKind::Slice { .. }
            | ExprKind::Call { .. }
            | ExprKind::Unary { .. }
            | ExprKind::Binary { .. }
            | ExprKind::BoolOp { .. }
            | ExprKind::Compare { .. }
            | ExprKind::Conditional { .. }
            | ExprKind::Lambda(_)
            | ExprKind::Walrus { .. }
            | ExprKind::Tuple(_)
            | ExprKind::List(_)
            | ExprKind::Set(_)
            | ExprKind::Dict(_)
            | ExprKind::Comprehension(_)
            | ExprKind::Starred(_)
            | ExprKind::Yield(_)
            | ExprKind::YieldFrom(_)
            | ExprKind::Unsupported { .. } => Callee::Computed,
        }
    }
}

struct Finder<'a> {
    cx: &'a Context<'a>,
    home: FunctionId,
    modules: HashMap<&'a str, &'a BTreeMap<String, Binding>>,
    /// Local names, parameters among them, by their function.
    names: HashMap<(FunctionId, &'a str), Value<'a>>,
    /// Functions within functions.
    inner: HashMap<(FunctionId, &'a str), &'a FunctionDef>,
    returned: HashMap<FunctionId, Value<'a>>,
    /// What is stored into an attribute, or into elements, beside what was there.
    stored: HashMap<(ObjectId, Option<&'a str>), Value<'a>>,
    effects: Effects,
    grew: bool,
}

impl<'a> Finder<'a> {
    fn new(cx: &'a Context<'a>) -> Finder<'a> {
        Finder {
            cx,
            home: FunctionId(0),
            modules: HashMap::new(),
            names: HashMap::new(),
            inner: HashMap::new(),
            returned: HashMap::new(),
            stored: HashMap::new(),
            effects: Effects::default(),
            grew: false,
        }
    }

    fn function(&mut self, id: FunctionId) {
        let function = self.cx.elaborated.function(id);
        let Some(def) = self.cx.parsed.function(function) else { return };
        self.home = id;
        if let (Some(receiver), Some(own)) = (&function.receiver, def.params.first()) {
            let receiver = self.bound(receiver);
            self.name(id, &own.name.name, &receiver);
        }
        for (name, default) in &function.defaults {
            let default = self.bound(default);
            self.name(id, name, &default);
        }
        walk_block(self, &def.body);
    }

    /// What a binding of the design is.
    fn bound(&mut self, binding: &'a Binding) -> Value<'a> {
        let mut value = Value::default();
        match binding {
            Binding::Object(id) => {
                value.objects.insert(Known::Object(*id));
                if let Object::Cell(inner) = self.cx.elaborated.object(*id) {
                    value.add(&self.bound(inner));
                }
            }
            Binding::Tuple(elements, _) => {
                for element in elements {
                    value.add(&self.bound(element).contained());
                }
            }
            Binding::Function(id) => {
                value.objects.insert(Known::Function(*id));
            }
            Binding::Property(id) => {
                if let Some(given) = self.returned.get(id) {
                    value.add(given);
                }
            }
            Binding::Module(name, members) => {
                self.modules.insert(name, members);
                value.objects.insert(Known::Module(name));
            }
            Binding::Signal(_)
            | Binding::Const(_)
            | Binding::TupleClass(_)
            | Binding::EnumType(_)
            | Binding::Builtin(_)
            | Binding::Unknown(_) => {}
        }
        value
    }

    /// Adds to what a name stands for.
    fn name(&mut self, home: FunctionId, name: &'a str, value: &Value<'a>) {
        self.grew |= self.names.entry((home, name)).or_default().add(value);
    }

    fn attribute(&mut self, of: &Value<'a>, name: &'a str) -> Value<'a> {
        let mut value = Value::default();
        for object in of.objects.iter().chain(&of.inside) {
            let member = match object {
                Known::Object(id) => {
                    if let Some(stored) = self.stored.get(&(*id, Some(name))) {
                        value.add(&stored.clone());
                    }
                    match self.cx.elaborated.object(*id) {
                        Object::Instance { attributes, .. } => attributes.get(name),
                        Object::List(_) | Object::Dict(_) | Object::Intbv { .. } | Object::Cell(_) => None,
                    }
                }
                Known::Module(module) => self.modules.get(module).and_then(|members| members.get(name)),
                Known::Function(_) | Known::Inner(_) => None,
            };
            if let Some(member) = member {
                value.add(&self.bound(member));
            }
        }
        value
    }

    /// What may be taken out of a container, at any place.
    fn element(&mut self, of: &Value<'a>) -> Value<'a> {
        let mut value = Value { objects: of.inside.clone(), inside: of.inside.clone() };
        for object in &of.objects {
            let Known::Object(id) = object else { continue };
            if let Some(stored) = self.stored.get(&(*id, None)) {
                value.add(&stored.clone());
            }
            match self.cx.elaborated.object(*id) {
                Object::List(elements) => {
                    for element in elements {
                        value.add(&self.bound(element));
                    }
                }
                Object::Dict(items) => {
                    for (_, item) in items {
                        value.add(&self.bound(item));
                    }
                }
                Object::Intbv { .. } | Object::Instance { .. } | Object::Cell(_) => {}
            }
        }
        value
    }

    /// What an expression may stand for.
    fn value(&mut self, expr: &'a Expr) -> Value<'a> {
        let mut value = Value::default();
        match &expr.kind {
            ExprKind::Name(name) => {
                if let Some(local) = self.names.get(&(self.home, name.as_str())) {
                    value.add(&local.clone());
                }
                if let Some(free) = self.cx.elaborated.function(self.home).names.get(name) {
                    value.add(&self.bound(free));
                }
            }
            ExprKind::Attribute { value: of, attr } => {
                let of = self.value(of);
                return self.attribute(&of, &attr.name);
            }
            ExprKind::Subscript { value: of, index } => {
                let of = self.value(of);
                // A slice is a new container of the same elements.
                return match index.kind {
                    ExprKind::Slice { .. } => self.element(&of).contained(),
                    _ => self.element(&of),
                };
            }
            ExprKind::Call { function, args } => return self.result(function, args),
            ExprKind::Conditional { test: _, body, orelse } => {
                value.add(&self.value(body));
                value.add(&self.value(orelse));
            }
            ExprKind::BoolOp { op: _, values } => {
                for one in values {
                    value.add(&self.value(one));
                }
            }
            ExprKind::Walrus { target: _, value: of } | ExprKind::Starred(of) | ExprKind::YieldFrom(of) => {
                return self.value(of);
            }
            ExprKind::Tuple(elements) | ExprKind::List(elements) | ExprKind::Set(elements) => {
                for element in elements {
                    value.add(&self.value(element).contained());
                }
            }
            ExprKind::Dict(items) => {
                for item in items {
                    value.add(&self.value(&item.value).contained());
                }
            }
            ExprKind::Comprehension(comprehension) => {
                value.add(&self.value(&comprehension.element).contained());
                if let Some(item) = &comprehension.value {
                    value.add(&self.value(item).contained());
                }
            }
            // Lists are joined and repeated: a new one of the same elements.
            ExprKind::Binary { first, rest } => {
                for operand in [&**first].into_iter().chain(rest.iter().map(|(_, operand)| operand)) {
                    let operand = self.value(operand);
                    value.add(&self.element(&operand).contained());
                }
            }
            ExprKind::Unsupported { what: _, inside } => {
                for one in inside {
                    value.add(&self.value(one));
                }
            }
            ExprKind::Int(_)
            | ExprKind::Float(_)
            | ExprKind::Str(_)
            | ExprKind::FString(_)
            | ExprKind::Bool(_)
            | ExprKind::None
            | ExprKind::Ellipsis
            | ExprKind::Slice { .. }
            | ExprKind::Unary { .. }
            | ExprKind::Compare { .. }
            | ExprKind::Lambda(_)
            | ExprKind::Yield(_) => {}
        }
        value
    }

    /// What a call gives: of functions of the design what they return; of others, as `zip`, `reversed` and `values` are, the arguments,
    /// what a method is called on, and their elements: one of these elements, or a new container.
    fn result(&mut self, function: &'a Expr, args: &'a [Argument]) -> Value<'a> {
        let mut value = Value::default();
        let mut is_known = false;
        for callee in self.value(function).objects {
            let Known::Function(id) = callee else { continue };
            is_known = true;
            if let Some(returned) = self.returned.get(&id) {
                value.add(&returned.clone());
            }
        }
        if is_known {
            return value;
        }
        let callee = Callee::of(function);
        if matches!(callee, Callee::Function(name) if NUMBERS.contains(&name)) {
            return value;
        }
        let receiver = match callee {
            Callee::Method(receiver, _) => Some(receiver),
            Callee::Function(_) | Callee::Computed => None,
        };
        for arg in receiver.into_iter().chain(args.iter().map(Argument::value)) {
            let arg = self.value(arg);
            let element = self.element(&arg);
            value.add(&element);
            value.add(&element.contained());
            value.add(&arg.contained());
        }
        value
    }

    /// Hands the arguments of a call to the parameters of what may be called, and notes what a function of Python changes.
    fn call(&mut self, function: &'a Expr, args: &'a [Argument]) {
        let callee = Callee::of(function);
        if let Callee::Method(receiver, name) = callee {
            let of = self.value(receiver);
            if CHANGING_METHODS.contains(&name) {
                let given = self.given(args);
                self.keep(&of, None, &given);
            }
        }
        let by_name = match callee {
            Callee::Function(name) | Callee::Method(_, name) => Some(name),
            Callee::Computed => None,
        };
        if let (Some(name), Some(first)) = (by_name, args.first()) {
            let first = self.value(first.value());
            if CHANGING_FUNCTIONS.contains(&name) {
                self.change_content(&first);
            }
            if ["setattr", "delattr"].contains(&name) {
                self.change_attributes(&first);
            }
        }
        for callee in self.value(function).objects {
            let (home, def, first) = match callee {
                Known::Function(id) => {
                    let function = self.cx.elaborated.function(id);
                    let Some(def) = self.cx.parsed.function(function) else { continue };
                    (id, def, usize::from(function.receiver.is_some()))
                }
                Known::Inner(name) => match self.inner.get(&(self.home, name)) {
                    Some(def) => (self.home, *def, 0),
                    None => continue,
                },
                Known::Object(_) | Known::Module(_) => continue,
            };
            for (at, arg) in args.iter().enumerate() {
                let value = self.value(arg.value());
                match arg {
                    Argument::Position(_) => match def.params.get(at + first) {
                        Some(parameter) => self.name(home, &parameter.name.name, &value),
                        None => self.every_parameter(home, def, &value.contained()),
                    },
                    Argument::Name(name, _) => self.name(home, &name.name, &value),
                    Argument::Star(_) | Argument::DoubleStar(_) => {
                        let element = self.element(&value);
                        self.every_parameter(home, def, &element);
                        self.every_parameter(home, def, &element.contained());
                    }
                }
            }
        }
    }

    fn every_parameter(&mut self, home: FunctionId, def: &'a FunctionDef, value: &Value<'a>) {
        def.params.iter().for_each(|parameter| self.name(home, &parameter.name.name, value));
    }

    /// All arguments, and what is in them.
    fn given(&mut self, args: &'a [Argument]) -> Value<'a> {
        let mut given = Value::default();
        for arg in args {
            let arg = self.value(arg.value());
            given.add(&self.element(&arg));
            given.add(&arg);
        }
        given
    }

    /// Keeps what is stored into an attribute, or into elements.
    fn keep(&mut self, of: &Value<'a>, attribute: Option<&'a str>, value: &Value<'a>) {
        if value.objects.is_empty() && value.inside.is_empty() {
            return;
        }
        for object in &of.objects {
            if let Known::Object(id) = object {
                self.grew |= self.stored.entry((*id, attribute)).or_default().add(value);
            }
        }
    }

    fn change_content(&mut self, of: &Value<'a>) {
        for object in &of.objects {
            let Known::Object(id) = object else { continue };
            match self.cx.elaborated.object(*id) {
                Object::List(_) | Object::Dict(_) | Object::Intbv { .. } => {
                    self.grew |= self.effects.contents.entry(self.home).or_default().insert(*id);
                }
                Object::Instance { .. } | Object::Cell(_) => {}
            }
        }
    }

    fn change_attribute(&mut self, of: &Value<'a>, name: &str) {
        for object in &of.objects {
            let slot = match object {
                Known::Object(id) => Slot::Attribute(*id, name.to_owned()),
                Known::Module(module) => Slot::Member((*module).to_owned(), name.to_owned()),
                Known::Function(_) | Known::Inner(_) => continue,
            };
            self.grew |= self.effects.slots.insert(slot);
        }
    }

    /// Any attribute may have changed.
    fn change_attributes(&mut self, of: &Value<'a>) {
        for object in &of.objects {
            if let Known::Object(id) = object
                && let Object::Instance { attributes, .. } = self.cx.elaborated.object(*id)
            {
                attributes.keys().for_each(|name| self.change_attribute(of, name));
            }
        }
    }

    /// Stores a value into a target: what it is, if that is known.
    fn store(&mut self, target: &'a Expr, value: &Value<'a>) {
        match target.as_target() {
            Target::Name(name) => self.name(self.home, name, value),
            Target::Attribute(of, attr) => {
                let of = self.value(of);
                self.keep(&of, Some(&attr.name), value);
            }
            Target::Subscript(of, _) => {
                let of = self.value(of);
                self.keep(&of, None, value);
            }
            Target::Several(targets) => {
                let element = self.element(value);
                targets.iter().for_each(|target| self.store(target, &element));
            }
            Target::Rest(inner) => self.store(inner, &value.clone().contained()),
            Target::Misplaced => {}
        }
    }

    fn pattern_takes(&mut self, pattern: &'a Pattern, value: &Value<'a>) {
        match &pattern.kind {
            PatternKind::Capture(name) => self.name(self.home, &name.name, value),
            PatternKind::As { pattern, name } => {
                self.name(self.home, &name.name, value);
                self.pattern_takes(pattern, value);
            }
            PatternKind::Or(patterns) => {
                patterns.iter().for_each(|pattern| self.pattern_takes(pattern, value));
            }
            PatternKind::Sequence(patterns) => {
                let element = self.element(value);
                patterns.iter().for_each(|pattern| self.pattern_takes(pattern, &element));
            }
            PatternKind::Class { class: _, value: inner } => self.pattern_takes(inner, value),
            PatternKind::Unsupported { what: _, inside, values: _, binds } => {
                let mut any = self.element(value);
                any.add(value);
                any.add(&any.clone().contained());
                inside.iter().for_each(|pattern| self.pattern_takes(pattern, &any));
                if let Some(name) = binds {
                    self.name(self.home, &name.name, &any);
                }
            }
            PatternKind::Wildcard | PatternKind::Value(_) => {}
        }
    }
}

impl<'a> Visitor<'a> for Finder<'a> {
    fn stmt(&mut self, stmt: &'a Stmt) {
        match &stmt.kind {
            StmtKind::Assign { targets, value } => {
                let pairs = |target: &'a Expr| match (&target.kind, &value.kind) {
                    (ExprKind::Tuple(targets), ExprKind::Tuple(values)) if targets.len() == values.len() => {
                        targets.iter().zip(values).collect()
                    }
                    _ => vec![(target, value)],
                };
                for (target, value) in targets.iter().flat_map(pairs) {
                    let value = self.value(value);
                    self.store(target, &value);
                }
            }
            StmtKind::AnnAssign { target, annotation: _, value: Some(value) } => {
                let value = self.value(value);
                self.store(target, &value);
            }
            StmtKind::AugAssign { target, op: _, value } => {
                // Of a list or an integer this changes the object; what it then holds is in it as well.
                let changed = self.value(target);
                self.change_content(&changed);
                let value = self.value(value);
                let element = self.element(&value);
                self.keep(&changed, None, &element);
            }
            StmtKind::For { target, iter, .. } => {
                let iter = self.value(iter);
                let element = self.element(&iter);
                self.store(target, &element);
            }
            StmtKind::Match { subject, cases } => {
                let subject = self.value(subject);
                cases.iter().for_each(|case| self.pattern_takes(&case.pattern, &subject));
            }
            StmtKind::Return(Some(value)) => {
                let value = self.value(value);
                self.grew |= self.returned.entry(self.home).or_default().add(&value);
            }
            StmtKind::Function(def) => {
                let name = def.name.name.as_str();
                self.inner.insert((self.home, name), def);
                let function = Value { objects: BTreeSet::from([Known::Inner(name)]), ..Value::default() };
                self.name(self.home, name, &function);
            }
            StmtKind::AnnAssign { value: None, .. }
            | StmtKind::Return(None)
            | StmtKind::Expr(_)
            | StmtKind::If { .. }
            | StmtKind::While { .. }
            | StmtKind::Break
            | StmtKind::Continue
            | StmtKind::Pass
            | StmtKind::Raise { .. }
            | StmtKind::Assert { .. }
            | StmtKind::Delete(_)
            | StmtKind::Global(_)
            | StmtKind::Nonlocal(_)
            | StmtKind::Unsupported(_) => {}
        }
        walk_stmt(self, stmt);
    }

    fn comprehension(&mut self, comprehension: &'a Comprehension) {
        for Clause { target, iter, .. } in &comprehension.clauses {
            let iter = self.value(iter);
            let element = self.element(&iter);
            self.store(target, &element);
        }
        walk_comprehension(self, comprehension);
    }

    fn unsupported(&mut self, unsupported: &'a Unsupported) {
        for value in &unsupported.values {
            let value = self.value(value);
            unsupported.targets.iter().for_each(|target| self.store(target, &value));
        }
        walk_unsupported(self, unsupported);
    }

    fn target(&mut self, target: &'a Expr) {
        match target.as_target() {
            Target::Attribute(value, attr) => {
                let of = self.value(value);
                self.change_attribute(&of, &attr.name);
            }
            Target::Subscript(value, _) => {
                let of = self.value(value);
                self.change_content(&of);
            }
            // Their parts come by themselves; a name is bound to another object, which changes none.
            Target::Name(_) | Target::Several(_) | Target::Rest(_) | Target::Misplaced => {}
        }
        walk_target(self, target);
    }

    fn expr(&mut self, expr: &'a Expr) {
        match &expr.kind {
            ExprKind::Walrus { target, value } => {
                let value = self.value(value);
                self.name(self.home, &target.name, &value);
            }
            ExprKind::Call { function, args } => self.call(function, args),
            // Whether it is called here or by another name.
            ExprKind::Attribute { value, attr } => {
                if CHANGING_METHODS.contains(&attr.name.as_str()) {
                    let of = self.value(value);
                    self.change_content(&of);
                }
            }
            // These change and bind nothing but by what they consist of.
            ExprKind::Name(_)
            | ExprKind::Int(_)
            | ExprKind::Float(_)
            | ExprKind::Str(_)
            | ExprKind::FString(_)
            | ExprKind::Bool(_)
            | ExprKind::None
            | ExprKind::Ellipsis
            | ExprKind::Subscript { .. }
            | ExprKind::Slice { .. }
            | ExprKind::Unary { .. }
            | ExprKind::Binary { .. }
            | ExprKind::BoolOp { .. }
            | ExprKind::Compare { .. }
            | ExprKind::Conditional { .. }
            | ExprKind::Lambda(_)
            | ExprKind::Tuple(_)
            | ExprKind::List(_)
            | ExprKind::Set(_)
            | ExprKind::Dict(_)
            | ExprKind::Comprehension(_)
            | ExprKind::Starred(_)
            | ExprKind::Yield(_)
            | ExprKind::YieldFrom(_)
            | ExprKind::Unsupported { .. } => {}
        }
        walk_expr(self, expr);
    }
}
