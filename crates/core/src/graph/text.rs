//! Graphs as text: one line per node, made to be read, compared and parsed back.
//!
//! ```text
//! %0 = input "x" batch : float32[32, 784]
//! %1 = input "dense/kernel" state : float32[784, 10]
//! %2 = matmul %0 %1 : float32[32, 10] @dense
//! output "y" %2
//! ```
//!
//! After the name come operands, then the numbers that the operation carries (`fill 0.5`,
//! `reduce_sum %2 axes 1`), the type of the result, and the layer it belongs to. State that does
//! not start at zero says where it starts (`input "accumulator" state initial 0.1`).

use super::{Graph, Input, Node, NodeId, Op, Role, Type};
use crate::error::{Code, Error};
use crate::tensor::{Axes, DType, Order, Shape};
use std::fmt;
use std::str::FromStr;

impl fmt::Display for Graph {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for id in self.ids() {
            let Node { op, ty, .. } = self.node(id);
            write!(f, "{id} = {}", op.name())?;
            for operand in op.operands() {
                write!(f, " {operand}")?;
            }
            if let Op::Input(number) = *op {
                let input = &self.inputs[number as usize];
                write!(f, " {:?} {}", input.name, role_name(input.role))?;
                if input.initial != 0.0 {
                    write!(f, " initial {:?}", input.initial)?;
                }
            }
            write!(f, "{}", op.details())?;
            write!(f, " : {ty}")?;
            match self.scope(id) {
                "" => writeln!(f)?,
                scope => writeln!(f, " @{scope}")?,
            }
        }
        for (name, id) in &self.outputs {
            writeln!(f, "output {name:?} {id}")?;
        }
        for (state, value) in &self.updates {
            writeln!(f, "update {state} {value}")?;
        }
        self.guards.iter().try_for_each(|id| writeln!(f, "guard {id}"))
    }
}

fn role_name(role: Role) -> &'static str {
    match role {
        Role::Batch => "batch",
        Role::State => "state",
    }
}

crate::messages! {
    fn cannot_parse(line: usize, why: &str) {
        en: "line {line} of the graph: {why}",
        es: "línea {line} del grafo: {why}",
    }
}

impl FromStr for Graph {
    type Err = Error;

    /// Parses what `Display` prints. Errors (E034): the line and what is wrong with it.
    fn from_str(text: &str) -> Result<Graph, Error> {
        let mut graph = Graph { scopes: vec![String::new()], ..Graph::default() };
        let error = |line: usize, why: &str| Error::new(Code::E034, cannot_parse(line, why));
        for (number, line) in text.lines().enumerate() {
            if !line.trim().is_empty() {
                parse_line(&mut graph, line).map_err(|why| error(number + 1, &why))?;
            }
        }
        graph.verify().map_err(|why| error(text.lines().count(), &why))?;
        Ok(graph)
    }
}

fn parse_line(graph: &mut Graph, line: &str) -> Result<(), String> {
    let mut words = Words(line.trim());
    match words.next()? {
        "output" => {
            let name = words.quoted()?;
            graph.outputs.push((name, words.node()?));
        }
        "guard" => graph.guards.push(words.node()?),
        "update" => graph.updates.push((words.node()?, words.node()?)),
        id => {
            if id != NodeId(graph.nodes.len() as u32).to_string() {
                return Err(format!("expected %{}, found {id}", graph.nodes.len()));
            }
            words.expect("=")?;
            let (op, input) = parse_op(&mut words, graph.inputs.len() as u32)?;
            words.expect(":")?;
            let ty = words.ty()?;
            let scope = match words.0.strip_prefix('@') {
                None => 0,
                Some(name) => graph.scopes.iter().position(|s| s == name).unwrap_or_else(|| {
                    graph.scopes.push(name.to_owned());
                    graph.scopes.len() - 1
                }),
            };
            if let Some((name, role, initial)) = input {
                let node = NodeId(graph.nodes.len() as u32);
                graph.inputs.push(Input { name, role, node, initial });
            }
            graph.nodes.push(Node { op, ty, scope: scope as u32 });
        }
    }
    Ok(())
}

