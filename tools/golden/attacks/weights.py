"""HDF5 files that point elsewhere, lie about sizes, go in circles, or hold other weights than the model's."""

import io
import json
import struct

import h5py
import numpy as np

from common import Attack, compiled, control_config, control_weights, hdf5, keras_file, layer, put

NOT_NUMBERS = ("text", "compound", "object_references")
KERNEL = "layers/dense/vars/0"
ELSEWHERE = "refused: the object that points to another place; no other file is read"
OUTSIDE = "either: refused with what of HDF5 is not read, or opened with the right numbers"
LIES = "refused: the numbers that disagree; nothing is allocated by them"


def replaced(make, place=KERNEL):
    """The control's weights with `place` made anew by `make(file, place)`."""
    return hdf5(lambda file: make(file, place), without=(place,))


def dataset(**settings):
    def make(file, place):
        file.create_dataset(place, **settings)

    return replaced(make)


def link(target, place=KERNEL):
    def make(file, place):
        file[place] = target

    return replaced(make, place)


def virtual(file, place):
    """A dataset put together from another file's. (h5py's own way would store the time.)"""
    space = h5py.h5s.create_simple((4, 3))
    plist = untimed()
    plist.set_virtual(space, b"../outside.h5", b"secret", space)
    file.require_group("layers/dense/vars")
    h5py.h5d.create(file.id, place.encode(), h5py.h5t.IEEE_F32LE, space, plist)


def untimed():
    plist = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    plist.set_obj_track_times(False)
    return plist


def late(file, place):
    """A dataset of 4 TiB of which nothing is stored."""
    space = h5py.h5s.create_simple((2**20, 2**20))
    plist = untimed()
    plist.set_alloc_time(h5py.h5d.ALLOC_TIME_LATE)
    file.require_group("layers/dense/vars")
    h5py.h5d.create(file.id, place.encode(), h5py.h5t.IEEE_F32LE, space, plist)


def new_format():
    """Superblock 3 and groups of the new kind, made by hand, because h5py's own would store the time."""
    memory = io.BytesIO()
    made = h5py.h5p.create(h5py.h5p.FILE_CREATE)
    group = h5py.h5p.create(h5py.h5p.GROUP_CREATE)
    access = h5py.h5p.create(h5py.h5p.FILE_ACCESS)
    access.set_fileobj_driver(h5py.h5fd.fileobj_driver, memory)
    access.set_libver_bounds(h5py.h5f.LIBVER_LATEST, h5py.h5f.LIBVER_LATEST)
    for plist in (made, group):
        plist.set_obj_track_times(False)
    with h5py.File(h5py.h5f.create(b"new", h5py.h5f.ACC_TRUNC, made, access)) as file:
        for name in (
            "layers",
            *(f"layers/{x}{y}" for x in ("dense", "dense_1") for y in ("", "/vars")),
        ):
            h5py.h5g.create(file.id, name.encode(), gcpl=group)
        put(file, control_weights())
    return memory.getvalue()


def elsewhere():
    outside = [("../outside.bin", 0, 48)]
    cases = {
        "external_storage": (
            dataset(shape=(4, 3), dtype="float32", external=outside),
            "CVE-2026-1669",
        ),
        "external_link": (link(h5py.ExternalLink("../outside.h5", "/secret")), "CVE-2026-1669"),
        "external_link_group": (
            hdf5(
                lambda f: f.__setitem__("layers/dense", h5py.ExternalLink("../outside.h5", "/")),
                without=[KERNEL, "layers/dense/vars/1"],
            ),
            "CVE-2026-1669",
        ),
        "soft_link": (link(h5py.SoftLink("/layers/dense/vars/1")), "keras#22900"),
        "soft_link_itself": (link(h5py.SoftLink("/" + KERNEL)), ""),
        "virtual_dataset": (replaced(virtual), "keras#22976"),
    }
    for name, (data, cve) in cases.items():
        tries = f"the kernel is {name.replace('_', ' ')}"
        yield Attack(f"hdf5_{name}.keras", tries, ELSEWHERE, keras_file(weights=data), cve)
    yield Attack(
        "hdf5_external_link.weights.h5",
        "the kernel is an external link, in a file of weights alone",
        ELSEWHERE,
        cases["external_link"][0],
        "CVE-2026-1669",
    )


