"""An older processor is refused in words, not by a crash."""

from __future__ import annotations

import pytest

from skillmix import processor


def test_a_processor_without_avx2_is_told_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(processor.ANY, raising=False)
    monkeypatch.setattr(processor, "lacks_avx2", lambda: True)
    with pytest.raises(ImportError, match=r"target-cpu=x86-64.*SKILLMIX_ANY_PROCESSOR=1"):
        processor.refuse_older()
    monkeypatch.setenv(processor.ANY, "1")
    processor.refuse_older()


def test_this_processor_runs_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(processor.ANY, raising=False)
    processor.refuse_older()
