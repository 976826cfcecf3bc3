"""Uses TensorBoard itself to read what our callback TensorBoard wrote, and prints it.

`python event_files.py logs`, with the package `tensorboard` installed. It reads again with
the checksums verified: a record that is damaged ends the file.
"""

import sys
from pathlib import Path

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.compat.tensorflow_stub.pywrap_tensorflow import masked_crc32c


def records(data):
    while data:
        length = int.from_bytes(data[:8], "little")
        content = data[12 : 12 + length]
        for part, crc in (data[:8], data[8:12]), (content, data[12 + length : 16 + length]):
            assert int.from_bytes(crc, "little") == masked_crc32c(part), "checksum"
        yield content
        data = data[16 + length :]


def main(folder):
    for name in "train", "validation":
        for path in sorted((Path(folder) / name).glob("*tfevents*")):
            print(name, path.name, len(list(records(path.read_bytes()))), "records")
        events = EventAccumulator(str(Path(folder) / name)).Reload()
        for tag in events.Tags()["scalars"]:
            print(" ", tag, [(event.step, event.value) for event in events.Scalars(tag)])


if __name__ == "__main__":
    main(*sys.argv[1:])