def circles():
    def root_again(file):
        file["layers/dense/again"] = file["/"]

    def up(file):
        file["layers/dense"] = file["layers"]

    def tower(file):
        file.create_group("layers/dense/" + "g/" * 200)

    dense = [KERNEL, "layers/dense/vars/1"]
    cases = {
        "cycle": ("a group that holds the root again", hdf5(root_again)),
        "cycle_on_the_way": ("a group that holds itself", hdf5(up, without=dense)),
        "tower": ("groups inside each other, 200 deep", hdf5(tower)),
    }
    for name, (tries, data) in cases.items():
        expected = "either: refused, or opened without going there; it ends within 100 ms"
        if name == "cycle_on_the_way":
            expected = "refused: the first layer has no weights; it ends within 100 ms"
        yield Attack(f"hdf5_{name}.keras", tries, expected, keras_file(weights=data))


def sizes():
    bombs = {
        "bomb_chunked": dataset(
            shape=(2**20, 2**20), dtype="float32", chunks=(1024, 1024), compression="gzip"
        ),
        "bomb_late": replaced(late),
    }
    for name, data in bombs.items():
        tries = "a dataset of 4 TiB of which nothing is stored"
        yield Attack(f"hdf5_{name}.keras", tries, LIES, keras_file(weights=data), "CVE-2026-0897")
    good = hdf5()
    shape = struct.pack("<QQ", 4, 3)
    for name, lie in {
        "huge": (2**31, 2**31),
        "wraps": (2**63, 2),
        "wraps_to_twelve": (2**62 + 3, 4),
        "larger": (4, 3000),
        "zero": (4, 0),
    }.items():
        data = patched(good, shape, struct.pack("<QQ", *lie))
        yield Attack(
            f"hdf5_shape_{name}.keras",
            f"a dataset of 12 numbers with the shape {list(lie)}",
            LIES,
            keras_file(weights=data),
            "CVE-2026-0897" if name == "huge" else "",
        )
    wrap = (4194305, 4194305, 211106198978564)
    small = dataset(data=np.zeros((5, 7, 11), "float32"))
    data = patched(small, struct.pack("<QQQ", 5, 7, 11), struct.pack("<QQQ", *wrap))
    yield Attack(
        "hdf5_shape_wraps_to_four.keras",
        f"the shape {list(wrap)}, which has 4 numbers if the product wraps",
        LIES,
        keras_file(weights=data),
    )


def patched(data, old, new, count=-1):
    assert old in data, old
    return data.replace(old, new, count)


