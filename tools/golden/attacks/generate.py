"""Writes tests/golden/attacks/: files that attack the reader, none of which does any harm.

Run it as ../README.md says; it needs NumPy and h5py, but not Keras.
"""

import json

import archives
import code_in_configs
import configs
import weights
from common import MARKER, OUT, Attack, hdf5, keras_file

CONTROLS = [
    Attack(
        "control.keras",
        "nothing: the model that the others start from",
        "opened: as it is",
        keras_file(),
    ),
    Attack(
        "control_stored.keras",
        "nothing: the same, not compressed",
        "opened: as it is",
        keras_file(deflated=False),
    ),
    Attack("control.weights.h5", "nothing: its weights", "opened: as it is", hdf5()),
]


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    for old in OUT.iterdir():
        old.unlink()
    attacks = list(CONTROLS)
    for part in (code_in_configs, configs, archives, weights):
        attacks += part.attacks()
    names = [attack.file for attack in attacks]
    assert len(set(names)) == len(names), [name for name in names if names.count(name) > 1]
    lines = []
    for attack in attacks:
        (OUT / attack.file).write_bytes(attack.data)
        outcome, words = attack.expected.split(": ", 1)
        assert outcome in ("refused", "opened", "either"), attack.expected
        row = {
            "file": attack.file,
            "tries": attack.tries,
            "cve": attack.cve,
            "outcome": outcome,
            "expected": words,
        }
        lines.append(json.dumps({k: v for k, v in row.items() if v}, ensure_ascii=False))
    text = f'{{\n"marker": "{MARKER}",\n"attacks": [\n' + ",\n".join(lines) + "\n]\n}\n"
    (OUT / "attacks.json").write_text(text, encoding="utf-8")
    print(len(attacks), "files,", sum(len(attack.data) for attack in attacks), "bytes")


if __name__ == "__main__":
    main()
