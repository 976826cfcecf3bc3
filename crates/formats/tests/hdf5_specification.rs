//! Our files follow the HDF5 File Format Specification (version 2.0), byte by byte: a walk over the
//! file that knows nothing of our reader, and is stricter. Every byte belongs to one structure, or
//! pads to the next multiple of eight.

use neurona_core::tensor::Shape;
use neurona_formats::Number;
use neurona_formats::hdf5::{self, Dataset, Group, Value};
use std::collections::{BTreeMap, BTreeSet};

const NOWHERE: u64 = u64::MAX;

/// A file, and the bytes of it that the walk has met.
struct Walk<'f> {
    bytes: &'f [u8],
    claims: Vec<(usize, usize)>,
    /// The numbers of the texts referred to in each heap.
    texts: BTreeMap<usize, BTreeSet<u32>>,
    datasets: usize,
    groups: usize,
}

/// The bytes of a structure, read from the front.
struct Part<'f>(&'f [u8]);

impl<'f> Part<'f> {
    fn take(&mut self, count: usize) -> &'f [u8] {
        let (taken, left) = self.0.split_at(count);
        self.0 = left;
        taken
    }

    fn number(&mut self, bytes: usize) -> u64 {
        self.take(bytes).iter().rev().fold(0, |number, &byte| number << 8 | u64::from(byte))
    }

    fn expect(&mut self, expected: &[u8]) {
        assert_eq!(self.take(expected.len()), expected);
    }

    fn zeros(&mut self, count: usize) {
        assert!(self.take(count).iter().all(|&byte| byte == 0));
    }
}

