//! From processes over one flat table of nets to modules with ports.
//!
//! A net belongs to the innermost block that contains everything that uses it; every block on the way from there down to a
//! user has a port for it. So hidden connections (closures, attributes of objects) become ports as well, and nothing
//! depends on how a design passes its signals around.

use crate::foreign::{ForeignName, foreign_names, foreign_text};
use crate::net_names::{Fresh, Names};
use crate::nets::Nets;
use crate::source::Parsed;
use pyhw_diagnostics::{Diagnostic, Span};
use pyhw_elaborate::{Binding, BlockId, Elaborated, Item, PortDirection, ShadowPart};
use pyhw_ir::{
    Design, Direction, Event, Instance, InstanceId, Module, ModuleId, Net, NetId, NetKind, Process,
    ProcessBody, ProcessKind,
};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// A process over global nets, and the block that it stands in.
pub struct Placed {
    /// The process; its nets are places in [`Nets`].
    pub process: Process,
    /// The block; `None` for a process that was handed to the simulation by itself.
    pub block: Option<BlockId>,
    /// Nets that it uses.
    pub uses: BTreeSet<NetId>,
    /// Nets that it drives.
    pub drives: BTreeSet<NetId>,
    /// Nets that its text stores into, elements of lists among them, and no path of it that is left.
    pub would_drive: BTreeSet<NetId>,
}

/// Where a global net is found in the finished design: instances from the top down, and the net of that module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NetPath {
    /// Instances from the top module down to the module that owns the net.
    pub instances: Vec<InstanceId>,
    /// The net in that module.
    pub net: NetId,
}

/// The finished design and where everything went.
pub struct Hierarchy {
    /// The design.
    pub design: Design,
    /// For each global net where it is.
    pub paths: Vec<NetPath>,
}

/// One node of the tree of blocks; node 0 is the root.
struct Node {
    block: Option<BlockId>,
    parent: Option<usize>,
    depth: usize,
    /// Processes (places in the list of placed ones) and children in order.
    items: Vec<NodeItem>,
    /// Nets that are arguments, in order.
    args: Vec<Arg>,
    /// Names of nets from the function's locals.
    locals: HashMap<NetId, String>,
    /// Nets used by its own processes.
    own_uses: BTreeSet<NetId>,
    /// Nets used here or below.
    uses: BTreeSet<NetId>,
    /// Nets driven here or below.
    drives: BTreeSet<NetId>,
    /// Nets that nothing drives, and one process here or below would.
    would_drive: BTreeSet<NetId>,
    owned: Vec<NetId>,
    /// What stands for `${name}` in the block's own code.
    foreign: Vec<ForeignName>,
}

/// A net that a parameter, or a part of one, leads to.
#[derive(Clone)]
struct Arg {
    net: NetId,
    /// What the parameter calls it.
    name: String,
    /// The parameter before it that was given the same signal.
    same_as: Option<String>,
}

#[derive(Clone, Copy)]
enum NodeItem {
    Process(usize),
    Child(usize),
}

/// What the modules are built from.
#[derive(Clone, Copy)]
struct Input<'a> {
    elaborated: &'a Elaborated,
    parsed: &'a Parsed,
    nets: &'a Nets,
}

