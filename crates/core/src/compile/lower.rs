//! From ordered groups to steps with places in memory.

use super::contract;
use super::fuse::{Group, repeated};
use super::memory::{ALIGN, Lifetime, plan};
use super::places;
use super::program::{
    Axis, Fused, Instruction, Kind, Matrix, Program, Register, Slot, Space, Step,
};
use crate::graph::{Binary, Graph, NodeId, Op, Role};
use crate::tensor::{DType, Shape};
use std::collections::{HashMap, HashSet};

/// The program that runs `order`, which holds every node of `graph` except inputs and repeated
/// ones.
pub(super) fn to_program(graph: &Graph, order: &[Group]) -> Program {
    let lowering = Lowering::new(graph, order);
    let (slots, state_bytes, scratch_bytes) = lowering.place();
    let slot = |id: NodeId| Slot { ty: graph.ty(id), ..slots[&lowering.source(id)] };

    let mut guards = lowering.guards(&slots);
    let mut steps = Vec::new();
    for (position, group) in order.iter().enumerate() {
        let Some(mut step) = lowering.step(group, &slots) else { continue };
        if let Kind::Fused(fused) = &mut step.kind {
            fused.guards = guards.take(position, fused);
            let kept: Vec<Slot> = fused.kept().collect();
            let makes = |slot: Slot| kept.iter().any(|kept| kept.is_at(slot));
            let (made, read): (Vec<Slot>, Vec<Slot>) =
                fused.guards.iter().partition(|slot| makes(**slot));
            fused.guards = made;
            let unseen: Vec<Slot> =
                read.into_iter().filter(|slot| !fused.gives_away(*slot)).collect();
            fused.guards.extend(unseen);
        }
        steps.push(step);
    }
    let mut updates = Vec::new();
    for &(state, value) in &graph.updates {
        let (x, out) = (slot(value), Slot { space: Space::Next, ..slots[&state] });
        if !x.is_at(out) {
            steps.push(Step { kind: Kind::Copy { x, out }, scope: String::new() });
        }
        updates.push(out);
    }
    Program {
        largest_step: steps.iter().map(|step| step.kind.work()).max().unwrap_or(0),
        steps,
        updates,
        inputs: graph.inputs.iter().map(|i| (i.name.clone(), slot(i.node))).collect(),
        initial: graph
            .inputs
            .iter()
            .filter(|input| input.initial != 0.0)
            .map(|input| (slot(input.node), input.initial as f32))
            .collect(),
        guards: guards.left().collect(),
        outputs: graph.outputs.iter().map(|(name, id)| (name.clone(), slot(*id))).collect(),
        state_bytes,
        scratch_bytes,
    }
}

struct Lowering<'a> {
    graph: &'a Graph,
    order: &'a [Group],
    /// For each node, the group it runs in.
    group_of: Vec<Option<usize>>,
    /// Nodes whose value must be in memory.
    stored: HashSet<NodeId>,
    /// For each node, whether it is a transposition read only by products, which do not need it.
    absorbed: Vec<bool>,
}

/// Values that must be finite and that no step has checked yet.
struct Guards {
    /// Each with the group that makes it; `None` once a step checks it.
    all: Vec<Option<(usize, Slot)>>,
    /// For each place, the numbers of the values that begin there.
    at: HashMap<(Space, usize), Vec<usize>>,
}

impl Guards {
    fn new(all: Vec<(usize, Slot)>) -> Guards {
        let mut at: HashMap<(Space, usize), Vec<usize>> = HashMap::new();
        for (number, (_, slot)) in all.iter().enumerate() {
            at.entry((slot.space, slot.offset)).or_default().push(number);
        }
        Guards { all: all.into_iter().map(Some).collect(), at }
    }

    /// Takes out the values that a step, which runs at this position, passes over.
    fn take(&mut self, position: usize, fused: &Fused) -> Vec<Slot> {
        let passed = fused.loaded().chain(fused.kept());
        let known = passed.filter_map(|slot| self.at.get(&(slot.space, slot.offset)));
        let mut numbers: Vec<usize> = known.flatten().copied().collect();
        numbers.sort_unstable();
        numbers.dedup();
        // In scratch memory, another value may have been there before.
        let seen = |&mut (made, guard): &mut (usize, Slot)| made <= position && fused.passes(guard);
        let taken = numbers.into_iter().filter_map(|number| self.all[number].take_if(seen));
        taken.map(|(_, slot)| slot).collect()
    }

    fn left(self) -> impl Iterator<Item = Slot> {
        self.all.into_iter().flatten().map(|(_, slot)| slot)
    }
}

