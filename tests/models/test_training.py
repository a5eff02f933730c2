import struct

import numpy as np
import onnxruntime
import pytest
import torch
from transformers import BertConfig

from models import base
from models.batches import Example, batches, collate
from models.export import export
from models.fit import Plan, fit, supervised
from models.network import Classifier, shallow
from screener.detect.acts.encoding import PAD, ROLES

SMALL = BertConfig(
    vocab_size=60, hidden_size=48, num_hidden_layers=3, num_attention_heads=4, intermediate_size=64,
    type_vocab_size=ROLES, pad_token_id=PAD, max_position_embeddings=64,
)  # fmt: skip


def examples() -> list[Example]:
    """Label 0 is said by piece 10, label 1 by piece 11; everything else is silent."""
    rng = np.random.default_rng(1)
    made = []
    for number in range(64):
        ids = rng.integers(20, 60, size=int(rng.integers(4, 9))).tolist()
        label = number % 4
        spans: tuple[tuple[int, int, int], ...] = ()
        if label < 2:
            ids[2] = 10 + label
            spans = ((label, 2, 3),)
        labels = frozenset(one for one, _, _ in spans)
        made.append(Example((0, *ids, 2), (0,) * (len(ids) + 2), len(ids), labels, spans))
    return made


def test_it_learns_labels_and_their_places():
    torch.manual_seed(0)
    model = Classifier(SMALL)
    fit(model, lambda _: examples(), supervised, Plan(epochs=30, rate=2e-3, batch=8), say=lambda _: None)
    batch = collate(examples())
    with torch.no_grad():
        out = model.eval()(batch.ids, batch.roles, batch.attend, batch.text)
    assert ((out.message > 0) == (batch.message > 0)).float().mean() > 0.99
    for row, e in enumerate(examples()):
        for label, start, _ in e.spans:
            assert int(out.pieces[row, 1 : 1 + e.pieces, label].argmax()) == start


def test_training_goes_on_after_the_last_finished_epoch(tmp_path):
    said: list[str] = []
    torch.manual_seed(0)
    whole = Classifier(SMALL)
    torch.manual_seed(0)
    parts = Classifier(SMALL)
    plan = Plan(epochs=2, rate=1e-3, batch=8)

    class Stop(Exception):  # noqa: N818
        pass

    def stop(epoch: int, _: Classifier) -> None:
        if epoch == 0:
            raise Stop

    def of_epoch(_: int) -> list[Example]:
        return examples()

    checkpoint = tmp_path / "c.pt"
    with pytest.raises(Stop):
        fit(parts, of_epoch, supervised, plan, after=stop, checkpoint=checkpoint, say=said.append)
    fit(parts, of_epoch, supervised, plan, checkpoint=checkpoint, say=said.append)
    assert [line.split(":")[0] for line in said] == ["epoch 1/2", "epoch 2/2"]
    fit(whole, of_epoch, supervised, plan, say=lambda _: None)
    assert parts.state_dict().keys() == whole.state_dict().keys()


def test_the_served_model_says_what_the_trained_one_says(tmp_path):
    torch.manual_seed(3)
    model = Classifier(SMALL).eval()
    target = tmp_path / "plain.onnx"
    export(model, target, quantise=False)
    session = onnxruntime.InferenceSession(str(target), providers=["CPUExecutionProvider"])
    batch = next(batches(examples(), 5))
    names = ("ids", "roles", "attend", "text")
    message, pieces = session.run(None, {name: getattr(batch, name).numpy() for name in names})
    with torch.no_grad():
        out = model(batch.ids, batch.roles, batch.attend, batch.text)
    inside = batch.attend.bool()
    # Embeddings are kept as int8 with a scale per row.
    assert np.abs(message - out.message.numpy()).max() < 0.02
    assert (torch.from_numpy(pieces)[inside] - out.pieces[inside]).abs().max() < 0.1


def test_a_student_takes_the_chosen_layers():
    teacher = Classifier(SMALL)
    student = shallow(teacher, (0, 2))
    ours = student.encoder.encoder.layer[1].output.dense.weight
    assert torch.equal(ours, teacher.encoder.encoder.layer[2].output.dense.weight)
    assert len(student.encoder.encoder.layer) == 2


def test_four_bit_blocks_are_read_as_written():
    scale, nibbles = 0.5, list(range(16))
    packed = bytes(low | (15 - low) << 4 for low in nibbles)
    blob = b"??" + struct.pack("<e", scale) + packed
    (row,) = base._dequantise(blob, 2, 1, 32)
    assert row.tolist() == [(n - 8) * scale for n in nibbles] + [(15 - n - 8) * scale for n in nibbles]


def test_a_wrong_base_file_is_refused(tmp_path):
    (tmp_path / "e5-small-q4.bin").write_bytes(b"something else")
    with pytest.raises(ValueError, match="sha256"):
        base.fetch(tmp_path)
