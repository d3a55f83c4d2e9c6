@tool
extends RefCounted
## How much of an NPC is drawn at which distance, with a band between two levels in which nothing changes.

## Body, label, speech and particles.
const FULL: int = 0
## Body and label.
const NO_PARTICLES: int = 1
## Label alone.
const LABEL_ONLY: int = 2
## Nothing.
const HIDDEN: int = 3

## Metres in 3D to which a level goes, from the full one on; 2D has its own unit.
const REACH: Array[float] = [30.0, 55.0, 90.0]
## How much farther an NPC must be to lose a level than to gain it.
const BAND: float = 0.12

const QUALITY: Dictionary[String, float] = {"low": 0.6, "medium": 1.0, "high": 1.7}
## NPCs that may give off particles at the same time.
const PARTICLES_MAX: Dictionary[String, int] = {"low": 4, "medium": 10, "high": 24}
## NPCs that may be at the full level at the same time; the nearest ones are.
const FULL_MAX: Dictionary[String, int] = {"low": 6, "medium": 8, "high": 40}
## Names that may be shown at the same time, of the nearest ones; others show the shape of their state.
const NAMES_MAX: Dictionary[String, int] = {"low": 8, "medium": 16, "high": 60}


## The level at a distance, for an NPC whose level was [param before]. [param reach] stretches all levels.
static func level_at(distance: float, before: int, reach: float) -> int:
	var level: int = 0
	while level < HIDDEN:
		var end: float = REACH[level] * reach
		# Who is at a level already keeps it a little beyond its end.
		if before <= level:
			end *= 1.0 + BAND
		if distance <= end:
			break
		level += 1
	return level