impl<'a> Lowering<'a> {
    fn new(graph: &'a Graph, order: &'a [Group]) -> Lowering<'a> {
        let mut group_of = vec![None; graph.nodes.len()];
        for (position, group) in order.iter().enumerate() {
            group.nodes.iter().for_each(|id| group_of[id.index()] = Some(position));
        }
        let (stored, absorbed) = (HashSet::new(), vec![false; graph.nodes.len()]);
        let mut lowering = Lowering { graph, order, group_of, stored, absorbed };
        lowering.absorbed = lowering.only_in_products();
        let mut stored: HashSet<NodeId> = graph.inputs.iter().map(|input| input.node).collect();
        stored.extend(graph.roots().map(|id| lowering.source(id)));
        let repeated = repeated(graph);
        for id in graph.ids() {
            for operand in graph.node(id).op.operands() {
                let same_group =
                    lowering.group_of[operand.index()] == lowering.group_of[id.index()];
                let inside = graph.node(id).op.is_elementwise() && same_group;
                if !inside && !repeated[operand.index()] && !lowering.is_view(id) {
                    stored.insert(lowering.source(operand));
                }
            }
        }
        lowering.stored = stored;
        lowering
    }

    /// Whether a node is only another way to look at its operand's memory.
    fn is_view(&self, id: NodeId) -> bool {
        matches!(self.graph.node(id).op, Op::Reshape(_))
    }

    /// The node whose memory holds a node's elements.
    fn source(&self, mut id: NodeId) -> NodeId {
        while let Op::Reshape(x) = self.graph.node(id).op {
            id = x;
        }
        id
    }

    /// The matrix that a product reads: a transposed operand is read where it was.
    fn matrix(&self, id: NodeId, slots: &HashMap<NodeId, Slot>) -> Matrix {
        let (original, transposed) = self.product_operand(id);
        let columns = self.graph.ty(original).shape.last();
        let slot = Slot { ty: self.graph.ty(original), ..slots[&self.source(original)] };
        let (row_stride, column_stride) = if transposed { (1, columns) } else { (columns, 1) };
        Matrix { slot, row_stride, column_stride }
    }

    fn product_operand(&self, id: NodeId) -> (NodeId, bool) {
        match self.graph.node(id).op {
            Op::Transpose(x) => (x, true),
            _ => (id, false),
        }
    }

    /// The nodes whose memory a node's step reads.
    fn reads(&self, id: NodeId) -> Vec<NodeId> {
        let op = &self.graph.node(id).op;
        let operands = op.operands().into_iter();
        match op {
            Op::MatMul(..) => operands.map(|x| self.source(self.product_operand(x).0)).collect(),
            _ => operands.map(|x| self.source(x)).filter(|x| self.stored.contains(x)).collect(),
        }
    }

    /// For each node, whether it is a transposition that only products read.
    fn only_in_products(&self) -> Vec<bool> {
        let nodes = &self.graph.nodes;
        let mut only: Vec<bool> =
            nodes.iter().map(|node| matches!(node.op, Op::Transpose(_))).collect();
        for node in nodes.iter().filter(|node| !matches!(node.op, Op::MatMul(..))) {
            node.op.operands().into_iter().for_each(|operand| only[operand.index()] = false);
        }
        self.graph.roots().for_each(|root| only[self.source(root).index()] = false);
        only
    }

    /// Where each state input lies, and how large the block is.
    fn state_offsets(&self) -> (Vec<(NodeId, Slot)>, usize) {
        let mut offset = 0;
        let mut places = Vec::new();
        for input in self.graph.inputs.iter().filter(|input| input.role == Role::State) {
            let slot = Slot { space: Space::State, offset, ty: self.graph.ty(input.node) };
            offset = (offset + slot.bytes()).next_multiple_of(ALIGN);
            places.push((input.node, slot));
        }
        (places, offset)
    }

    /// What must be finite, and which group makes it: the values that the graph guards, and all of
    /// the next state.
    fn guards(&self, slots: &HashMap<NodeId, Slot>) -> Guards {
        let place = |id: NodeId| {
            let made = self.group_of[self.source(id).index()].unwrap_or(0);
            (made, Slot { ty: self.graph.ty(id), ..slots[&self.source(id)] })
        };
        let updates = self.graph.updates.iter().map(|(_, value)| *value);
        let numbers = updates.filter(|value| self.graph.ty(*value).dtype == DType::F32);
        let mut known: HashSet<(usize, Slot)> = HashSet::new();
        let guards = self.graph.guards.iter().copied().chain(numbers).map(place);
        Guards::new(guards.filter(|guard| known.insert(*guard)).collect())
    }

    /// A place for every value that is in memory.
    fn place(&self) -> (HashMap<NodeId, Slot>, usize, usize) {
        let (state, state_bytes) = self.state_offsets();
        let mut slots: HashMap<NodeId, Slot> = state.into_iter().collect();
        let asked: HashSet<NodeId> =
            self.graph.outputs.iter().map(|(_, id)| self.source(*id)).collect();
        for &(state, value) in &self.graph.updates {
            // A value made for the state alone is made where it will be kept.
            if self.group_of[value.index()].is_some()
                && !self.is_view(value)
                && !asked.contains(&value)
            {
                let next = Slot { space: Space::Next, ..slots[&state] };
                slots.entry(value).or_insert(next);
            }
        }
        // After the last step: then outputs are read and copies to the next state are made.
        let end = self.order.len();
        let mut placed: Vec<NodeId> = self.stored.iter().copied().collect();
        placed.retain(|id| !slots.contains_key(id) && !self.absorbed[id.index()]);
        placed.sort();
        let mut lifetimes: HashMap<NodeId, Lifetime> = HashMap::new();
        for &id in &placed {
            // A batch input is written before the first step.
            let first = self.group_of[id.index()].unwrap_or(0);
            let ty = self.graph.ty(id);
            let bytes = ty.shape.elems() * ty.dtype.size();
            lifetimes.insert(id, Lifetime { bytes, first, last: first });
        }
        for id in self.graph.ids() {
            let Some(position) = self.group_of[id.index()] else { continue };
            for read in self.reads(id) {
                if let Some(lifetime) = lifetimes.get_mut(&read) {
                    lifetime.last = lifetime.last.max(position);
                }
            }
        }
        for root in self.graph.roots() {
            if let Some(lifetime) = lifetimes.get_mut(&self.source(root)) {
                lifetime.last = end;
            }
        }
        let (offsets, scratch_bytes) =
            plan(&placed.iter().map(|id| lifetimes[id]).collect::<Vec<_>>());
        for (id, offset) in placed.into_iter().zip(offsets) {
            slots.insert(id, Slot { space: Space::Scratch, offset, ty: self.graph.ty(id) });
        }
        (slots, state_bytes, scratch_bytes)
    }

    /// The step of a group; none for a view, or a transposition that products absorb.
    fn step(&self, group: &Group, slots: &HashMap<NodeId, Slot>) -> Option<Step> {
        let id = group.nodes[0];
        let slot = |id: NodeId| Slot { ty: self.graph.ty(id), ..slots[&self.source(id)] };
        let dims = |id: NodeId| self.graph.ty(id).shape;
        let kind = match self.graph.node(id).op {
            ref op if op.is_elementwise() => Kind::Fused(self.fused(group, slots)),
            Op::Reshape(_) => return None,
            Op::Transpose(_) if self.absorbed[id.index()] => return None,
            Op::Reduce(reduction, x, axes) => {
                let (kept, reduced) = split_axes(dims(x), |axis| axes.contains(axis));
                Kind::Reduce { reduction, x: slot(x), out: slot(id), kept, reduced }
            }
            Op::MatMul(a, b) => {
                let (m, k, n) = (dims(a).dims()[0], dims(a).dims()[1], dims(b).dims()[1]);
                let (a, b) = (self.matrix(a, slots), self.matrix(b, slots));
                Kind::MatMul { m, k, n, a, b, out: slot(id) }
            }
            // Everything else runs as it is, on memory.
            ref op => Kind::Op { op: op.map(slot), out: slot(id) },
        };
        Some(Step { kind, scope: self.graph.scope(id).to_owned() })
    }

    fn fused(&self, group: &Group, slots: &HashMap<NodeId, Slot>) -> Fused {
        let mut instructions: Vec<Instruction> = Vec::new();
        let mut registers: HashMap<NodeId, Register> = HashMap::new();
        let mut emit = |instruction: Instruction| {
            let known = instructions.iter().position(|i| *i == instruction);
            Register(known.unwrap_or_else(|| {
                instructions.push(instruction);
                instructions.len() - 1
            }))
        };
        let shape = self.graph.ty(group.nodes[0]).shape;
        let load = |x: NodeId| {
            let slot = Slot { ty: self.graph.ty(x), ..slots[&self.source(x)] };
            Instruction::Load(slot, broadcast_axes(slot.ty.shape, shape))
        };
        let products = contract::products(self.graph, &group.nodes, &self.stored);
        let mut absorbed: HashSet<NodeId> = products.values().copied().collect();
        let mut scaled = contract::scaled(self.graph, &group.nodes, &self.stored);
        scaled.retain(|product, _| !absorbed.contains(product));
        absorbed.extend(scaled.values().map(|(cast, _)| cast));
        for &id in group.nodes.iter().filter(|id| !absorbed.contains(id)) {
            let node = self.graph.node(id);
            let mut operand = |x: NodeId| match (registers.get(&x), &self.graph.node(x).op) {
                (Some(&register), _) => register,
                (None, Op::Fill(value)) => emit(Instruction::Fill(*value as f32)),
                (None, Op::Iota(axis)) => emit(position(shape, *axis)),
                (None, _) => emit(load(x)),
            };
            let instruction = match node.op {
                Op::Binary(binary, x, y) if products.contains_key(&id) => {
                    let product = products[&id];
                    let Op::Binary(_, a, b) = self.graph.node(product).op else {
                        unreachable!("a product")
                    };
                    let c = operand(if product == x { y } else { x });
                    let negated = binary == Binary::Sub;
                    Instruction::MulAdd { negated, a: operand(a), b: operand(b), c }
                }
                Op::Binary(..) if scaled.contains_key(&id) => {
                    let (cast, factor) = scaled[&id];
                    let Op::Cast(bytes) = self.graph.node(cast).op else { unreachable!("a cast") };
                    Instruction::Scaled(operand(bytes), factor as f32)
                }
                Op::Broadcast(x) => load(x),
                Op::Uniform(key, stream) => {
                    let slot = Slot { ty: self.graph.ty(key), ..slots[&self.source(key)] };
                    Instruction::Uniform(slot, stream)
                }
                _ => self.instruction(id, &node.op.map(operand)),
            };
            registers.insert(id, emit(instruction));
        }
        let stored = group.nodes.iter().filter(|id| self.stored.contains(id));
        let stores = stored.map(|id| (registers[id], slots[id])).collect();
        let (places, rows, stores) = places::of(&instructions, stores);
        Fused { elems: shape.elems(), instructions, places, rows, stores, guards: Vec::new() }
    }

    fn instruction(&self, id: NodeId, op: &Op<Register>) -> Instruction {
        let ty = self.graph.ty(id);
        let dtype_of = |n: usize| {
            let operand = self.graph.node(id).op.operands().into_iter().nth(n);
            operand.map_or(ty.dtype, |x| self.graph.ty(x).dtype)
        };
        match *op {
            Op::Fill(value) => Instruction::Fill(value as f32),
            Op::Iota(axis) => position(ty.shape, axis),
            Op::Unary(unary, x) => Instruction::Unary(unary, x),
            Op::Binary(binary, a, b) => Instruction::Binary(binary, dtype_of(0), a, b),
            Op::Select(c, a, b) => Instruction::Select(c, a, b),
            Op::Cast(x) => Instruction::Cast(dtype_of(0), ty.dtype, x),
            ref other => unreachable!("{} is not elementwise", other.name()),
        }
    }
}