/// Builds the modules. `placed` holds the processes in the order of start-up.
pub fn build(
    elaborated: &Elaborated,
    parsed: &Parsed,
    nets: &Nets,
    placed: Vec<Placed>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Hierarchy {
    let mut tree = Tree::new(elaborated, nets, &placed);
    tree.spread_uses(&placed, nets);
    tree.settle_owners(nets);
    tree.modules(Input { elaborated, parsed, nets }, placed, diagnostics)
}

struct Tree {
    nodes: Vec<Node>,
}

impl Tree {
    fn new(elaborated: &Elaborated, nets: &Nets, placed: &[Placed]) -> Tree {
        let mut tree = Tree { nodes: Vec::new() };
        let mut of_block: HashMap<BlockId, Vec<usize>> = HashMap::new();
        for (index, process) in placed.iter().enumerate() {
            if let Some(block) = process.block {
                of_block.entry(block).or_default().push(index);
            }
        }
        let single = match elaborated.roots[..] {
            [Item::Block(block)] => Some(block),
            _ => None,
        };
        match single {
            Some(block) => {
                tree.add_block(elaborated, nets, block, None, &of_block);
            }
            None => {
                tree.nodes.push(Node::empty(None, None, 0));
                let mut loose = placed.iter().enumerate().filter(|(_, process)| process.block.is_none());
                for item in &elaborated.roots {
                    match item {
                        Item::Block(block) => {
                            let child = tree.add_block(elaborated, nets, *block, Some(0), &of_block);
                            tree.nodes[0].items.push(NodeItem::Child(child));
                        }
                        Item::Process(_) => {
                            if let Some((index, _)) = loose.next() {
                                tree.nodes[0].items.push(NodeItem::Process(index));
                            }
                        }
                    }
                }
            }
        }
        // Implicit processes (views of signals) without a block of their own stand in the root.
        let listed: HashSet<usize> = tree
            .nodes
            .iter()
            .flat_map(|node| &node.items)
            .filter_map(|item| match item {
                NodeItem::Process(index) => Some(*index),
                NodeItem::Child(_) => None,
            })
            .collect();
        let missing = (0..placed.len()).filter(|index| !listed.contains(index)).map(NodeItem::Process);
        tree.nodes[0].items.extend(missing);
        tree
    }

    fn add_block(
        &mut self,
        elaborated: &Elaborated,
        nets: &Nets,
        id: BlockId,
        parent: Option<usize>,
        of_block: &HashMap<BlockId, Vec<usize>>,
    ) -> usize {
        let block = elaborated.block(id);
        let at = self.nodes.len();
        let depth = parent.map_or(0, |parent| self.nodes[parent].depth + 1);
        let mut node = Node::empty(Some(id), parent, depth);
        let mut names = Names { elaborated, nets, found: Vec::new(), seen: HashSet::new() };
        for arg in &block.args {
            names.collect(&arg.name, &arg.value, 0);
        }
        node.args = arguments(&names.found, block, nets);
        names.found.clear();
        names.seen.clear();
        for local in &block.locals {
            names.collect(&local.name, &local.value, 0);
        }
        for (net, name) in names.found {
            node.locals.entry(net).or_insert(name);
        }
        node.foreign = foreign_names(elaborated, block, nets);
        self.nodes.push(node);
        let mut own = of_block.get(&id).map(Vec::as_slice).unwrap_or_default().iter();
        let mut items = Vec::new();
        for item in &block.items {
            match item {
                Item::Block(child) => {
                    let child = self.add_block(elaborated, nets, *child, Some(at), of_block);
                    items.push(NodeItem::Child(child));
                }
                Item::Process(_) => items.extend(own.next().map(|index| NodeItem::Process(*index))),
            }
        }
        items.extend(own.map(|index| NodeItem::Process(*index)));
        self.nodes[at].items = items;
        at
    }

    /// Nodes after their children, these in the order in which they stand.
    fn bottom_up(&self) -> Vec<usize> {
        let (mut order, mut next) = (Vec::new(), vec![0]);
        while let Some(at) = next.pop() {
            order.push(at);
            next.extend(self.nodes[at].items.iter().filter_map(|item| match item {
                NodeItem::Child(child) => Some(*child),
                NodeItem::Process(_) => None,
            }));
        }
        order.reverse();
        order
    }

    fn spread_uses(&mut self, placed: &[Placed], nets: &Nets) {
        for at in self.bottom_up() {
            let foreign = &self.nodes[at].foreign;
            let nets_of = |one: &ForeignName| one.what.nets().to_vec();
            let mut own_uses: BTreeSet<NetId> = foreign.iter().flat_map(nets_of).collect();
            let mut uses = BTreeSet::new();
            let mut drives: BTreeSet<NetId> =
                foreign.iter().filter(|one| one.is_driven).flat_map(nets_of).collect();
            for item in &self.nodes[at].items {
                match item {
                    NodeItem::Process(index) => {
                        own_uses.extend(placed[*index].uses.iter().copied());
                        drives.extend(placed[*index].drives.iter().copied());
                    }
                    NodeItem::Child(child) => {
                        let child_node = &self.nodes[*child];
                        uses.extend(child_node.uses.iter().copied());
                        // An argument is connected, whether anything in the child uses it or not.
                        let args = child_node.args.iter().map(|arg| arg.net);
                        uses.extend(args.filter(|net| !matches!(nets.net(*net).kind, NetKind::Driver(_))));
                        drives.extend(self.nodes[*child].drives.iter().copied());
                    }
                }
            }
            uses.extend(own_uses.iter().copied());
            self.nodes[at].own_uses = own_uses;
            self.nodes[at].uses = uses;
            self.nodes[at].drives = drives;
        }
        self.spread_names(placed);
    }

    /// A port is an output whether the one process that stores into it is told to by a parameter or not.
    fn spread_names(&mut self, placed: &[Placed]) {
        let mut by_how_many: BTreeMap<NetId, usize> = BTreeMap::new();
        for net in placed.iter().flat_map(|one| &one.would_drive) {
            *by_how_many.entry(*net).or_default() += 1;
        }
        let driven = &self.nodes[0].drives;
        // What is read somewhere has its value from outside. Of a list all elements count as stored into.
        let used: BTreeSet<NetId> = self.nodes.iter().flat_map(|node| &node.own_uses).copied().collect();
        let alone =
            |net: &NetId| by_how_many.get(net) == Some(&1) && !driven.contains(net) && !used.contains(net);
        let named: Vec<BTreeSet<NetId>> =
            placed.iter().map(|one| one.would_drive.iter().copied().filter(alone).collect()).collect();
        for at in self.bottom_up() {
            let mut all = BTreeSet::new();
            for item in &self.nodes[at].items {
                all.extend(match item {
                    NodeItem::Process(index) => &named[*index],
                    NodeItem::Child(child) => &self.nodes[*child].would_drive,
                });
            }
            self.nodes[at].would_drive = all;
        }
    }

    /// Gives every net to the innermost node that contains all its users.
    fn settle_owners(&mut self, nets: &Nets) {
        let mut owner: Vec<Option<usize>> = vec![None; nets.len()];
        let mut claim = |tree: &Tree, net: NetId, node: usize| {
            let slot = &mut owner[net.index()];
            *slot = Some(slot.map_or(node, |other| tree.common(other, node)));
        };
        let of_block: HashMap<BlockId, usize> =
            self.nodes.iter().enumerate().filter_map(|(at, node)| Some((node.block?, at))).collect();
        for (at, node) in self.nodes.iter().enumerate() {
            // A net that is an argument comes from outside, if there is an outside.
            for Arg { net, .. } in &node.args {
                // A driver is no port: it stands where it is stored into, and the bus leads there.
                if !matches!(nets.net(*net).kind, NetKind::Driver(_)) {
                    claim(self, *net, node.parent.unwrap_or(at));
                }
            }
            for net in &node.own_uses {
                claim(self, *net, at);
            }
        }
        let mut reached = Vec::new();
        for (index, net) in nets.iter().enumerate() {
            if let NetKind::Driver(of) = net.kind {
                let Some(at) = owner[index] else {
                    owner[index] = owner[of.index()];
                    continue;
                };
                let bus = owner[of.index()].map_or(at, |bus| self.common(at, bus));
                owner[of.index()] = Some(bus);
                reached.push((at, of));
            }
        }
        for (at, of) in reached {
            // Every module from that of the bus down to that of the driver has the bus for a port.
            let mut at = at;
            while owner[of.index()] != Some(at) {
                self.nodes[at].uses.insert(of);
                at = self.nodes[at].parent.unwrap_or(0);
            }
        }
        for (index, owner) in owner.iter().enumerate() {
            let at = owner.unwrap_or_else(|| {
                let block = nets.owner(NetId::new(index));
                block.and_then(|block| of_block.get(&block).copied()).unwrap_or(0)
            });
            self.nodes[at].owned.push(NetId::new(index));
        }
    }

    fn common(&self, mut a: usize, mut b: usize) -> usize {
        while a != b {
            if self.nodes[a].depth >= self.nodes[b].depth {
                a = self.nodes[a].parent.unwrap_or(0);
            } else {
                b = self.nodes[b].parent.unwrap_or(0);
            }
        }
        a
    }

    fn modules(&self, input: Input<'_>, placed: Vec<Placed>, diagnostics: &mut Vec<Diagnostic>) -> Hierarchy {
        let Input { elaborated, nets, .. } = input;
        let mut design = Design {
            sources: elaborated.sources.clone(),
            types: elaborated.types.clone(),
            modules: Vec::new(),
            top: None,
        };
        let mut placed: Vec<Option<Placed>> = placed.into_iter().map(Some).collect();
        let mut shared: HashMap<String, Vec<ModuleId>> = HashMap::new();
        let mut built: Vec<Option<Built>> = self.nodes.iter().map(|_| None).collect();
        for at in self.bottom_up() {
            let (module, locals) = self.module(at, input, &mut placed, &built, diagnostics);
            let candidates = shared.entry(module.name.clone()).or_default();
            let id = match candidates.iter().copied().find(|id| same_module(design.module(*id), &module)) {
                Some(id) => id,
                None => {
                    design.modules.push(module);
                    let id = ModuleId::new(design.modules.len() - 1);
                    candidates.push(id);
                    id
                }
            };
            built[at] = Some(Built { id, locals });
        }
        design.top = built[0].as_ref().map(|built| built.id);
        let mut paths = vec![NetPath { instances: Vec::new(), net: NetId::new(0) }; nets.len()];
        let mut route: Vec<Vec<InstanceId>> = vec![Vec::new(); self.nodes.len()];
        for (at, node) in self.nodes.iter().enumerate() {
            let children = node.items.iter().filter_map(|item| match item {
                NodeItem::Child(child) => Some(*child),
                NodeItem::Process(_) => None,
            });
            for (place, child) in children.enumerate() {
                let mut to_child = route[at].clone();
                to_child.push(InstanceId::new(place));
                route[child] = to_child;
            }
            if let Some(built) = &built[at] {
                for net in &node.owned {
                    if let Some(local) = built.locals.get(net) {
                        paths[net.index()] = NetPath { instances: route[at].clone(), net: *local };
                    }
                }
            }
        }
        Hierarchy { design, paths }
    }

    /// The ports of a node in order: arguments first, then hidden connections. A signal that several parameters were given has a port
    /// for each, if it only comes in; of the top, whose ports nothing connects, it has one.
    fn ports(&self, at: usize) -> Vec<Port<'_>> {
        let node = &self.nodes[at];
        let mine: HashSet<NetId> = node.owned.iter().copied().collect();
        let is_top = node.parent.is_none();
        let is_driven = |net: &NetId| node.drives.contains(net) || node.would_drive.contains(net);
        let is_port = |arg: &&Arg| match arg.same_as {
            _ if !is_top && mine.contains(&arg.net) => false,
            Some(_) => !is_top && !is_driven(&arg.net),
            None => true,
        };
        let mut ports: Vec<Port<'_>> =
            node.args.iter().filter(is_port).map(|arg| Port { net: arg.net, arg: Some(arg) }).collect();
        if !is_top {
            let known: HashSet<NetId> = ports.iter().map(|port| port.net).collect();
            let below = self.owned_below(at);
            let hidden = node.uses.iter().filter(|net| !known.contains(net) && !below.contains(net));
            ports.extend(hidden.map(|net| Port { net: *net, arg: None }));
        }
        ports
    }

    fn owned_below(&self, at: usize) -> HashSet<NetId> {
        let mut owned: HashSet<NetId> = HashSet::new();
        let mut stack = vec![at];
        while let Some(node) = stack.pop() {
            owned.extend(self.nodes[node].owned.iter().copied());
            stack.extend(self.nodes[node].items.iter().filter_map(|item| match item {
                NodeItem::Child(child) => Some(*child),
                NodeItem::Process(_) => None,
            }));
        }
        owned
    }

    fn module(
        &self,
        at: usize,
        input: Input<'_>,
        placed: &mut [Option<Placed>],
        built: &[Option<Built>],
        diagnostics: &mut Vec<Diagnostic>,
    ) -> (Module, BTreeMap<NetId, NetId>) {
        let Input { elaborated, parsed, nets } = input;
        let node = &self.nodes[at];
        let block = node.block.map(|id| elaborated.block(id));
        let (name, span) = match block {
            Some(block) => {
                let span = parsed.block(block).map_or(block.span, |def| def.name.span);
                (block.function.clone(), span)
            }
            None => ("top".to_owned(), Span::NONE),
        };
        let mut module = Module::new(name, span);
        module.doc = block.and_then(|block| block.doc.clone());
        let mut locals: BTreeMap<NetId, NetId> = BTreeMap::new();
        let mut names = Fresh::default();
        let ports = self.ports(at);
        // A net of a local has the first right to its name: one without, which another block has named, gives way.
        let nets_here = ports.iter().map(|port| &port.net).chain(&node.owned);
        names.keep(nets_here.filter_map(|net| node.locals.get(net)));
        for port in &ports {
            let mut net = nets.net(port.net).clone();
            let hint = port.arg.map(|arg| &arg.name).or(node.locals.get(&port.net));
            net.name = names.named(hint.map(String::as_str), &net.name);
            // The comment stands at the declaration, which is outside.
            net.comment = None;
            if let Some(first) = port.arg.and_then(|arg| arg.same_as.as_ref()) {
                // What is inside reads the one signal, by the name that it has first.
                net.comment = Some(format!("the same signal as {first}"));
                module.add_port(net, Direction::In);
                continue;
            }
            // A port's initial value matters where it is driven; elsewhere it would keep equal modules apart.
            let direction = self.direction(at, port, nets, block);
            let local = module.add_port(net, direction);
            locals.insert(port.net, local);
        }
        let mut own: Vec<NetId> =
            node.owned.iter().copied().filter(|net| !locals.contains_key(net)).collect();
        own.sort_by_key(|net| nets.order(*net));
        for global in own {
            let mut net = nets.net(global).clone();
            net.name = names.named(node.locals.get(&global).map(String::as_str), &net.name);
            let local = module.add_net(net);
            locals.insert(global, local);
        }
        for net in &mut module.nets {
            if let NetKind::Driver(of) = net.kind
                && let Some(local) = locals.get(&of)
            {
                net.kind = NetKind::Driver(*local);
            }
        }
        if let Some(block) = block {
            module.params = params(elaborated, block);
            // Each text stands by itself.
            let written = |code| foreign_text(code, &module, &locals, &node.foreign, names.clone());
            module.foreign = block.foreign.iter().map(written).collect();
        }
        let mut process_names = Fresh::default();
        let mut instance_names = Fresh::default();
        for item in &node.items {
            match item {
                NodeItem::Process(index) => {
                    let Some(one) = placed[*index].take() else { continue };
                    let mut process = localise(one.process, &locals, diagnostics);
                    process.name = process_names.fresh(&process.name);
                    module.add_process(process);
                }
                NodeItem::Child(child) => {
                    let Some(inner) = &built[*child] else { continue };
                    let inner_block = self.nodes[*child].block.map(|id| elaborated.block(id));
                    let wanted = inner_block.map_or("u", |block| &block.name);
                    let ports = self.ports(*child);
                    let connections =
                        ports.iter().filter_map(|port| locals.get(&port.net).copied()).collect();
                    module.add_instance(Instance {
                        name: instance_names.fresh(wanted),
                        module: inner.id,
                        connections,
                        span: inner_block.map_or(Span::NONE, |block| block.call_span),
                    });
                }
            }
        }
        (module, locals)
    }

    fn direction(
        &self,
        at: usize,
        port: &Port<'_>,
        nets: &Nets,
        block: Option<&pyhw_elaborate::Block>,
    ) -> Direction {
        let net = port.net;
        let declared = block.zip(port.arg).and_then(|(block, arg)| block.ports.get(&arg.name));
        match declared.map(|port| port.direction) {
            Some(PortDirection::In) => Direction::In,
            Some(PortDirection::Out) => Direction::Out,
            Some(PortDirection::InOut) => Direction::InOut,
            None if self.nodes[at].drives.contains(&net) || self.nodes[at].would_drive.contains(&net) => {
                Direction::Out
            }
            // A bus is driven through its drivers.
            None if self.nodes[at]
                .drives
                .iter()
                .any(|driver| nets.net(*driver).kind == NetKind::Driver(net)) =>
            {
                Direction::InOut
            }
            None => Direction::In,
        }
    }
}

