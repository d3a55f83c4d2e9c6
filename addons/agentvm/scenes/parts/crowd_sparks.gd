@tool
extends Node
## The particles of a crowd: a few, which go from one working figure to the next. What differs between 2D and 3D is in
## sparks_2d.gd and sparks_3d.gd.

const Figure = preload("npc_figure.gd")

## What is the same in 2D and 3D: some at a time, which live about a second, rise within so many degrees, and stay where
## they are when their figure moves on.
const COMMON: Dictionary[StringName, Variant] = {
	&"emitting": false,
	&"amount": 10,
	&"lifetime": 1.1,
	&"spread": 28.0,
	&"local_coords": false,
}

## Figures that may give off particles at the same time.
var maximum: int = 10

var _make: Callable = Callable()
var _place: Callable = Callable()
var _made: int = 0
var _free: Array[Node] = []


## Takes how particles are made, [code]func() -> Node[/code], and how a figure's are put to where it is,
## [code]func(figure: Figure) -> void[/code].
func _init(make: Callable, place: Callable) -> void:
	_make = make
	_place = place


## Lets a figure give off particles, from where it is now; when there are none left, it goes without.
func give(figure: Figure) -> void:
	if figure.sparks == null:
		if _free.is_empty() and _made < maximum:
			var made: Node = _make.call()
			for property: StringName in COMMON:
				made.set(property, COMMON[property])
			_made += 1
			_free.append(made)
			add_child(made)
		if _free.is_empty():
			return
		figure.sparks = _free.pop_back()
		figure.sparks.set(&"color", figure.model.color.lightened(0.35))
		figure.sparks.set(&"emitting", true)
	_place.call(figure)


## Lets a figure give off particles no more.
func take(figure: Figure) -> void:
	if figure.sparks == null:
		return
	figure.sparks.set(&"emitting", false)
	_free.append(figure.sparks)
	figure.sparks = null
