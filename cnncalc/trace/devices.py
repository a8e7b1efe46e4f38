"""The one table of devices: what each multiplies and moves at most in a second, and who says so.

Peaks are those of dense matrices, two operations for each multiply and add; where a datasheet has
them for sparse ones alone, they are half of that. What nobody prints is worked out from clocks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.speech.language import _
from cnncalc.speech.names import no_such
from cnncalc.speech.problem import Problem, Source, Span, quoted
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cnncalc.trace.dtypes import Types


class Device(NamedTuple):
    """A device: operations a second by the type that they are in, bytes a second, its source."""

    name: str
    title: str
    peaks: Mapping[str, int]
    bandwidth: int
    source: str
    aliases: tuple[str, ...] = ()

    def peak(self, types: Types) -> int:
        """Return the operations a second in the wider of two types; a `Problem` for none."""
        name = types.compute
        if name not in self.peaks:
            raise Problem(
                "device-lacks-type",
                _("{device} has no peak in {dtype}", device=self.title, dtype=name),
                helps=[_("it has one in {names}", names=", ".join(self.peaks))],
                status=2,
            )
        return self.peaks[name]


def _tera(**peaks: float) -> Mapping[str, int]:
    """Return peaks that are given in 10^12 operations a second."""
    return {name: round(peak * 10**12) for name, peak in peaks.items()}


_GB = 10**9

DEVICES = {
    each.name: each
    for each in (
        Device(
            "t4",
            "NVIDIA T4",
            _tera(float32=8.1, float16=65, int8=130, int4=260),
            320 * _GB,
            "NVIDIA T4 datasheet and product brief PB-09256",
        ),
        Device(
            "a100",
            "NVIDIA A100 80GB SXM",
            _tera(float32=19.5, float16=312, bfloat16=312, int8=624, int4=1248),
            2039 * _GB,
            "NVIDIA A100 datasheet and Ampere whitepaper; float32 without TF32",
        ),
        Device(
            "h100",
            "NVIDIA H100 SXM",
            _tera(float32=67, float16=989.5, bfloat16=989.5, int8=1979),
            3350 * _GB,
            "NVIDIA H100 datasheet, halves of its sparse peaks; float32 without TF32",
        ),
        Device(
            "rtx4090",
            "NVIDIA GeForce RTX 4090",
            _tera(float32=82.6, float16=165.2, bfloat16=165.2, int8=660.6, int4=1321.2),
            1008 * _GB,
            "NVIDIA Ada whitepaper; float16 added up in float32",
            ("4090",),
        ),
        Device(
            "orin-nano",
            "NVIDIA Jetson Orin Nano 8GB",
            _tera(float32=1.28, float16=10, bfloat16=10, int8=20),
            68 * _GB,
            "Jetson Orin Nano datasheet DS-11105, 20 dense TOPS of int8; 1024 cores at 625 MHz, "
            "tensor cores in float16 half of int8",
        ),
        Device(
            "pi5",
            "Raspberry Pi 5",
            _tera(float32=0.1536, float16=0.3072, int8=0.6144),
            17068 * 10**6,
            "Raspberry Pi 5 product brief, 4 cores at 2.4 GHz, 32 bits of LPDDR4X-4267; Arm's "
            "Cortex-A76 optimization guide, 2 multiply-adds of 128 bits a cycle",
            ("raspberry-pi-5", "rpi5"),
        ),
        Device(
            "stm32h7",
            "STM32H743 (NUCLEO-H743ZI)",
            _tera(float32=0.00096, int16=0.00192, int8=0.00192),
            1920 * 10**6,
            "STM32H743 datasheet DS12110, 480 MHz, AXI SRAM of 64 bits at 240 MHz; Cortex-M7, "
            "1 multiply-add of float32 or 2 of 16 bits a cycle",
            ("stm32h743",),
        ),
    )
}
"""Devices by their names."""


def find_device(name: str, place: str = "--device") -> Device:
    """Return the device of a name; a `Problem` where there is none."""
    word = name.strip().lower().replace("_", "-").replace(" ", "-")
    for each in DEVICES.values():
        if word in (each.name, *each.aliases):
            return each
    fact = _("no device is called {name}", name=quoted(name))
    span = Span(Source(place, name), 0, len(name))
    raise no_such("unknown-device", fact, word, span, DEVICES)