impl<'f> Walk<'f> {
    fn claim(&mut self, at: u64, size: usize) -> Part<'f> {
        let at = usize::try_from(at).unwrap();
        assert_eq!(at % 8, 0, "structures start at multiples of eight");
        self.claims.push((at, at + size));
        Part(&self.bytes[at..at + size])
    }

    fn superblock(&mut self) {
        let mut block = self.claim(0, 96);
        block.expect(b"\x89HDF\r\n\x1a\n");
        // Versions of the superblock, of free space, of the root; of shared headers; sizes of addresses and lengths.
        block.expect(&[0, 0, 0, 0, 0, 8, 8, 0]);
        // K of tables and of trees, flags.
        assert_eq!([block.number(2), block.number(2), block.number(4)], [4, 16, 0]);
        let addresses = [block.number(8), block.number(8), block.number(8), block.number(8)];
        assert_eq!(addresses, [0, NOWHERE, self.bytes.len() as u64, NOWHERE]);
        let (name, header, cached) = (block.number(8), block.number(8), block.number(8));
        assert_eq!((name, cached), (0, 1));
        let (tree, heap) = (block.number(8), block.number(8));
        assert_eq!(self.object(header), Some((tree, heap)));
    }

    /// An object's header and everything that it leads to; a group's tree and heap.
    fn object(&mut self, at: u64) -> Option<(u64, u64)> {
        let mut start = self.claim(at, 16);
        start.expect(&[1, 0]);
        let (count, references, size) = (start.number(2), start.number(4), start.number(4));
        assert_eq!(references, 1);
        start.zeros(4);
        let mut messages = self.claim(at + 16, size as usize);
        let (mut kinds, mut group, mut shape, mut element, mut data) =
            (Vec::new(), None, None, 0, None);
        for _ in 0..count {
            let (kind, size) = (messages.number(2), messages.number(2) as usize);
            assert_eq!(size % 8, 0, "message {kind}");
            messages.zeros(4);
            let mut body = Part(messages.take(size));
            match kind {
                0x01 => shape = Some(dataspace(&mut body)),
                0x03 => element = datatype(&mut body),
                0x05 => body.expect(&[2, 2, 2, 1, 0, 0, 0, 0]),
                0x08 => {
                    body.expect(&[3, 1]);
                    data = Some((body.number(8), body.number(8) as usize));
                }
                0x0C => self.attribute(&mut body),
                0x11 => group = Some((body.number(8), body.number(8))),
                other => panic!("message {other}"),
            }
            assert!(body.0.len() < 8);
            let rest = body.0.len();
            body.zeros(rest);
            kinds.push(kind);
        }
        assert!(messages.0.is_empty(), "the messages fill their block");
        kinds.retain(|&kind| kind != 0x0C);
        match group {
            Some((tree, heap)) => {
                assert_eq!(kinds, [0x11]);
                self.groups += 1;
                self.group(tree, heap);
            }
            None => {
                assert_eq!(kinds, [0x01, 0x03, 0x05, 0x08]);
                self.datasets += 1;
                let size = shape.unwrap() * element;
                let (address, found) = data.unwrap();
                assert_eq!(found, size);
                if size == 0 {
                    assert_eq!(address, NOWHERE);
                } else {
                    let mut elements = self.claim(address, size);
                    self.elements(&mut elements, element);
                }
            }
        }
        group
    }

    fn attribute(&mut self, body: &mut Part<'f>) {
        body.expect(&[1, 0]);
        let [name, ty, space] = [0; 3].map(|_| body.number(2) as usize);
        let text = body.take(name);
        assert!(text.ends_with(&[0]) && !text[..name - 1].contains(&0), "{text:?}");
        body.zeros(name.next_multiple_of(8) - name);
        let element = datatype(&mut Part(body.take(ty)));
        body.zeros(ty.next_multiple_of(8) - ty);
        let elements = dataspace(&mut Part(body.take(space)));
        let mut values = Part(body.take(elements * element));
        self.elements(&mut values, element);
    }

    /// References to texts are followed; a text without a byte has none.
    fn elements(&mut self, values: &mut Part<'f>, element: usize) {
        if element != 16 {
            return;
        }
        while !values.0.is_empty() {
            let (length, heap, number) = (values.number(4), values.number(8), values.number(4));
            if length == 0 {
                assert_eq!((heap, number), (0, 0));
            } else {
                let new = self.texts.entry(heap as usize).or_default().insert(number as u32);
                assert!(new, "one text for each reference");
            }
        }
    }

    fn group(&mut self, tree: u64, heap: u64) {
        let mut start = self.claim(heap, 32);
        start.expect(b"HEAP\0\0\0\0");
        let (size, free, at) = (start.number(8), start.number(8), start.number(8));
        assert_eq!(free, 1, "nothing in it is free");
        let names = self.claim(at, size as usize).0;
        assert_eq!(names[..8], [0; 8]);
        let mut met = Vec::new();
        let level = u64::from(self.bytes[tree as usize + 5]);
        self.nodes(&[tree], level, names, &mut met);
        let text = |at: u64| names[at as usize..].split(|&byte| byte == 0).next().unwrap();
        let children: Vec<&[u8]> = met.iter().map(|&(name, _)| text(name)).collect();
        assert!(children.is_sorted_by(|a, b| a < b), "names go up: {children:?}");
        let needed: usize = children.iter().map(|name| (name.len() + 1).next_multiple_of(8)).sum();
        assert_eq!(names.len(), 8 + needed);
        for (_, header) in met {
            self.object(header);
        }
    }

    /// The nodes of a level, from left to right, and the nodes below them.
    fn nodes(&mut self, nodes: &[u64], level: u64, names: &[u8], met: &mut Vec<(u64, u64)>) {
        let text = |at: u64| names[at as usize..].split(|&byte| byte == 0).next().unwrap();
        let mut below = Vec::new();
        let mut bounds = Vec::new();
        for (i, &at) in nodes.iter().enumerate() {
            let mut node = self.claim(at, 24 + 8 * 65);
            node.expect(b"TREE\0");
            assert_eq!(node.number(1), level);
            let count = node.number(2) as usize;
            assert!(count <= 32 && (count == 32 || i + 1 == nodes.len()), "full but the last");
            assert!(count > 0 || nodes.len() == 1);
            let sides = [node.number(8), node.number(8)];
            let side = |i: Option<usize>| i.and_then(|i| nodes.get(i)).copied().unwrap_or(NOWHERE);
            assert_eq!(sides, [side(i.checked_sub(1)), side(Some(i + 1))]);
            let mut key = node.number(8);
            for _ in 0..count {
                let (child, last) = (node.number(8), node.number(8));
                below.push(child);
                bounds.push((key, last));
                key = last;
            }
            node.zeros(16 * (32 - count));
        }
        if level > 0 {
            let start = met.len();
            self.nodes(&below, level - 1, names, met);
            assert!(met.len() > start);
            // Each child ends where the keys say.
            assert!(bounds.iter().all(|&(_, last)| met.iter().any(|&(name, _)| name == last)));
            return;
        }
        for (at, (before, last)) in below.into_iter().zip(bounds) {
            let mut table = self.claim(at, 8 + 8 * 40);
            table.expect(b"SNOD\x01\0");
            let count = table.number(2) as usize;
            assert!((1..=8).contains(&count));
            for entry in 0..count {
                let (name, header) = (table.number(8), table.number(8));
                table.zeros(24);
                assert!(text(before) < text(name) && (entry + 1 == count) == (name == last));
                met.push((name, header));
            }
            table.zeros(40 * (8 - count));
        }
    }

    fn heaps(&mut self) {
        for (at, referred) in std::mem::take(&mut self.texts) {
            let mut start = Part(&self.bytes[at..at + 16]);
            start.expect(b"GCOL\x01\0\0\0");
            let size = start.number(8) as usize;
            assert!(size >= 4096);
            let mut heap = self.claim(at as u64, size);
            heap.take(16);
            let mut met = BTreeSet::new();
            loop {
                let left = heap.0.len();
                let number = heap.number(2) as u32;
                heap.zeros(6);
                let length = heap.number(8) as usize;
                if number == 0 {
                    // The free bytes, including their own header.
                    assert_eq!(length, left);
                    heap.zeros(left - 16);
                    break;
                }
                assert!(met.insert(number));
                heap.take(length);
                heap.zeros(length.next_multiple_of(8) - length);
            }
            assert_eq!(met, referred);
        }
    }
}

