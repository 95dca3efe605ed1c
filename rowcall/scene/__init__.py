"""What does an action see when it is planned, and what does it hand back?"""

from rowcall.scene.fitting import NOW, Say, clock_word, fit, negative, shift, total
from rowcall.scene.recipients import responsible_addresses
from rowcall.scene.scene import Scene, UnknownValue
from rowcall.scene.surroundings import Added, Draft, Drafts, Surroundings
from rowcall.scene.turns import Turns

__all__ = [
    "NOW",
    "Added",
    "Draft",
    "Drafts",
    "Say",
    "Scene",
    "Surroundings",
    "Turns",
    "UnknownValue",
    "clock_word",
    "fit",
    "negative",
    "responsible_addresses",
    "shift",
    "total",
]