/// A net that is a port of a node, and the argument that makes it one.
struct Port<'a> {
    net: NetId,
    arg: Option<&'a Arg>,
}

struct Built {
    id: ModuleId,
    locals: BTreeMap<NetId, NetId>,
}

impl Node {
    fn empty(block: Option<BlockId>, parent: Option<usize>, depth: usize) -> Node {
        Node {
            block,
            parent,
            depth,
            items: Vec::new(),
            args: Vec::new(),
            locals: HashMap::new(),
            own_uses: BTreeSet::new(),
            uses: BTreeSet::new(),
            drives: BTreeSet::new(),
            would_drive: BTreeSet::new(),
            owned: Vec::new(),
            foreign: Vec::new(),
        }
    }
}

/// The nets that arguments lead to, each once; a signal that several parameters are given, and that may come in by each, once for each.
fn arguments(found: &[(NetId, String)], block: &pyhw_elaborate::Block, nets: &Nets) -> Vec<Arg> {
    let is_signal = |name: &str| {
        block.args.iter().any(|arg| arg.name == name && matches!(arg.value, Binding::Signal(_)))
            && block.ports.get(name).is_none_or(|port| port.direction == PortDirection::In)
    };
    let mut firsts: HashMap<NetId, &str> = HashMap::new();
    let mut args = Vec::new();
    for (net, name) in found {
        let same_as = match firsts.get(net) {
            None => None,
            Some(first) => {
                let may_repeat =
                    nets.net(*net).kind == NetKind::Signal && is_signal(first) && is_signal(name);
                if !may_repeat {
                    continue;
                }
                Some((*first).to_owned())
            }
        };
        firsts.entry(*net).or_insert(name);
        args.push(Arg { net: *net, name: name.clone(), same_as });
    }
    args
}