/// How many elements a dataspace has.
fn dataspace(body: &mut Part<'_>) -> usize {
    body.expect(&[1]);
    let rank = body.number(1);
    body.zeros(6);
    (0..rank).map(|_| body.number(8) as usize).product()
}

/// How many bytes an element has, which is 16 only if it is a reference to a text.
fn datatype(body: &mut Part<'_>) -> usize {
    let class = body.number(1);
    body.take(3);
    let size = body.number(4) as usize;
    assert_eq!(class >> 4, 1, "version 1");
    assert!((size == 16) == (class & 15 == 9), "class {class}, size {size}");
    // The following bytes are compared with h5py's in the tests of reading.
    body.take(body.0.len());
    size
}

fn check(root: &Group<'_>, groups: usize, datasets: usize) {
    let bytes = hdf5::write(root).unwrap();
    let empty = (Vec::new(), BTreeMap::new());
    let mut walk = Walk { bytes: &bytes, claims: empty.0, texts: empty.1, datasets: 0, groups: 0 };
    walk.superblock();
    walk.heaps();
    assert_eq!((walk.groups, walk.datasets), (groups, datasets));
    walk.claims.sort_unstable();
    let mut end = 0;
    for (from, to) in walk.claims {
        assert!(from >= end && from - end < 8, "byte {end} to {from}");
        assert!(bytes[end..from].iter().all(|&byte| byte == 0));
        end = to;
    }
    assert!(bytes.len() - end < 8);
    assert_eq!(hdf5::read(&bytes).unwrap(), *root);
}

fn numbers(number: Number, dims: &[usize]) -> Value<'static> {
    let shape = Shape::new(dims).unwrap();
    let bytes: Vec<u8> = (0..shape.elems() * number.size()).map(|i| (i % 2) as u8).collect();
    Value::raw(number, shape, bytes).unwrap()
}

#[test]
fn every_kind_of_element_of_any_length_is_laid_out_by_the_specification() {
    let mut root = Group::default();
    for (i, number) in Number::ALL.into_iter().enumerate() {
        for (j, dims) in [&[][..], &[0], &[3], &[2, 5], &[1, 2, 3]].into_iter().enumerate() {
            let mut dataset = Dataset::new(numbers(number, dims));
            let name = "n".repeat(1 + (i + j) % 9);
            dataset.attributes.insert(name, numbers(number, dims));
            root.datasets.insert(format!("{number:?} {j}"), dataset);
        }
    }
    let datasets = root.datasets.len();
    check(&root, 1, datasets);
    check(&Group::default(), 1, 0);
}

#[test]
fn texts_lie_in_heaps_that_are_full_or_as_large_as_readers_want() {
    for lengths in [vec![0], vec![1], vec![7, 8, 9], vec![4_000], vec![4_064], vec![5_000, 0, 3]] {
        let texts = lengths.iter().map(|&length| "x".repeat(length).into()).collect();
        let mut inner = Group::default();
        inner.attributes.insert("texts".into(), Value::list(texts));
        let mut root = Group::default();
        root.attributes.insert("one".into(), Value::text("ñandú"));
        root.groups.insert("inner".into(), inner);
        check(&root, 2, 0);
    }
    // More than a heap can number.
    let mut root = Group::default();
    let many = (0..60_001).map(|i| (i % 10).to_string().into()).collect();
    root.datasets.insert("many".into(), Dataset::new(Value::list(many)));
    check(&root, 1, 1);
}

#[test]
fn names_stand_in_trees_of_any_number_of_levels() {
    // A table, a node of tables, two nodes, a level more, and one table in the last node.
    for count in [1, 8, 9, 256, 257, 600, 8_192, 8_193] {
        let mut root = Group::default();
        for i in 0..count {
            root.groups.insert(format!("{}{i}", "g".repeat(i % 11)), Group::default());
        }
        check(&root, count + 1, 0);
    }
}
