#!/usr/bin/env python3
"""Writes tests/golden/pickle: small files of torch.save, and what is in them. Run in .oracle (`make goldens`).

golden.json: file -> tensor -> dtype, shape and the bytes of its elements in row-major order. tiny-*.bin are the weights of the
tiny checkpoint gelu-f32, whose answers are those of tests/golden/tiny/gelu-f32/golden.json. hostile-*.bin must be refused.
"""
import io
import json
import os
import pathlib
import zipfile

import torch
from safetensors.torch import load_file

root = pathlib.Path(__file__).resolve().parent.parent
out = root / "tests/golden/pickle"

DTYPES = {
    torch.float64: "f64",
    torch.float32: "f32",
    torch.float16: "f16",
    torch.bfloat16: "bf16",
    torch.int64: "i64",
    torch.int32: "i32",
    torch.int16: "i16",
    torch.int8: "i8",
    torch.uint8: "u8",
    torch.bool: "boolean",
}


class Command:
    """Unpickling it with Python would run a command."""

    def __reduce__(self):
        return os.system, ("touch hostile",)


def saved(state, **options):
    file = io.BytesIO()
    torch.save(state, file, **options)
    return file.getvalue()


def saved_before_1_6(state):
    """The older form. Its storages stand in the order of their places in memory, so it differs from run to run."""
    return saved(state, _use_new_zipfile_serialization=False)


def rewritten(archive, replaced, compression=zipfile.ZIP_STORED):
    """The archive with some of its entries replaced."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(file, "w", compression) as new:
        for entry in old.infolist():
            content = replaced.get(entry.filename.split("/", 1)[1], old.read(entry))
            new.writestr(zipfile.ZipInfo(entry.filename), content, compression)
    return file.getvalue()


def state_dict():
    """As a module gives it: an OrderedDict with `_metadata`, and a buffer."""
    module = torch.nn.Linear(3, 2)
    module.register_buffer("position_ids", torch.arange(4).unsqueeze(0))
    with torch.no_grad():
        module.weight.copy_(torch.arange(6.0).reshape(2, 3) / 4)
        module.bias.copy_(torch.tensor([-1.0, 0.5]))
    return module.state_dict()


def shared_storage():
    whole = torch.arange(12.0)
    return {"whole": whole, "head": whole[:4], "tail": whole[6:].reshape(2, 3), "tied": whole}


def strided():
    matrix = torch.arange(6, dtype=torch.float32).reshape(2, 3)
    cube = torch.arange(24, dtype=torch.int16).reshape(2, 3, 4)
    return {"transposed": matrix.T, "permuted": cube.permute(2, 0, 1), "every_second": torch.arange(9.0)[1::2]}


def types():
    values = torch.tensor([0.0, 1.0, 2.0])
    one_of_each = {name: values.to(dtype) for dtype, name in DTYPES.items()}
    return one_of_each | {"scalar": torch.tensor(7.0), "empty": torch.empty(0, 9)}


def described(state):
    return {
        name: {
            "dtype": DTYPES[tensor.dtype],
            "shape": list(tensor.shape),
            "bytes": bytes(tensor.detach().contiguous().reshape(-1).view(torch.uint8).tolist()).hex(),
        }
        for name, tensor in state.items()
    }


def main():
    out.mkdir(exist_ok=True)
    states = {
        "zip": (state_dict(), saved),
        "legacy": ({f"legacy.{name}": tensor for name, tensor in state_dict().items()}, saved_before_1_6),
        "types": (types(), saved),
        "strided": (strided(), saved),
        "shared": (shared_storage(), saved),
        "legacy-strided": (strided() | shared_storage(), saved_before_1_6),
        "parameter": ({"weight": torch.nn.Parameter(torch.tensor([1.5, -2.0]))}, saved),
        "protocol-4": (state_dict(), lambda state: saved(state, pickle_protocol=4)),
    }
    golden = {}
    for name, (state, save) in states.items():
        (out / f"{name}.bin").write_bytes(save(state))
        golden[f"{name}.bin"] = described(state)
    (out / "golden.json").write_text(json.dumps(golden) + "\n")

    archive = saved(state_dict())
    hostile = {
        "command": saved({"weight": Command()}),
        "compressed": rewritten(archive, {}, zipfile.ZIP_DEFLATED),
        "big-endian": rewritten(archive, {"byteorder": b"big"}),
        "complex": saved({"weight": torch.zeros(2, dtype=torch.complex64)}),
        "nested": saved({"state_dict": state_dict()}),
        "expanded": saved({"weight": torch.zeros(1).expand(1 << 40)}),
    }
    for name, data in hostile.items():
        (out / f"hostile-{name}.bin").write_bytes(data)

    weights = load_file(root / "tests/golden/tiny/gelu-f32/model.safetensors")
    (out / "tiny-zip.bin").write_bytes(saved(weights))
    (out / "tiny-legacy.bin").write_bytes(saved_before_1_6(weights))


if __name__ == "__main__":
    main()
