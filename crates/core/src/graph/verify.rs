//! What makes a graph legal, checked between passes and after parsing.
//!
//! Operands come before their users; every node's type is the one its operation gives; inputs, outputs
//! and updates name nodes that exist; an update has the type of the state it replaces and is computed, not
//! another input unchanged. Everything that runs afterwards may assume all of this.

use super::infer::infer;
use super::{Graph, NodeId, Op, Role};
use crate::message::Lang;
use crate::tensor::DType;

impl Graph {
    /// Checks that the graph is legal. Errors: the first thing that is not, in words for developers.
    pub fn verify(&self) -> Result<(), String> {
        for id in self.ids() {
            let node = self.node(id);
            if node.op.operands().into_iter().any(|operand| operand >= id) {
                return Err(format!("{id} uses a value that comes after it"));
            }
            let typed = node.op.map(|operand| self.ty(operand));
            let ty =
                infer(&typed, node.ty).map_err(|why| format!("{id}: {}", why.get(Lang::En)))?;
            if ty != node.ty {
                return Err(format!("{id} is typed {} but gives {ty}", node.ty));
            }
            if let Op::Input(number) = node.op
                && self.inputs.get(number as usize).is_none_or(|input| input.node != id)
            {
                return Err(format!("{id} is no declared input"));
            }
        }
        let exists = |id: NodeId| id.index() < self.nodes.len();
        for input in &self.inputs {
            if !exists(input.node) || !matches!(self.node(input.node).op, Op::Input(_)) {
                return Err(format!("input \"{}\" has no node", input.name));
            }
            let is_number = input.role == Role::State && self.ty(input.node).dtype == DType::F32;
            if input.initial != 0.0 && !(is_number && input.initial.is_finite()) {
                return Err(format!("input \"{}\" cannot start at {}", input.name, input.initial));
            }
        }
        if !self.roots().all(exists) {
            return Err("an output, update or guard names no node".to_owned());
        }
        if self.guards.iter().any(|&id| self.ty(id).dtype != DType::F32) {
            return Err("a guard is no number".to_owned());
        }
        for &(state, value) in &self.updates {
            let input = self.inputs.iter().find(|input| input.node == state);
            if input.is_none_or(|input| input.role != Role::State) {
                return Err(format!("{state} is updated but is not state"));
            }
            if self.ty(state) != self.ty(value) {
                return Err(format!("{state} is updated with another type"));
            }
            let mut source = value;
            while let Op::Reshape(x) = self.node(source).op {
                source = x;
            }
            if matches!(self.node(source).op, Op::Input(_)) {
                return Err(format!("{state} is updated with an input as it came"));
            }
        }
        Ok(())
    }
}