/// The parameters of a block that are constants, as the user writes these; of long tuples the beginning.
fn params(elaborated: &Elaborated, block: &pyhw_elaborate::Block) -> Vec<(String, String)> {
    let text = |value: &Binding| constant_text(elaborated, value);
    block.args.iter().filter_map(|arg| Some((arg.name.clone(), text(&arg.value)?))).collect()
}

fn constant_text(elaborated: &Elaborated, value: &Binding) -> Option<String> {
    use pyhw_elaborate::Const;
    /// So many elements of a tuple are shown.
    const SHOWN: usize = 8;
    match value {
        Binding::Const(Const::Int(value)) => Some(value.to_string()),
        Binding::Const(Const::Bool(value)) => Some(if *value { "True" } else { "False" }.to_owned()),
        Binding::Const(Const::Float(value)) => Some(format!("{value:?}")),
        Binding::Const(Const::Str(value)) => Some(format!("{value:?}")),
        Binding::Const(Const::Enum(of, member)) => {
            let of = &elaborated.types.enums[of.index()];
            let (member, _) = of.members.get(*member as usize)?;
            Some(if of.name.is_empty() { member.clone() } else { format!("{}.{member}", of.name) })
        }
        Binding::Tuple(elements, _) => {
            let shown = elements.iter().take(SHOWN).map(|element| constant_text(elaborated, element));
            let mut shown = shown.collect::<Option<Vec<String>>>()?;
            if elements.len() > SHOWN {
                shown.push("...".to_owned());
            }
            Some(match &shown[..] {
                [only] => format!("({only},)"),
                _ => format!("({})", shown.join(", ")),
            })
        }
        _ => None,
    }
}