/// An operation, and if it is an input, its name, its role and its starting value.
type Parsed = (Op<NodeId>, Option<(String, Role, f64)>);

fn parse_op(words: &mut Words<'_>, inputs: u32) -> Result<Parsed, String> {
    match words.next()? {
        "input" => {
            let name = words.quoted()?;
            let role = match words.next()? {
                "batch" => Role::Batch,
                "state" => Role::State,
                other => return Err(format!("no role {other}")),
            };
            let starts = words.0.starts_with("initial ");
            let initial = if starts { words.after("initial")? } else { 0.0 };
            Ok((Op::Input(inputs), Some((name, role, initial))))
        }
        name => Ok((Op::parse(name, words)?, None)),
    }
}

/// The rest of a line, taken word by word.
pub(super) struct Words<'a>(&'a str);

impl<'a> Words<'a> {
    fn next(&mut self) -> Result<&'a str, String> {
        let (word, rest) = self.0.split_once(' ').unwrap_or((self.0, ""));
        self.0 = rest.trim_start();
        if word.is_empty() { Err("the line ends early".to_owned()) } else { Ok(word) }
    }

    fn expect(&mut self, wanted: &str) -> Result<(), String> {
        match self.next()? {
            word if word == wanted => Ok(()),
            word => Err(format!("expected {wanted}, found {word}")),
        }
    }

    pub(super) fn number<T: FromStr>(&mut self) -> Result<T, String> {
        let word = self.next()?;
        word.parse().map_err(|_| format!("{word} is not a number"))
    }

    pub(super) fn after<T: FromStr>(&mut self, word: &str) -> Result<T, String> {
        self.expect(word)?;
        self.number()
    }

    pub(super) fn node(&mut self) -> Result<NodeId, String> {
        let word = self.next()?;
        let number = word.strip_prefix('%').and_then(|digits| digits.parse().ok());
        number.map(NodeId).ok_or_else(|| format!("{word} is no node"))
    }

    pub(super) fn axes(&mut self) -> Result<Axes, String> {
        Ok(Axes::new(&self.numbers_after("axes")?))
    }

    pub(super) fn order(&mut self) -> Result<Order, String> {
        let order = self.numbers_after("order")?;
        Order::new(&order).ok_or_else(|| format!("{order:?} is not an order of dimensions"))
    }

    fn numbers_after(&mut self, word: &str) -> Result<Vec<usize>, String> {
        self.expect(word)?;
        let mut numbers = Vec::new();
        while self.0.starts_with(|c: char| c.is_ascii_digit()) {
            numbers.push(self.number()?);
        }
        Ok(numbers)
    }

    /// A name in quotes, written as Rust writes strings.
    fn quoted(&mut self) -> Result<String, String> {
        let inside = self.0.strip_prefix('"').ok_or("expected a quoted name")?;
        let mut name = String::new();
        let mut chars = inside.char_indices();
        while let Some((at, c)) = chars.next() {
            match c {
                '"' => {
                    self.0 = inside[at + 1..].trim_start();
                    return Ok(name);
                }
                '\\' => name.extend(chars.next().map(|(_, escaped)| escaped)),
                _ => name.push(c),
            }
        }
        Err("a quoted name does not end".to_owned())
    }

    fn ty(&mut self) -> Result<Type, String> {
        let (text, rest) = self.0.split_once(']').ok_or("expected a type")?;
        self.0 = rest.trim_start();
        let (dtype, dims) = text.split_once('[').ok_or("expected a shape")?;
        let dtype = DType::ALL.into_iter().find(|d| d.name() == dtype);
        let dims: Result<Vec<usize>, _> =
            dims.split(',').map(str::trim).filter(|d| !d.is_empty()).map(str::parse).collect();
        let shape = dims.ok().and_then(|dims| Shape::new(&dims).ok());
        match (dtype, shape) {
            (Some(dtype), Some(shape)) => Ok(Type::new(dtype, shape)),
            _ => Err(format!("{text}] is no type")),
        }
    }
}
