"""Schedulers by the names that recipes use, and what A1111 calls them."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class SchedulerChoice:
    class_name: str
    a1111_name: str
    """What A1111 writes as `Sampler`."""
    options: dict[str, Any] = field(default_factory=dict)
    schedule_type: str | None = None


SCHEDULERS = {
    "ddim": SchedulerChoice("DDIMScheduler", "DDIM"),
    "euler": SchedulerChoice("EulerDiscreteScheduler", "Euler"),
    "euler-a": SchedulerChoice("EulerAncestralDiscreteScheduler", "Euler a"),
    "dpmpp-2m": SchedulerChoice("DPMSolverMultistepScheduler", "DPM++ 2M"),
    "dpmpp-2m-karras": SchedulerChoice(
        "DPMSolverMultistepScheduler", "DPM++ 2M", {"use_karras_sigmas": True}, "Karras"
    ),
    # Without the Runge-Kutta steps, as Stable Diffusion was released; from_config would take
    # the class's default where the model's own scheduler is of another class.
    "pndm": SchedulerChoice("PNDMScheduler", "PLMS", {"skip_prk_steps": True}),
}

# SD 3.5 and FLUX were trained to flow from noise to picture in straight lines: other mathematics
# under the same names. The shift of the times is the model's own, in its scheduler's configuration.
FLOW_SCHEDULERS = {"euler": SchedulerChoice("FlowMatchEulerDiscreteScheduler", "Euler")}

SCHEDULER_CLASSES = frozenset(
    choice.class_name for choice in (*SCHEDULERS.values(), *FLOW_SCHEDULERS.values())
)