fn position(shape: Shape, axis: usize) -> Instruction {
    Instruction::Position(Axis { size: shape.dims()[axis], stride: shape.strides()[axis] })
}

/// How to walk a value of shape `from` once for each element of shape `to`, neighbours joined.
fn broadcast_axes(from: Shape, to: Shape) -> Vec<Axis> {
    let (strides, new) = (from.strides(), to.rank() - from.rank());
    let axes = to.dims().iter().enumerate().map(|(axis, &size)| {
        let repeats = axis < new || from.dims()[axis - new] == 1;
        Axis { size, stride: if repeats { 0 } else { strides[axis - new] } }
    });
    joined(axes)
}

/// The axes of a shape, removed ones separated from kept ones, neighbours joined.
fn split_axes(shape: Shape, goes: impl Fn(usize) -> bool) -> (Vec<Axis>, Vec<Axis>) {
    let strides = shape.strides();
    let axes = |wanted: bool| {
        let chosen = (0..shape.rank()).filter(|&axis| goes(axis) == wanted);
        joined(chosen.map(|axis| Axis { size: shape.dims()[axis], stride: strides[axis] }))
    };
    (axes(false), axes(true))
}

/// Without axes of size 1, and with neighbouring axes joined where they can be walked as one.
fn joined(axes: impl Iterator<Item = Axis>) -> Vec<Axis> {
    let mut out: Vec<Axis> = Vec::new();
    for axis in axes.filter(|axis| axis.size != 1) {
        match out.last_mut() {
            Some(outer) if outer.stride == axis.size * axis.stride => {
                *outer = Axis { size: outer.size * axis.size, stride: axis.stride };
            }
            _ => out.push(axis),
        }
    }
    out
}