def structures():
    """One field of the file's own structures changed."""
    good = bytearray(hdf5())

    def changed(at, format_, value):
        data = bytearray(good)
        struct.pack_into(format_, data, at, value)
        return bytes(data)

    tree, heap, node = (good.find(signature) for signature in (b"TREE", b"HEAP", b"SNOD"))
    far = 0x7FFFFFFFFFFF0000
    cases = {
        "version": ("superblock version 9", changed(8, "<B", 9)),
        "offset_size": ("offsets of 255 bytes", changed(13, "<B", 255)),
        "end": ("an end of file far behind its end", changed(40, "<Q", far)),
        "root": ("a root group far behind the end", changed(64, "<Q", far)),
        "root_zero": ("a root group at the superblock", changed(64, "<Q", 0)),
        "tree_entries": ("a B-tree node of 65,535 entries", changed(tree + 6, "<H", 0xFFFF)),
        "tree_level": ("a B-tree of 255 levels", changed(tree + 5, "<B", 255)),
        "tree_child": ("a B-tree node that is its own child", changed(tree + 32, "<Q", tree)),
        "tree_child_far": (
            "a B-tree node whose child is far behind the end",
            changed(tree + 32, "<Q", far),
        ),
        "tree_sibling": ("a B-tree node that is its own sibling", changed(tree + 16, "<Q", tree)),
        "heap_size": ("a heap of 8 EiB", changed(heap + 8, "<Q", far)),
        "heap_address": ("a heap far behind the end", changed(heap + 24, "<Q", far)),
        "node_symbols": ("a group node of 65,535 symbols", changed(node + 6, "<H", 0xFFFF)),
        "node_name": ("a symbol whose name is far behind the heap", changed(node + 8, "<Q", far)),
        "node_object": (
            "a symbol whose object is far behind the end",
            changed(node + 16, "<Q", far),
        ),
        "cut": ("half of the file", bytes(good[: len(good) // 2])),
        "signature_only": ("the signature alone", bytes(good[:8])),
        "user_block": ("512 bytes before the file", bytes(512) + bytes(good)),
    }
    header = struct.unpack_from("<Q", good, 64)[0]
    cases["messages"] = (
        "an object of 65,535 messages",
        changed(header + 2, "<H", 0xFFFF),
    )
    cases["message_size"] = ("a message of 65,535 bytes", changed(header + 18, "<H", 0xFFFF))
    # A message that continues at the header it is in: type 16, with an offset and a length.
    loop = bytearray(good)
    struct.pack_into("<HHI", loop, header + 16, 16, 16, 0)
    struct.pack_into("<QQ", loop, header + 24, header + 16, 24)
    cases["continuation"] = ("an object header that goes on in itself", bytes(loop))
    for name, (tries, data) in cases.items():
        expected = "refused: a damaged HDF5 file, and where; it ends within 100 ms"
        if name in ("messages", "tree_sibling", "user_block"):
            expected = "either: refused, or opened with the right numbers; it ends within 100 ms"
        yield Attack(f"hdf5_{name}.keras", tries, expected, keras_file(weights=data))
    tries, data = cases["tree_child"]
    yield Attack(
        "hdf5_tree_child.weights.h5", tries, "refused: a damaged HDF5 file, and where", data
    )


def kinds():
    """Valid HDF5 that is not a Keras file: filters, chunks, other types."""
    x = np.full((4, 3), 0.25, "float32")
    text = np.array([[b"a"] * 3] * 4, dtype="S1")
    pairs = np.zeros((4, 3), [("a", "f4"), ("b", "i4")])
    cases = {
        "gzip": dataset(data=x, compression="gzip"),
        "lzf": dataset(data=x, compression="lzf"),
        "shuffle": dataset(data=x, shuffle=True),
        "fletcher32": dataset(data=x, fletcher32=True),
        "chunked": dataset(data=x, chunks=(2, 3)),
        "unlimited": dataset(data=x, maxshape=(None, 3)),
        "big_endian": dataset(data=x.astype(">f4")),
        "float64": dataset(data=x.astype("f8")),
        "float16": dataset(data=x.astype("f2")),
        "integers": dataset(data=x.astype("i4")),
        "text": dataset(data=text),
        "compound": dataset(data=pairs),
        "object_references": dataset(shape=(4, 3), dtype=h5py.ref_dtype),
        "new_format": new_format(),
    }
    for name, data in cases.items():
        tries = f"the kernel as {name.replace('_', ' ')}"
        if name == "new_format":
            tries = "superblock 3 and groups of the new kind"
        expected = OUTSIDE if name not in NOT_NUMBERS else "refused: the type is not one of numbers"
        yield Attack(f"hdf5_{name}.keras", tries, expected, keras_file(weights=data))


def other_weights():
    def adding(extra):
        def change(file):
            for place, values in extra.items():
                file[place] = values

        return change

    nan = np.full((4, 3), np.nan, "float32")
    cases = {
        "transposed": (
            dataset(data=np.zeros((3, 4), "float32")),
            "a kernel of the shape [3, 4] for [4, 3]",
        ),
        "flat": (
            dataset(data=np.zeros(12, "float32")),
            "a kernel with the right number of numbers and another shape",
        ),
        "scalar": (dataset(data=np.float32(0)), "a kernel that is one number"),
        "missing": (hdf5(without=[KERNEL]), "no kernel"),
        "missing_layer": (
            hdf5(without=["layers/dense_1/vars/0", "layers/dense_1/vars/1"]),
            "no weights of the second layer",
        ),
        "more": (
            hdf5(adding({"layers/dense/vars/2": np.zeros(3, "float32")})),
            "one weight more than the layer has",
        ),
        "more_layers": (
            hdf5(adding({"layers/dense_2/vars/0": np.zeros(3, "float32")})),
            "weights of a layer that is not there",
        ),
        "group": (
            replaced(lambda file, place: file.create_group(place)),
            "a group in place of the kernel",
        ),
        "empty": (
            hdf5(
                without=list(
                    (
                        "layers/dense/vars/0",
                        "layers/dense/vars/1",
                        "layers/dense_1/vars/0",
                        "layers/dense_1/vars/1",
                    )
                )
            ),
            "no weights at all",
        ),
    }
    for name, (data, tries) in cases.items():
        expected = "refused: the layer, the weight, and the two shapes or numbers of weights"
        if name == "more_layers":
            expected = "either: refused, or opened with a warning that names it"
        yield Attack(f"weights_{name}.keras", tries, expected, keras_file(weights=data))
    yield Attack(
        "weights_nan.keras",
        "a kernel that is NaN",
        "either: opened with a warning, or refused; never a panic",
        keras_file(weights=dataset(data=nan)),
    )


def optimizer_slots():
    slots = [np.int64(7), np.float32(0.01)]
    for shape in ((4, 3), (3,), (3, 2), (2,)):
        slots += [np.zeros(shape, "float32"), np.zeros(shape, "float32")]
    adam = compiled(layer("Adam", "keras.optimizers", learning_rate=0.01))
    config = {**control_config(), "compile_config": adam}

    def stored(values):
        def change(file):
            for i, value in enumerate(values):
                file[f"optimizer/vars/{i}"] = value

        return hdf5(change)

    def instead(i, value):
        return [value if j == i else slot for j, slot in enumerate(slots)]

    fresh = "either: opened, and a warning says that the optimizer begins anew (so does Keras), or refused"
    wrong = (
        "either: refused with the slot and why, or a warning says that the optimizer begins anew"
    )
    cases = {
        "missing": ([], fresh),
        "fewer": (slots[:-1], fresh),
        "more": ([*slots, np.float32(0)], fresh),
        "shape": (instead(2, np.zeros((3, 4), "float32")), wrong),
        "iteration_negative": (instead(0, np.int64(-5)), wrong),
        "iteration_huge": (
            instead(0, np.int64(2**63 - 1)),
            "either: opened, and one more step does not overflow, or refused",
        ),
        "iteration_fraction": (instead(0, np.float32(1.5)), wrong),
        "learning_rate_nan": (
            instead(1, np.float32("nan")),
            "either: refused, or opened with a warning; never a panic",
        ),
    }
    for name, (values, expected) in cases.items():
        data = keras_file(config, stored(values))
        yield Attack(
            f"slots_{name}.keras", f"Adam's slots: {name.replace('_', ' ')}", expected, data
        )


def legacy():
    """Misleading names and numbers in a legacy file."""

    def file(change=None, names=("dense/kernel:0", "dense/bias:0")):
        layers = [
            {"class_name": "InputLayer", "config": {"batch_input_shape": [None, 4], "name": "x"}},
            {"class_name": "Dense", "config": {"name": "dense", "units": 3}},
        ]
        config = {"class_name": "Sequential", "config": {"name": "s", "layers": layers}}
        memory = io.BytesIO()
        with h5py.File(memory, "w") as out:
            out.attrs["model_config"] = json.dumps(config)
            out.attrs["keras_version"], out.attrs["backend"] = "2.15.0", "tensorflow"
            out.create_group("model_weights").attrs["layer_names"] = ["dense"]
            group = out["model_weights"].create_group("dense")
            group.attrs["weight_names"] = list(names)
            group["dense/kernel:0"] = np.zeros((4, 3), "float32")
            group["dense/bias:0"] = np.zeros(3, "float32")
            if change:
                change(out)
        return memory.getvalue()

    def external(out):
        del out["model_weights/dense/dense/kernel:0"]
        out["model_weights/dense/dense/kernel:0"] = h5py.ExternalLink("../outside.h5", "/secret")

    cases = {
        "parent": (
            file(names=("../../dense/kernel:0", "dense/bias:0")),
            "a weight named ../../dense/kernel:0",
        ),
        "absolute": (
            file(names=("/model_weights", "dense/bias:0")),
            "a weight that is the group of all weights",
        ),
        "order": (
            file(names=("dense/bias:0", "dense/kernel:0")),
            "the bias in the place of the kernel",
        ),
        "external": (file(external), "a kernel in another file (CVE-2026-1669)"),
        "no_names": (
            file(lambda f: f["model_weights"].attrs.__delitem__("layer_names")),
            "no layer_names",
        ),
        "number_names": (
            file(lambda f: f["model_weights"].attrs.__setitem__("layer_names", 3)),
            "layer_names that are a number",
        ),
        "no_config": (
            file(lambda f: f.attrs.__delitem__("model_config")),
            "no model_config: weights alone",
        ),
    }
    for name, (data, tries) in cases.items():
        cve = "CVE-2026-1669" if name == "external" else ""
        yield Attack(f"legacy_{name}.h5", tries, "refused: what is missing or wrong", data, cve)


def attacks():
    for part in (
        elsewhere,
        circles,
        sizes,
        structures,
        kinds,
        other_weights,
        optimizer_slots,
        legacy,
    ):
        yield from part()
