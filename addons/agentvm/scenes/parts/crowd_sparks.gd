@tool
extends Node
## The particles of a crowd: a few, which go from one working figure to the next. What differs between 2D and 3D is in
## crowd_sparks_2d.gd and crowd_sparks_3d.gd.

const Figure = preload("npc_figure.gd")

const AMOUNT: int = 10
const LIFE_SECONDS: float = 1.1
## Degrees to each side of straight up.
const SPREAD: float = 28.0

## Figures that may give off particles at the same time.
var maximum: int = 10

var _made: int = 0
var _free: Array[Node] = []


## Lets a figure give off particles, from where it is now; when there are none left, it goes without.
func give(figure: Figure) -> void:
	if figure.sparks == null:
		if _free.is_empty() and _made < maximum:
			_made += 1
			_free.append(_make())
			add_child(_free[0])
		if _free.is_empty():
			return
		figure.sparks = _free.pop_back()
		figure.sparks.set(&"color", figure.model.color.lightened(0.35))
		figure.sparks.set(&"emitting", true)
	_place(figure)


## Lets a figure give off particles no more.
func take(figure: Figure) -> void:
	if figure.sparks == null:
		return
	figure.sparks.set(&"emitting", false)
	_free.append(figure.sparks)
	figure.sparks = null


## Makes particles that are not given off yet.
func _make() -> Node:
	return null


## Puts a figure's particles to where it is.
func _place(_figure: Figure) -> void:
	pass