/// The process with the module's own nets.
fn localise(process: Process, locals: &BTreeMap<NetId, NetId>, diagnostics: &mut Vec<Diagnostic>) -> Process {
    let mut lost = false;
    let mut local = |net: NetId| {
        locals.get(&net).copied().unwrap_or_else(|| {
            lost = true;
            NetId::new(0)
        })
    };
    let kind = match process.kind {
        ProcessKind::Comb { sensitivity } => {
            ProcessKind::Comb { sensitivity: sensitivity.into_iter().map(&mut local).collect() }
        }
        ProcessKind::Clocked { events, reset } => ProcessKind::Clocked {
            events: events
                .into_iter()
                .map(|event| Event { net: local(event.net), edge: event.edge })
                .collect(),
            reset: reset.as_ref().map(|reset| reset.with_nets(&mut local)),
        },
        ProcessKind::Timed => ProcessKind::Timed,
    };
    let body = match process.body {
        ProcessBody::Ir(body) => ProcessBody::Ir(body.map_nets(local)),
        ProcessBody::Host(host) => ProcessBody::Host(host),
    };
    if lost {
        diagnostics.push(Diagnostic::bug(process.span, "a net of the process is not in its module"));
    }
    Process { kind, body, ..process }
}

/// Whether two modules are the same but for where they were made and, of inputs, initial values.
fn same_module(a: &Module, b: &Module) -> bool {
    let same_net = |(index, (a_net, b_net)): (usize, (&Net, &Net))| {
        let is_input = a.direction(NetId::new(index)) == Some(Direction::In);
        a_net.name == b_net.name
            && a_net.ty == b_net.ty
            && a_net.kind == b_net.kind
            && a_net.wraps == b_net.wraps
            && (is_input || a_net.init == b_net.init)
    };
    let same_instance = |(a, b): (&Instance, &Instance)| {
        a.name == b.name && a.module == b.module && a.connections == b.connections
    };
    a.name == b.name
        && a.span == b.span
        && a.params == b.params
        && a.ports == b.ports
        && a.nets.len() == b.nets.len()
        && a.nets.iter().zip(&b.nets).enumerate().all(same_net)
        && a.items == b.items
        && a.foreign == b.foreign
        && a.instances.len() == b.instances.len()
        && a.instances.iter().zip(&b.instances).all(same_instance)
        && a.processes == b.processes
}

/// The nets that a shadow signal is made of.
pub fn shadow_parts(shadow: &pyhw_elaborate::Shadow) -> Vec<pyhw_elaborate::SignalId> {
    match shadow {
        pyhw_elaborate::Shadow::Bit(of, _)
        | pyhw_elaborate::Shadow::Slice(of, ..)
        | pyhw_elaborate::Shadow::Same(of) => vec![*of],
        pyhw_elaborate::Shadow::Concat(parts) => parts
            .iter()
            .filter_map(|part| match part {
                ShadowPart::Signal(id, _) => Some(*id),
                ShadowPart::Const(..) => None,
            })
            .collect(),
    }
}
